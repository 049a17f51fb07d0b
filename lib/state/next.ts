/** How a container's state changes: the one place that says which event may follow which state. */

import { EngineError } from "../errors.ts";
import type { ContainerEvent, ContainerState } from "../engine/container.ts";

type Live = Extract<ContainerState, { readonly startedAt: string; readonly process: unknown }>;

/** Go's zero time, which Podman prints for "never". */
export const never = "0001-01-01T00:00:00Z";

function isLive(state: ContainerState): state is Live {
  return state.tag === "running" || state.tag === "paused" || state.tag === "stopping";
}

function exited(state: ContainerState, event: Extract<ContainerEvent, { tag: "exit" }>): ContainerState {
  return {
    tag: "exited",
    exitCode: event.exitCode,
    oomKilled: event.oomKilled,
    startedAt: isLive(state) ? state.startedAt : never,
    finishedAt: event.at,
    error: event.error ?? "",
  };
}

/** The state after `event`, or `null` where it cannot happen. */
function after(state: ContainerState, event: ContainerEvent): ContainerState | null {
  switch (event.tag) {
    case "initialize":
      return state.tag === "created" || state.tag === "exited"
        ? { tag: "initialized", process: event.process, conmon: event.conmon }
        : null;
    case "start":
      return state.tag === "initialized" ? { ...state, tag: "running", startedAt: event.at } : null;
    case "pause":
      return state.tag === "running" ? { ...state, tag: "paused" } : null;
    case "unpause":
      return state.tag === "paused" ? { ...state, tag: "running" } : null;
    case "stop":
      return isLive(state) ? { ...state, tag: "stopping" } : null;
    case "exit":
      return state.tag === "exited" ? null : exited(state, event);
  }
}

/** The state after `event`. Throws `containerState` where it cannot happen; nothing is changed then. */
export function next(state: ContainerState, event: ContainerEvent): ContainerState {
  const result = after(state, event);
  if (result === null) throw new EngineError("containerState", `cannot ${event.tag} a container that is ${state.tag}`);
  return result;
}
