import { isSysError } from "../sys/errno.ts";
import { O, open } from "../sys/fd.ts";
import { readDir } from "../sys/file.ts";
import { LockedError, lockFile } from "../sys/lock.ts";
import type { ContainerRoots } from "./container_roots.ts";
import type { Layers } from "./layers.ts";
import type { StoragePaths } from "./paths.ts";
import { sweepStaging } from "./staging.ts";
import type { Volumes } from "./volumes.ts";

/**
 * What is in use. The functions are called while nobody holds a lease, so that what they read from the database names
 * everything that has been stored.
 */
export type Live = {
  /** DiffIDs of images and of containers. */
  readonly liveLayers: () => ReadonlySet<string>;
  /** Ids. */
  readonly liveContainers: () => ReadonlySet<string>;
  /** Names; absent: volumes are left alone. Of others only those go that were being removed, or have no content yet. */
  readonly liveVolumes?: () => ReadonlySet<string>;
  /** Wait for pulls and the like to end. Otherwise they are left in peace and only staging is swept. */
  readonly wait?: boolean;
  readonly signal?: AbortSignal;
};

/** What was removed. `busy`: a lease is held, so only staging was looked at. */
export type Collected = {
  readonly layers: readonly string[];
  readonly containers: readonly string[];
  readonly volumes: readonly string[];
  readonly busy: boolean;
};

export type Stores = {
  readonly paths: StoragePaths;
  readonly layers: Layers;
  readonly roots: ContainerRoots;
  readonly volumes: Volumes;
};

export async function collectGarbage(stores: Stores, live: Live): Promise<Collected> {
  sweepStaging(stores.paths);
  if (!stores.paths.ownsVolumes) sweepStaging({ staging: stores.paths.volumeStaging });
  try {
    using _ = await lockFile(stores.paths.lock, { wait: live.wait === true, signal: live.signal });
    return sweep(stores, live);
  } catch (error) {
    if (error instanceof LockedError) return { layers: [], containers: [], volumes: [], busy: true };
    throw error;
  }
}

function sweep({ paths, layers, roots, volumes }: Stores, live: Live): Collected {
  const liveContainers = live.liveContainers();
  const containers = namesIn(paths.containers, /^[0-9a-f]{64}$/).filter((id) => !liveContainers.has(id));
  for (const id of containers) roots.remove(id);
  const liveLayers = live.liveLayers();
  const dead = namesIn(paths.layers, /^[0-9a-f]{64}$/).map((hex) => `sha256:${hex}`)
    .filter((diffId) => !liveLayers.has(diffId));
  for (const diffId of dead) layers.remove(diffId);
  // In a directory that the user chose may be things of the user.
  const liveVolumes = paths.ownsVolumes ? live.liveVolumes?.() : undefined;
  const unnamed = liveVolumes === undefined
    ? []
    : namesIn(paths.volumes, /^[A-Za-z0-9]/).filter((name) => !liveVolumes.has(name) && volumes.isGarbage(name));
  for (const name of unnamed) volumes.remove(name);
  return { layers: dead, containers, volumes: unnamed, busy: false };
}

function namesIn(path: string, pattern: RegExp): string[] {
  try {
    using directory = open(path, O.RDONLY | O.DIRECTORY);
    return readDir(directory).map(({ name }) => name).filter((name) => pattern.test(name));
  } catch (error) {
    if (isSysError(error, "ENOENT")) return [];
    throw error;
  }
}
