import { existsSync, rmSync } from "node:fs";
import type { CleanupContainerInput } from "../../engine/containers.ts";
import type { ContainerRecord } from "../../state/mod.ts";
import { isAlive } from "../../sys/proc.ts";
import type { Local } from "../context.ts";
import { lockPath, runDirectory } from "../paths.ts";
import { isLive, observe } from "./observe.ts";
import { isForeign } from "./run_owner.ts";
import { settle } from "./settle.ts";

/**
 * Puts a container whose process has ended in order: everything given back, its restart policy followed, removed if it is to
 * be. Called by conmon's exit command, and by the process that started the container; who comes second finds nothing to do.
 */
export async function cleanUp(local: Local, input: CleanupContainerInput, signal?: AbortSignal): Promise<void> {
  const found = local.state.containers.find(input.name);
  if (!found) return await sweepStray(local, input.name, signal);
  const { id } = found.container;
  if (input.exec) return await cleanUpSession(local, input.exec);
  const settled = await settleUnderLock(local, id, signal);
  if (!settled) return;
  if (settled.restarts) return await restart(local, id, signal);
  if (!settled.record.container.autoRemove && !input.remove) return;
  const { removeContainer } = await import("./remove.ts");
  await removeContainer(local, { name: id, volumes: true, ignore: true, settled: settled.now }, signal);
}

/** A session that has ended is forgotten; another is left alone. */
async function cleanUpSession(local: Local, id: string): Promise<void> {
  const { forgetExec, observeExec } = await import("./exec_inspect.ts");
  const session = await observeExec(local, local.state.execSessions.get(id));
  if (session.state.tag === "exited") forgetExec(local, session);
}

/** Its row is gone and whoever removed it may have been killed before the rest was. */
async function sweepStray(local: Local, id: string, signal?: AbortSignal): Promise<void> {
  if (!/^[0-9a-f]{64}$/.test(id) || !existsSync(runDirectory(local.config.paths, id))) return;
  const { clearStray } = await import("./leftovers.ts");
  using _lock = await local.lock(id, signal);
  if (local.state.containers.find(id) || isForeign(local, id)) return;
  await clearStray(local, id);
  rmSync(lockPath(local.config.paths, id), { force: true });
}

/** `now`: the end was written down by this call. */
type Settled = { readonly record: ContainerRecord; readonly restarts: boolean; readonly now: boolean };

async function settleUnderLock(local: Local, id: string, signal?: AbortSignal): Promise<Settled | null> {
  using _lock = await local.lock(id, signal);
  const stored = local.state.containers.find(id);
  if (!stored) return null;
  const observed = await observe(local, stored);
  if (isLive(observed.state)) {
    if (isAlive(observed.state.process)) return null;
    return await afterLateExit(local, stored, signal);
  }
  const record = isLive(stored.state) ? await settle(local, stored) : stored;
  const now = isLive(stored.state);
  return { record, restarts: now && wantsRestart(record), now };
}

/** The process is gone and conmon is about to say how it ended. */
async function afterLateExit(local: Local, stored: ContainerRecord, signal?: AbortSignal): Promise<Settled> {
  const { awaitExit } = await import("./await_exit.ts");
  const record = await settle(local, stored, await awaitExit(local, stored, signal));
  return { record, restarts: wantsRestart(record), now: true };
}

/** Whether the policy starts the container again after this end. */
export function wantsRestart({ container, state, run }: ContainerRecord): boolean {
  if (state.tag !== "exited" || run.stoppedByUser) return false;
  switch (container.restart.name) {
    case "always":
    case "unless-stopped":
      return true;
    case "on-failure":
      return state.exitCode !== 0 && (container.restart.tries === 0 || run.restarts < container.restart.tries);
    case "no":
    case "":
      return false;
  }
}

async function restart(local: Local, id: string, signal?: AbortSignal): Promise<void> {
  const { startAgain } = await import("./start.ts");
  await startAgain(local, id, signal);
}
