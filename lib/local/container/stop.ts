import { EngineError, isKind } from "../../errors.ts";
import type { StopContainerInput } from "../../engine/containers.ts";
import { type ContainerRecord, next } from "../../state/mod.ts";
import type { Local } from "../context.ts";
import { awaitExit } from "./await_exit.ts";
import { containerEvent } from "./event.ts";
import { isLive, observe } from "./observe.ts";
import { runtimeHandle } from "./runtime.ts";
import { settle } from "./settle.ts";

const SIGKILL = 9;
/** Milliseconds that the kernel gets to carry out SIGKILL. */
const killPatience = 10_000;

/**
 * Sends the stop signal, after the timeout SIGKILL, and cleans up. A container that does not run is left as it is. The
 * lock is free while we wait, so that `kill` and others get through.
 */
export async function stopContainer(local: Local, input: StopContainerInput, signal?: AbortSignal): Promise<void> {
  const found = input.ignore ? local.state.containers.find(input.name) : local.state.containers.get(input.name);
  if (!found) return;
  const record = await beginStop(local, found.container.id, signal);
  if (!record) return;
  await endProcess(local, { record, timeout: input.timeout ?? record.container.stopTimeout, signal });
  using _lock = await local.lock(record.container.id, signal);
  const after = local.state.containers.find(record.container.id);
  if (after) await settle(local, after);
}

/** Writes down that it is being stopped; `null` where there is nothing to stop. */
async function beginStop(local: Local, id: string, signal?: AbortSignal): Promise<ContainerRecord | null> {
  using _lock = await local.lock(id, signal);
  const stored = local.state.containers.get(id);
  const record = await observe(local, stored);
  if (!isLive(record.state)) {
    if (isLive(stored.state)) await settle(local, stored);
    return null;
  }
  const state = record.state.tag === "initialized" ? record.state : next(record.state, { tag: "stop" });
  const run = { ...record.run, stoppedByUser: true };
  local.state.transaction(() => {
    local.state.containers.setState(id, state);
    local.state.containers.setRun(id, run);
    containerEvent(local, { container: record.container, action: "stop" });
  });
  return { ...record, state, run };
}

type Ending = { readonly record: ContainerRecord; readonly timeout: number; readonly signal?: AbortSignal };

async function endProcess(local: Local, { record, timeout, signal }: Ending): Promise<void> {
  if (timeout > 0 && record.state.tag !== "initialized") {
    await sendSignal(local, { record, number: record.container.stopSignal });
    if (await endsWithin(local, { record, milliseconds: timeout * 1000, signal })) return;
    local.log(
      "warning",
      `StopSignal did not stop container ${record.container.name} in ${timeout} seconds, resorting to SIGKILL`,
    );
  }
  await sendSignal(local, { record, number: SIGKILL });
  if (await endsWithin(local, { record, milliseconds: killPatience, signal })) return;
  throw new EngineError("timeout", `stopping container ${record.container.id}: its process did not end after SIGKILL`);
}

type Patience = { readonly record: ContainerRecord; readonly milliseconds: number; readonly signal?: AbortSignal };

async function endsWithin(local: Local, { record, milliseconds, signal }: Patience): Promise<boolean> {
  const limit = AbortSignal.timeout(milliseconds);
  try {
    await awaitExit(local, record, signal ? AbortSignal.any([signal, limit]) : limit);
    return true;
  } catch (error) {
    if (limit.aborted && !signal?.aborted) return false;
    throw error;
  }
}

/** A process that ended meanwhile is no failure: that is what was wanted. */
type Sending = { readonly record: ContainerRecord; readonly number: number };

async function sendSignal(local: Local, { record: { container, run }, number }: Sending): Promise<void> {
  const { killContainer } = await import("../../runtime/verbs.ts");
  // The end of its first process ends a pid namespace; elsewhere the others are only found through the cgroup.
  const all = number === SIGKILL && container.namespaces.pid.nsmode !== "private" && run.cgroup !== "";
  try {
    await killContainer(await runtimeHandle(local, container, run.runtime), { id: container.id, signal: number, all });
  } catch (error) {
    if (!isKind(error, "containerState", "noSuchContainer", "runtime")) throw error;
    local.log("debug", `sending signal ${number} to container ${container.id}: ${error.message}`);
  }
}
