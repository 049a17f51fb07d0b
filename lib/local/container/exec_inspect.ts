import { rmSync } from "node:fs";
import { EngineError } from "../../errors.ts";
import type { ExecRemoveInput, ExecSessionInput } from "../../engine/containers.ts";
import type { InspectExecSession } from "../../engine/types/exec.ts";
import type { ExecRecord } from "../../state/mod.ts";
import { isAlive } from "../../sys/proc.ts";
import type { Local } from "../context.ts";
import { sessionDirectory } from "../paths.ts";

const SIGKILL = 9;

/** A session as the kernel and conmon's exit file tell it. */
export async function observeExec(local: Local, session: ExecRecord): Promise<ExecRecord> {
  if (session.state.tag !== "running" || isAlive(session.state.process)) return session;
  const { readExitFile } = await import("../../runtime/exit.ts");
  const { paths } = local.config;
  const directory = sessionDirectory(paths, session);
  const exit = readExitFile({ id: session.containerId, exitDir: directory, bundle: directory });
  if (!exit && isAlive(session.state.conmon)) return session;
  return { ...session, state: { tag: "exited", exitCode: exit?.exitCode ?? -1 } };
}

export async function inspectExec(local: Local, { id }: ExecSessionInput): Promise<InspectExecSession> {
  const { containerId, config, state, id: fullId } = await observeExec(local, local.state.execSessions.get(id));
  const [entrypoint = "", ...args] = config.Cmd ?? [];
  return {
    CanRemove: state.tag !== "running",
    ContainerID: containerId,
    DetachKeys: config.DetachKeys ?? "",
    ExitCode: state.tag === "exited" ? state.exitCode : 0,
    ID: fullId,
    OpenStderr: config.AttachStderr ?? false,
    OpenStdin: config.AttachStdin ?? false,
    OpenStdout: config.AttachStdout ?? false,
    Running: state.tag === "running",
    Pid: state.tag === "running" ? state.process.pid : 0,
    ProcessConfig: {
      arguments: args,
      entrypoint,
      privileged: config.Privileged ?? false,
      tty: config.Tty ?? false,
      user: config.User ?? "",
    },
  };
}

/** Forgets a session; a running one only with `force`, which kills it. */
export async function removeExec(local: Local, { id, force }: ExecRemoveInput): Promise<void> {
  const session = await observeExec(local, local.state.execSessions.get(id));
  if (session.state.tag === "running") {
    if (!force) {
      throw new EngineError("containerState", `exec session ${session.id} is running: container state improper`);
    }
    const { tryKill } = await import("../../sys/signal.ts");
    tryKill(session.state.process.pid, SIGKILL);
  }
  forgetExec(local, session);
}

export function forgetExec(local: Local, session: ExecRecord): void {
  const { paths } = local.config;
  local.state.transaction(() => local.state.execSessions.remove(session.id));
  rmSync(sessionDirectory(paths, session), { recursive: true, force: true });
}
