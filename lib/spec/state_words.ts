/** A container's state in Podman's words. */

import type { ContainerState } from "../engine/container.ts";

/** Go's zero time: "never". */
export const never = "0001-01-01T00:00:00Z";

/** The word of `ps --format {{.State}}`, filters and `inspect`. */
export function stateWord(state: ContainerState): string {
  return state.tag;
}

export function startedAt(state: ContainerState): string {
  return "startedAt" in state && state.startedAt !== "" ? state.startedAt : never;
}

export function finishedAt(state: ContainerState): string {
  return state.tag === "exited" && state.finishedAt !== "" ? state.finishedAt : never;
}

export function exitCodeOf(state: ContainerState): number {
  return state.tag === "exited" ? state.exitCode : 0;
}

/** The pid of the container's first process; 0 if there is none. */
export function pidOf(state: ContainerState): number {
  return "process" in state ? state.process.pid : 0;
}
