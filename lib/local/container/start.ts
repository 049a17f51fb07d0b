import type { Container } from "../../engine/container.ts";
import { EngineError } from "../../errors.ts";
import type { StartContainerInput } from "../../engine/containers.ts";
import { type ContainerRecord, next } from "../../state/mod.ts";
import { timestamp } from "../clock.ts";
import type { Local } from "../context.ts";
import { containerEvent } from "./event.ts";
import { initialize, type InitializeOptions } from "./initialize.ts";
import { isLive, observe } from "./observe.ts";
import { runtimeHandle } from "./runtime.ts";
import { release, settle } from "./settle.ts";

/** Starts a container that was created or has ended, and before it what it depends on; one that runs is `notModified`. */
export async function startContainer(local: Local, input: StartContainerInput, signal?: AbortSignal): Promise<void> {
  const { container } = local.state.containers.get(input.name);
  await startNeeded(local, container, signal);
  await startOne(local, { ...input, name: container.id }, signal);
}

/** Starts what a container depends on; conmon cleans up after that. */
export async function startNeeded(local: Local, container: Container, signal?: AbortSignal): Promise<void> {
  if (container.dependencies.length === 0) return;
  const { startDependencies } = await import("./dependencies.ts");
  await startDependencies(local, container.id, (name) => startOne(local, { name, attend: false }, signal));
}

export type StartOneInput = StartContainerInput & Pick<InitializeOptions, "attend">;

/** Starts a container whose dependencies run. */
export async function startOne(local: Local, input: StartOneInput, signal?: AbortSignal): Promise<void> {
  const { container: { id } } = local.state.containers.get(input.name);
  using _lock = await local.lock(id, signal);
  const record = await settled(local, local.state.containers.get(id));
  switch (record.state.tag) {
    case "created":
    case "exited":
      return await begin(
        local,
        await initialize(local, forgetStops(record), {
          preserveFds: input.preserveFds,
          attend: input.attend,
          signal,
        }),
      );
    case "initialized":
      return await begin(local, record);
    case "running":
      throw new EngineError("notModified", `container ${id} is already running`);
    case "paused":
    case "stopping":
      throw new EngineError(
        "containerState",
        `container ${id} is ${record.state.tag} and cannot be started: container state improper`,
      );
  }
}

/** Starts a container that has ended as its restart policy wants; no more if it was started or removed meanwhile. */
export async function startAgain(local: Local, id: string, signal?: AbortSignal): Promise<void> {
  using _lock = await local.lock(id, signal);
  const record = local.state.containers.find(id);
  if (record?.state.tag !== "exited") return;
  const again = { ...record, run: { ...record.run, restarts: record.run.restarts + 1 } };
  await begin(local, await initialize(local, again, { signal }));
}

/** The record as it is, an end that nobody wrote down yet written down. */
export async function settled(local: Local, stored: ContainerRecord): Promise<ContainerRecord> {
  const observed = await observe(local, stored);
  return isLive(stored.state) && !isLive(observed.state) ? await settle(local, stored) : observed;
}

function forgetStops(record: ContainerRecord): ContainerRecord {
  return { ...record, run: { ...record.run, stoppedByUser: false, restarts: 0 } };
}

async function begin(local: Local, record: ContainerRecord): Promise<void> {
  const { startContainer: startInRuntime } = await import("../../runtime/verbs.ts");
  const { container } = record;
  try {
    await startInRuntime(await runtimeHandle(local, container, record.run.runtime), container.id);
  } catch (error) {
    if (!await wasStarted(local, record)) {
      await giveUp(local, record, error);
      throw error;
    }
  }
  const state = next(record.state, { tag: "start", at: timestamp() });
  local.state.transaction(() => {
    local.state.containers.setState(container.id, state);
    containerEvent(local, { container, action: "start" });
  });
}

/** Who started it was killed before it could write that down. */
async function wasStarted(local: Local, { container, run }: ContainerRecord): Promise<boolean> {
  const { runtimeState } = await import("../../runtime/verbs.ts");
  const found = await runtimeState(await runtimeHandle(local, container, run.runtime), container.id);
  return found?.status === "running" || found?.status === "paused";
}

/** The command could not be started: the container is back to exited, with the reason and Podman's exit code. */
async function giveUp(local: Local, record: ContainerRecord, cause: unknown): Promise<void> {
  await release(local, record);
  const error = cause instanceof Error ? cause.message : String(cause);
  const exitCode = cause instanceof EngineError ? cause.exitCode : 125;
  const { id } = record.container;
  const state = next(record.state, { tag: "exit", exitCode, oomKilled: false, at: timestamp(), error });
  local.state.transaction(() => {
    local.state.containers.setState(id, state);
    local.state.containers.setRun(id, { ...record.run, mountPoint: "", network: null, netns: "", cgroup: "" });
    local.state.networks.release(id);
    local.state.containers.rememberExit({ id, name: record.container.name, code: exitCode, now: Date.now() });
  });
}
