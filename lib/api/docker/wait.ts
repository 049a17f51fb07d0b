/** Docker's three ways of waiting, out of the contract's one. */

import type { Engine, InspectContainerData, WaitContainerInput } from "../../engine/mod.ts";
import { EngineError, isKind } from "../../errors.ts";

/** States in which nothing runs; what Docker's `not-running` is content with. */
const notRunning = ["configured", "created", "removing", "stopped", "exited"];
/** How often to look where no operation tells. */
const interval = 50;

type Waiting = { readonly engine: Engine; readonly name: string; readonly signal: AbortSignal | undefined };

/**
 * One record, the exit code. It resolves once the container's present state was taken down, so that a client which has
 * seen the head may start the container and miss nothing, however shortly it runs.
 */
export function waitForContainer(engine: Engine) {
  return async (input: WaitContainerInput, signal?: AbortSignal): Promise<AsyncIterable<number>> => {
    const [condition = "not-running"] = input.conditions ?? [];
    const before = await engine.containers.inspect({ name: input.name }, signal);
    const waiting = { engine, name: before.Id, signal };
    switch (condition) {
      case "not-running":
        return once(engine.containers.wait({ name: before.Id, conditions: notRunning }, signal));
      case "next-exit":
        return once(nextExit(waiting, before));
      case "removed":
        return once(removed(waiting, before));
      default:
        throw new EngineError("invalidArgument", `waiting for condition "${condition}": unknown condition`);
    }
  };
}

async function* once(code: Promise<number>): AsyncGenerator<number, void> {
  yield await code;
}

async function nextExit({ engine, name, signal }: Waiting, before: InspectContainerData): Promise<number> {
  if (hasEnded(before)) await untilStarted({ engine, name, signal }, before.State.StartedAt);
  return await engine.containers.wait({ name }, signal);
}

function hasEnded({ State }: InspectContainerData): boolean {
  return State.Status === "exited" || State.Status === "stopped";
}

/** A container that has ended already: wait until it was started again, be it over by then. */
async function untilStarted({ engine, name, signal }: Waiting, startedAt: string): Promise<void> {
  while ((await engine.containers.inspect({ name }, signal)).State.StartedAt === startedAt) await pause(signal);
}

async function removed(waiting: Waiting, before: InspectContainerData): Promise<number> {
  const { engine, name, signal } = waiting;
  let code = before.State.ExitCode;
  try {
    code = await engine.containers.wait({ name }, signal);
  } catch (error) {
    if (!isKind(error, "noSuchContainer")) throw error;
  }
  while (await engine.containers.exists({ name }, signal)) await pause(signal);
  return code;
}

/** Rejects with the signal's reason. */
async function pause(signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, interval);
  signal?.addEventListener("abort", () => resolve(), { once: true });
  await promise;
  clearTimeout(timer);
  signal?.throwIfAborted();
}
