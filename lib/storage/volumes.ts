import { join } from "node:path/posix";
import { EngineError } from "../errors.ts";
import { isSysError } from "../sys/errno.ts";
import { AT_FDCWD, O, open, openat, openat2, type OwnedFd, RESOLVE } from "../sys/fd.ts";
import { fchmod, fchown, mkdirAt, readDir, removeTree, renameAt, tryStatAt, tryUnlinkAt } from "../sys/file.ts";
import { parseMountinfo } from "../sys/mount.ts";
import { readSmallFile } from "../sys/fd.ts";
import { copyTree, type Ids } from "./copy/copy_tree.ts";
import { failureOf } from "./failure.ts";
import type { StoragePaths } from "./paths.ts";
import { StagingPlace } from "./staging.ts";

export type FillVolumeInput = {
  /** The mounted root file system of the container. */
  readonly rootfs: string;
  /** Where in the container the volume goes; anything in the image may be a link. */
  readonly path: string;
  /** The volume's directory (`createVolume`'s answer). */
  readonly volume: string;
  readonly signal?: AbortSignal;
};

/** Beside a volume's content: it is being removed, or being filled. */
const removedMark = "removed";
const fillingMark = "filling";

/** Named volumes: `volumes/<name>/_data`. */
export class Volumes {
  readonly #paths: StoragePaths;

  constructor(paths: StoragePaths) {
    this.#paths = paths;
  }

  path(name: string): string {
    return join(this.#paths.volume(name), "_data");
  }

  /** Makes the directory of a volume, mode 0755 by default, and returns its path. One that exists is an error. */
  create(name: string, { uid, gid, mode = 0o755 }: Ids & { readonly mode?: number }): string {
    const path = this.path(name);
    if (this.#paths.ownsVolumes && this.isGarbage(name)) this.remove(name);
    using place = new StagingPlace({ staging: this.#paths.volumeStaging });
    try {
      place.make();
      mkdirAt(place.directory, `${place.name}/_data`, { mode: 0o700 });
      using data = openat(place.directory, `${place.name}/_data`, { flags: O.RDONLY | O.DIRECTORY | O.NOFOLLOW });
      fchown(data, { uid, gid });
      fchmod(data, mode);
      renameAt({ dir: place.directory, name: place.name }, { name: this.#paths.volume(name) });
      return path;
    } catch (error) {
      if (isSysError(error, "EEXIST", "ENOTEMPTY")) {
        throw new EngineError("volumeExists", `creating volume "${name}": its directory exists`, { cause: error });
      }
      throw failureOf(error, { action: `creating volume "${name}"` });
    }
  }

  markRemoved(name: string): void {
    const directory = this.#paths.volume(name);
    if (tryStatAt(AT_FDCWD, directory) === undefined) return;
    open(join(directory, removedMark), O.WRONLY | O.CREAT, { mode: 0o600 })[Symbol.dispose]();
  }

  /** True where a volume without a row can be thrown away: content is only lost where that was wanted. */
  isGarbage(name: string): boolean {
    const directory = this.#paths.volume(name);
    if (tryStatAt(AT_FDCWD, join(directory, removedMark)) !== undefined) return true;
    if (tryStatAt(AT_FDCWD, this.path(name)) === undefined) return false;
    using data = open(this.path(name), O.RDONLY | O.DIRECTORY);
    return readDir(data).length === 0;
  }

  /** Removes a volume and its content. One that is not there is fine. */
  remove(name: string): void {
    const path = this.#paths.volume(name);
    if (tryStatAt(AT_FDCWD, path) === undefined) return;
    // What is mounted inside is not ours to remove.
    const mounts = readSmallFile("/proc/self/mountinfo");
    if (mounts.includes(path) && parseMountinfo(mounts).some(({ target }) => target.startsWith(`${path}/`))) {
      throw new EngineError("volumeInUse", `removing volume "${name}": something is mounted in it`);
    }
    using place = new StagingPlace({ staging: this.#paths.volumeStaging });
    try {
      renameAt({ name: path }, { dir: place.directory, name: place.name });
    } catch (error) {
      if (!isSysError(error, "ENOENT")) throw failureOf(error, { action: `removing volume "${name}"` });
    }
  }
}

/**
 * Copies what the image has at the volume's place into an empty volume, with the directory's owner and mode. Nothing of
 * the image can lead out of its root (openat2). False where the volume has content, or the image no such directory.
 */
export function fillVolume({ rootfs, path, volume, signal }: FillVolumeInput): boolean {
  using target = open(volume, O.RDONLY | O.DIRECTORY);
  const mark = `${volume}.${fillingMark}`;
  const interrupted = tryStatAt(AT_FDCWD, mark) !== undefined;
  if (!interrupted && readDir(target).length > 0) return false;
  using source = openInRoot(rootfs, path);
  if (source === undefined) return false;
  try {
    open(mark, O.WRONLY | O.CREAT, { mode: 0o600 })[Symbol.dispose]();
    if (interrupted) emptyDirectory(target);
    copyTree(source, target, { signal });
    tryUnlinkAt(AT_FDCWD, mark);
    return true;
  } catch (error) {
    throw failureOf(error, { action: `copying "${path}" of the image to volume "${volume}"` });
  }
}

/** What a crash left of an earlier try; nothing else has been in the volume yet. */
function emptyDirectory(directory: OwnedFd): void {
  for (const { name } of readDir(directory)) removeTree(directory, name);
}

function openInRoot(rootfs: string, path: string): OwnedFd | undefined {
  using root = open(rootfs, O.PATH | O.DIRECTORY);
  try {
    const flags = O.RDONLY | O.DIRECTORY;
    return openat2(root, path === "" ? "/" : path, { flags, resolve: RESOLVE.IN_ROOT | RESOLVE.NO_MAGICLINKS });
  } catch (error) {
    if (isSysError(error, "ENOENT", "ENOTDIR", "ELOOP")) return undefined;
    throw error;
  }
}
