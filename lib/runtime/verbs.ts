import { rmSync } from "node:fs";
import { EngineError } from "../errors.ts";
import { isSysError } from "../sys/errno.ts";
import { ProcessError, run } from "../sys/run.ts";
import { runtimeFlags } from "./conmon_argv.ts";
import { runtimeError, runtimeMessage } from "./runtime_error.ts";
import type { RuntimeHandle, RuntimeStatus } from "./types.ts";

type Call = { readonly handle: RuntimeHandle; readonly words: readonly string[]; readonly input?: string };

/** argv of a direct call, without conmon. */
export function verbArgv(call: Call): readonly string[] {
  return [call.handle.runtime.path, ...runtimeFlags(call.handle), ...call.words];
}

async function call(request: Call): Promise<string> {
  try {
    const { stdout } = await run(verbArgv(request), request.input === undefined ? {} : { input: request.input });
    return stdout;
  } catch (error) {
    if (error instanceof ProcessError) throw failed(request, error);
    if (isSysError(error)) {
      const { path } = request.handle.runtime;
      throw new EngineError("helperMissing", `start OCI runtime "${path}": ${error.message}`, { cause: error });
    }
    throw error;
  }
}

/** Only `start` runs a command of the container's, so only there "not found" speaks of it. */
function failed({ handle: { runtime }, words: [verb] }: Call, error: ProcessError): EngineError {
  if (verb === "start") return runtimeError(runtime, error.stderr, error);
  return new EngineError("runtime", `OCI runtime error: ${runtime.name}: ${runtimeMessage(error.stderr)}`, {
    cause: error,
  });
}

/** Runs the command of a created container. */
export async function startContainer(handle: RuntimeHandle, id: string): Promise<void> {
  await call({ handle, words: ["start", id] });
}

/** Signals its first process, or all of them. One that has ended already is no error. */
export async function killContainer(
  handle: RuntimeHandle,
  input: { readonly id: string; readonly signal: number; readonly all?: boolean },
): Promise<void> {
  const words = ["kill", ...(input.all ? ["--all"] : []), input.id, String(input.signal)];
  try {
    await call({ handle, words });
  } catch (error) {
    const state = await runtimeState(handle, input.id);
    if (state !== undefined && state.status !== "stopped") throw error;
  }
}

/** Removes the runtime's record of a container, with `force` killing it first. One it does not know is no error. */
export async function deleteContainer(
  handle: RuntimeHandle,
  input: { readonly id: string; readonly force?: boolean },
): Promise<void> {
  try {
    await call({ handle, words: ["delete", ...(input.force ? ["--force"] : []), input.id] });
  } catch (error) {
    if (hasState(handle, input.id)) throw error;
  }
}

/**
 * Removes the runtime's record of a container whose process has ended. The record is a directory, and with no hooks of ours
 * the runtime's own `delete` would do no more but take a process start (7 ms with crun, 30 with runc); cgroups are the
 * caller's. A runtime that we do not know is asked to do it itself.
 */
export async function forgetContainer(handle: RuntimeHandle, id: string): Promise<void> {
  if (handle.runtime.family === "other") return await deleteContainer(handle, { id });
  rmSync(`${handle.stateDir}/${id}`, { recursive: true, force: true });
}

/** Freezes all its processes. */
export async function pauseContainer(handle: RuntimeHandle, id: string): Promise<void> {
  await call({ handle, words: ["pause", id] });
}

export async function resumeContainer(handle: RuntimeHandle, id: string): Promise<void> {
  await call({ handle, words: ["resume", id] });
}

/** Changes limits of a running container; `resources` is OCI's `linux.resources`. */
export async function updateContainer(
  handle: RuntimeHandle,
  input: { readonly id: string; readonly resources: unknown },
): Promise<void> {
  await call({ handle, words: ["update", "--resources", "-", input.id], input: JSON.stringify(input.resources) });
}

/** What the runtime says; `undefined` if it knows no such container. */
export async function runtimeState(handle: RuntimeHandle, id: string): Promise<RuntimeStatus | undefined> {
  if (!hasState(handle, id)) return undefined;
  try {
    return parseState(await call({ handle, words: ["state", id] }));
  } catch (error) {
    if (!hasState(handle, id)) return undefined;
    throw error;
  }
}

/** Both runtimes keep a directory per container under their `--root`. */
function hasState(handle: RuntimeHandle, id: string): boolean {
  try {
    return Deno.statSync(`${handle.stateDir}/${id}`).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

const statuses = ["creating", "created", "running", "paused", "stopped"] as const;

/** The runtime's JSON of `state`. */
export function parseState(text: string): RuntimeStatus {
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null || !("status" in value)) {
    throw new EngineError("runtime", `read runtime state: no status in ${JSON.stringify(text.slice(0, 200))}`);
  }
  const status = statuses.find((name) => name === value.status);
  if (status === undefined) throw new EngineError("runtime", `read runtime state: unknown status "${value.status}"`);
  return { status, pid: "pid" in value ? Number(value.pid) : 0 };
}
