/** A container's state as the kernel tells it: what is written down is believed only after a look. */

import { existsSync } from "node:fs";
import type { ContainerState } from "../../engine/container.ts";
import type { ContainerExit } from "../../runtime/types.ts";
import { type ContainerRecord, next } from "../../state/mod.ts";
import { isAlive } from "../../sys/proc.ts";
import { timestamp } from "../clock.ts";
import type { Local } from "../context.ts";
import { exitDirectory, runDirectory } from "../paths.ts";

export type LiveState = Exclude<ContainerState, { readonly tag: "created" | "exited" }>;

/** True while the record says that there are processes. */
export function isLive(state: ContainerState): state is LiveState {
  return state.tag !== "created" && state.tag !== "exited";
}

/** True for a container that is not live and yet has something of a live one: an engine was killed halfway. */
export function hasLeftovers(local: Local, { container, state, run }: ContainerRecord): boolean {
  return !isLive(state) && (run.network !== null || existsSync(runDirectory(local.config.paths, container.id)));
}

/** What conmon wrote about the end, or that nobody saw it (-1): after a reboot, or if conmon was killed. */
export async function exitOf(local: Local, id: string): Promise<ContainerExit> {
  const { readExitFile } = await import("../../runtime/exit.ts");
  const { paths } = local.config;
  const exit = await readExitFile({ id, exitDir: exitDirectory(paths), bundle: runDirectory(paths, id) });
  return exit ?? { exitCode: -1, oomKilled: false, at: timestamp() };
}

/**
 * The record with the state as it is now. Writes nothing: an end that was seen is written down by who holds the lock. While
 * conmon is still to write the exit code of a process that is gone, the container counts as running.
 */
export async function observe(local: Local, record: ContainerRecord): Promise<ContainerRecord> {
  const { state } = record;
  if (!isLive(state) || isAlive(state.process)) return record;
  const { readExitFile } = await import("../../runtime/exit.ts");
  const { paths } = local.config;
  const id = record.container.id;
  const exit = await readExitFile({ id, exitDir: exitDirectory(paths), bundle: runDirectory(paths, id) });
  if (!exit && isAlive(state.conmon)) return record;
  const { exitCode, oomKilled, at } = exit ?? { exitCode: -1, oomKilled: false, at: timestamp() };
  return { ...record, state: next(state, { tag: "exit", exitCode, oomKilled, at }) };
}
