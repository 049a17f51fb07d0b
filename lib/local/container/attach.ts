import { EngineError } from "../../errors.ts";
import type { AttachContainerInput } from "../../engine/containers.ts";
import type { Duplex, Frame } from "../../engine/stream.ts";
import { type ContainerRecord } from "../../state/mod.ts";
import type { Local } from "../context.ts";
import { runDirectory } from "../paths.ts";
import { initialize } from "./initialize.ts";
import { settled, startNeeded } from "./start.ts";

/**
 * Joins the container's terminal or pipes. A created or ended one is made ready first, so that nothing it says between now
 * and its start is lost.
 */
export async function attachContainer(
  local: Local,
  input: AttachContainerInput,
  signal?: AbortSignal,
): Promise<Duplex> {
  const record = await ready(local, input, signal);
  const { attachSocket } = await import("../../runtime/attach.ts");
  const scanner = await detachScanner(local, input.detachKeys);
  const socket = `${runDirectory(local.config.paths, record.container.id)}/attach`;
  const duplex = await attachSocket(socket, { scanner, signal });
  const past = input.logs ? await pastOutput(local, record) : [];
  return selectStreams(duplex, { input, past });
}

async function ready(
  local: Local,
  { name, preserveFds }: AttachContainerInput,
  signal?: AbortSignal,
): Promise<ContainerRecord> {
  const { container } = local.state.containers.get(name);
  const { id } = container;
  await startNeeded(local, container, signal);
  using _lock = await local.lock(id, signal);
  const record = await settled(local, local.state.containers.get(id));
  switch (record.state.tag) {
    case "created":
    case "exited":
      return await initialize(local, { ...record, run: { ...record.run, stoppedByUser: false, restarts: 0 } }, {
        preserveFds,
        signal,
      });
    case "initialized":
    case "running":
    case "paused":
      return record;
    case "stopping":
      throw new EngineError("containerState", "you can only attach to running containers: container state improper");
  }
}

export async function detachScanner(local: Local, keys: string | undefined) {
  const { DetachScanner, parseDetachKeys } = await import("../../spec/detach_keys.ts");
  return new DetachScanner(parseDetachKeys(keys ?? local.config.engine.detach_keys));
}

async function pastOutput(local: Local, { container: { id } }: ContainerRecord): Promise<readonly Frame[]> {
  const { containerLogs } = await import("./logs.ts");
  return await Array.fromAsync(containerLogs(local, { name: id, stdout: true, stderr: true }));
}

/** Leaves out the streams that were not asked for; output nobody wants is read all the same, so that nothing blocks. */
type Selection = { readonly input: AttachContainerInput; readonly past: readonly Frame[] };

function selectStreams(duplex: Duplex, { input, past }: Selection): Duplex {
  const wanted = { stdout: input.stdout ?? true, stderr: input.stderr ?? true };
  async function* output(): AsyncGenerator<Frame> {
    yield* past;
    if (input.stream === false) return;
    for await (const frame of duplex.output) if (wanted[frame.stream]) yield frame;
  }
  if (wanted.stdout && wanted.stderr && past.length === 0 && input.stream !== false) return duplex;
  return {
    output: output(),
    ended: duplex.ended,
    write: (data) => duplex.write(data),
    closeInput: () => duplex.closeInput(),
    close: () => duplex.close(),
  };
}
