import { mkdirSync } from "node:fs";
import type { ExecSessionInput, ExecStartInput } from "../../engine/containers.ts";
import type { Duplex, Frame } from "../../engine/stream.ts";
import type { ExecCreateConfig } from "../../engine/types/exec.ts";
import { EngineError } from "../../errors.ts";
import type { RuntimeProcess } from "../../oci/runtime_spec.ts";
import { execProcess } from "../../spec/exec_process.ts";
import { lookUpUser, maximumUserFile } from "../../spec/user_lookup.ts";
import type { ContainerRecord, ExecRecord } from "../../state/mod.ts";
import type { Local } from "../context.ts";
import { boundingCapabilities } from "../host_view.ts";
import { readInRoot } from "../in_root.ts";
import { sessionDirectory } from "../paths.ts";
import { detachScanner } from "./attach.ts";
import { isLive, observe } from "./observe.ts";
import { conmonPath, runtimeHandle } from "./runtime.ts";
import { ownLimits } from "./runtime_facts.ts";

/** Runs a session attached. Its output ends when its exit code is known and written down. */
export async function startExec(local: Local, { id, size }: ExecStartInput, signal?: AbortSignal): Promise<Duplex> {
  const session = startable(local, id);
  const { attachSocket, resizeTerminal } = await import("../../runtime/attach.ts");
  const scanner = await detachScanner(local, session.config.DetachKeys || undefined);
  let duplex: Duplex | undefined;
  const onAttachable = async (socket: string) => {
    duplex = await attachSocket(socket, { scanner, signal });
    if (size && session.config.Tty) await resizeTerminal(sessionDirectory(local.config.paths, session), size);
  };
  const running = await start(local, { session, onAttachable });
  if (!duplex) throw new EngineError("internal", `exec session ${session.id}: there is no line to it`);
  return withEnd(local, running, duplex);
}

export async function startExecDetached(local: Local, { id }: ExecSessionInput): Promise<void> {
  await start(local, { session: startable(local, id) });
}

function startable(local: Local, id: string): ExecRecord {
  const session = local.state.execSessions.get(id);
  if (session.state.tag === "created") return session;
  throw new EngineError(
    "containerState",
    `can only start created exec sessions, session ${session.id} state is ${session.state.tag}: container state improper`,
  );
}

type Starting = { readonly session: ExecRecord; readonly onAttachable?: (socket: string) => Promise<void> };

async function start(local: Local, { session, onAttachable }: Starting): Promise<ExecRecord> {
  const record = await observe(local, local.state.containers.get(session.containerId));
  if (!isLive(record.state) || record.state.tag === "initialized") {
    throw new EngineError(
      "containerState",
      "can only create exec sessions on running containers: container state improper",
    );
  }
  const { execContainer } = await import("../../runtime/create.ts");
  const { paths } = local.config;
  const bundle = sessionDirectory(paths, session);
  mkdirSync(bundle, { recursive: true, mode: 0o700 });
  const created = await execContainer({
    conmon: await conmonPath(local),
    handle: await runtimeHandle(local, record.container, record.run.runtime),
    id: record.container.id,
    name: record.container.name,
    session: session.id,
    process: processOf(record, session.config),
    bundle,
    log: { driver: "none" },
    terminal: session.config.Tty ?? false,
    stdin: session.config.AttachStdin ?? false,
    exitCommand: [],
    conmonPidFile: `${bundle}/conmon.pid`,
    pidFile: `${bundle}/pidfile`,
    env: local.env,
    onAttachable,
  });
  const running: ExecRecord = { ...session, state: { tag: "running", ...created } };
  local.state.transaction(() => local.state.execSessions.update(running));
  return running;
}

/** The container's own process with what the session wants otherwise. */
function processOf({ container, state }: ContainerRecord, config: ExecCreateConfig): RuntimeProcess {
  const { process } = container;
  const root = `/proc/${isLive(state) ? state.process.pid : 0}/root`;
  const user = lookUpUser({
    user: config.User || process.user,
    groups: config.User ? [] : process.groups,
    passwd: readInRoot(root, "/etc/passwd", { limit: maximumUserFile }),
    group: readInRoot(root, "/etc/group", { limit: maximumUserFile }),
  });
  return execProcess(container, config, {
    user,
    limits: ownLimits(container),
    boundingCapabilities: config.Privileged ? boundingCapabilities() : [],
  });
}

/** The same line, whose output goes on until the session's end is known. */
function withEnd(local: Local, session: ExecRecord, duplex: Duplex): Duplex {
  const over = Promise.withResolvers<"finished" | "detached">();
  async function* output(): AsyncGenerator<Frame> {
    try {
      yield* duplex.output;
      const ended = await duplex.ended;
      if (ended === "finished") await writeEnd(local, session);
      over.resolve(ended);
    } catch (error) {
      over.reject(error);
      throw error;
    }
  }
  return {
    output: output(),
    ended: over.promise,
    write: (data) => duplex.write(data),
    closeInput: () => duplex.closeInput(),
    close: () => duplex.close(),
  };
}

async function writeEnd(local: Local, session: ExecRecord): Promise<void> {
  if (session.state.tag !== "running") return;
  const { waitForExit } = await import("../../runtime/exit.ts");
  const { paths } = local.config;
  const { process, conmon } = session.state;
  const directory = sessionDirectory(paths, session);
  const place = { id: session.containerId, exitDir: directory, bundle: directory };
  const { exitCode } = await waitForExit({ ...place, process, conmon });
  local.state.transaction(() => local.state.execSessions.update({ ...session, state: { tag: "exited", exitCode } }));
}
