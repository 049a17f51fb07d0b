import { EngineError } from "../../errors.ts";
import type { WaitContainerInput } from "../../engine/containers.ts";
import type { ContainerState } from "../../engine/container.ts";
import type { ContainerRecord } from "../../state/mod.ts";
import type { Local } from "../context.ts";
import { awaitExit } from "./await_exit.ts";
import { cleanUp } from "./cleanup.ts";
import { isLive, observe } from "./observe.ts";

/** Milliseconds between looks at what gives no event: a container that was not started yet, and states but the end. */
const lookAgain = 50;

const statesOfCondition: ReadonlyMap<string, readonly ContainerState["tag"][]> = new Map([
  ["configured", ["created"]],
  ["created", ["initialized"]],
  ["initialized", ["initialized"]],
  ["running", ["running"]],
  ["paused", ["paused"]],
  ["stopping", ["stopping"]],
  ["stopped", ["exited"]],
  ["exited", ["exited"]],
  ["not-running", ["created", "exited"]],
  ["next-exit", ["exited"]],
]);
const removal = ["removing", "removed"];
const endConditions = new Set(["stopped", "exited", "next-exit", "not-running", ...removal]);

/**
 * Waits until the container is in one of the states; gives its exit code, or -1 for states before the end. The process
 * that started it cleans up here, so that its caller finds everything gone.
 */
export async function waitContainer(local: Local, input: WaitContainerInput, signal?: AbortSignal): Promise<number> {
  const conditions = input.conditions?.length ? input.conditions : ["stopped", "exited"];
  for (const condition of conditions) checkCondition(condition);
  const found = local.state.containers.find(input.name);
  if (!found) return rememberedExit(local, input.name);
  const id = found.container.id;
  if (conditions.includes("next-exit")) await awaitLife(local, id, signal);
  for (;;) {
    const stored = local.state.containers.find(id);
    if (!stored) return rememberedExit(local, id);
    const record = await observe(local, stored);
    if (reached(record, conditions)) return await finish(local, record);
    await change(local, { record, conditions, signal });
  }
}

function checkCondition(condition: string): void {
  if (statesOfCondition.has(condition) || removal.includes(condition)) return;
  throw new EngineError("invalidArgument", `unknown container state: ${condition}: invalid argument`);
}

function reached({ state }: ContainerRecord, conditions: readonly string[]): boolean {
  return conditions.some((condition) => statesOfCondition.get(condition)?.includes(state.tag));
}

function rememberedExit(local: Local, name: string): number {
  const code = local.state.containers.rememberedExit(name);
  if (code !== null) return code;
  throw new EngineError("noSuchContainer", `no container with name or ID "${name}" found: no such container`);
}

async function finish(local: Local, record: ContainerRecord): Promise<number> {
  if (record.state.tag !== "exited") return -1;
  if (local.attended.has(record.container.id)) await cleanUp(local, { name: record.container.id });
  return record.state.exitCode;
}

/** Waits for something to happen: the end of the process where that is what we wait for, else a while. */
type Waiting = {
  readonly record: ContainerRecord;
  readonly conditions: readonly string[];
  readonly signal?: AbortSignal;
};

async function change(local: Local, { record, conditions, signal }: Waiting): Promise<void> {
  signal?.throwIfAborted();
  const wantsEnd = conditions.every((condition) => endConditions.has(condition));
  if (wantsEnd && isLive(record.state)) {
    await awaitExit(local, record, signal);
  } else {
    await new Promise((resolve) => setTimeout(resolve, lookAgain));
  }
}

async function awaitLife(local: Local, id: string, signal?: AbortSignal): Promise<void> {
  for (;;) {
    signal?.throwIfAborted();
    const stored = local.state.containers.find(id);
    if (!stored || isLive(stored.state)) return;
    await new Promise((resolve) => setTimeout(resolve, lookAgain));
  }
}
