/** A container's state in Podman's words. */

import type { ContainerState } from "../engine/container.ts";
import { humanDuration } from "./units.ts";

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

/** `Up 3 minutes`, `Exited (0) 2 seconds ago`, …; `now` in milliseconds since 1970. */
export function statusText(state: ContainerState, now: number): string {
  const ago = (time: string) => humanDuration((now - Date.parse(time)) / 1000);
  switch (state.tag) {
    case "created":
      return "Created";
    case "initialized":
      return "Initialized";
    case "running":
      return `Up ${ago(state.startedAt)}`;
    case "paused":
      return "Paused";
    case "stopping":
      return "Stopping";
    case "exited":
      return `Exited (${state.exitCode}) ${ago(state.finishedAt)} ago`;
  }
}
