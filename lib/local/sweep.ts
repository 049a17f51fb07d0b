/**
 * The garbage that killed commands leave: files, namespaces, processes and layers without a row, and containers with `--rm` that
 * nobody is there to remove. Called where something is removed or pulled anyway; looks before it does anything, and never waits.
 */

import { existsSync, readdirSync, rmSync } from "node:fs";
import { messageOf } from "../errors.ts";
import type { Local } from "./context.ts";
import { attendedFile, lockPath } from "./paths.ts";

const idPattern = /^[0-9a-f]{64}$/;
/** Milliseconds between two sweeps of one process: a service lives long. */
const interval = 60_000;

/** Failures are told as warnings: they are not the caller's. */
export async function sweep(local: Local): Promise<void> {
  const now = Date.now();
  if (now - local.sweptAt < interval) return;
  local.sweptAt = now;
  for (const step of [removeAbandoned, clearStrays, collect]) {
    try {
      await step(local);
    } catch (error) {
      local.log("warning", `collecting garbage: ${messageOf(error)}`);
    }
  }
}

/** Containers to be removed at their end whose end nobody attended, after a reboot for one. */
async function removeAbandoned(local: Local): Promise<void> {
  const { observe } = await import("./container/observe.ts");
  for (const stored of local.state.containers.list()) {
    if (!stored.container.autoRemove || (await observe(local, stored)).state.tag !== "exited") continue;
    if (await isAttended(local, stored.container.id)) continue;
    const { cleanUp } = await import("./container/cleanup.ts");
    await cleanUp(local, { name: stored.container.id });
  }
}

async function isAttended(local: Local, id: string): Promise<boolean> {
  const path = attendedFile(local.config.paths, id);
  if (!existsSync(path)) return false;
  const { tryLockFile } = await import("../sys/lock.ts");
  using lock = tryLockFile(path);
  return lock === undefined;
}

/** Directories are listed before rows: what is made meanwhile has its row by then. */
async function clearStrays(local: Local): Promise<void> {
  const { runRoot } = local.config.paths;
  const names = ["containers", "netns", "exits", "attended", "locks"].flatMap((name) => idsIn(`${runRoot}/${name}`));
  const known = knownIds(local);
  for (const id of new Set(names)) {
    if (!known.has(id)) await clearOne(local, id);
  }
}

async function clearOne(local: Local, id: string): Promise<void> {
  const { tryLockFile } = await import("../sys/lock.ts");
  using lock = tryLockFile(lockPath(local.config.paths, id));
  if (lock === undefined || local.state.containers.find(id)) return;
  const { isForeign } = await import("./container/run_owner.ts");
  if (isForeign(local, id)) return;
  const { clearStray } = await import("./container/leftovers.ts");
  await clearStray(local, id);
  rmSync(lockPath(local.config.paths, id), { force: true });
}

/** The store's own garbage: looked for without the lock first, which is only taken when there seems to be some. */
async function collect(local: Local): Promise<void> {
  const { root, volumes } = local.config.paths;
  const containers = idsIn(`${root}/containers`);
  const layers = idsIn(`${root}/layers`);
  const named = namesIn(volumes);
  const staged = namesIn(`${root}/staging`);
  const [known, live] = [knownIds(local), liveLayers(local)];
  const isGarbage = staged.length > 0 || containers.some((id) => !known.has(id)) ||
    layers.some((hex) => !live.has(`sha256:${hex}`)) || named.some((name) => !local.state.volumes.find(name));
  if (isGarbage) await collectGarbage(local);
}

/** Removes layers that no image has, and what crashes left in the store; nothing while somebody pulls or creates. */
export async function collectGarbage(local: Local): Promise<void> {
  const storage = await local.storage();
  await storage.gc({
    liveLayers: () => liveLayers(local),
    liveContainers: () => knownIds(local),
    liveVolumes: () => new Set(local.state.volumes.list().map(({ Name }) => Name)),
  });
}

/** Those of images, and of containers whose image is gone. */
function liveLayers(local: Local): ReadonlySet<string> {
  const ofContainers = local.state.containers.list().flatMap(({ container }) => container.image?.diffIds ?? []);
  return new Set([...local.state.images.liveLayers(), ...ofContainers]);
}

function knownIds(local: Local): ReadonlySet<string> {
  return new Set(local.state.containers.list().map(({ container }) => container.id));
}

function idsIn(directory: string): readonly string[] {
  return namesIn(directory).filter((name) => idPattern.test(name));
}

function namesIn(directory: string): readonly string[] {
  return existsSync(directory) ? readdirSync(directory).filter((name) => !name.startsWith(".")) : [];
}
