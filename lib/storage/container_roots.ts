import { join } from "node:path/posix";
import { EngineError } from "../errors.ts";
import { isSysError } from "../sys/errno.ts";
import { AT_FDCWD, O, open, openat, type OwnedFd, readAll, readSmallFile, writeAll } from "../sys/fd.ts";
import { fchmod, fchown, fstat, mkdirAt, renameAt, type Stat, tryStatAt } from "../sys/file.ts";
import { MNT, parseMountinfo, umount } from "../sys/mount.ts";
import type { RootAttributes } from "./extract/extractor.ts";
import { failureOf } from "./failure.ts";
import type { Layers } from "./layers.ts";
import { hostIds, type IdMappings, isMapped } from "./mount/id_map.ts";
import { mountContainer } from "./mount/mount_container.ts";
import { copiedMark, type Mounter } from "./mount/mounter.ts";
import type { StoragePaths } from "./paths.ts";
import { StagingPlace } from "./staging.ts";
import { diskUsage } from "./disk_usage.ts";

export type ContainerRootInput = {
  /** 64 hex digits. */
  readonly id: string;
  /** Layers of the image, the lowest first; all of them in the store. */
  readonly diffIds: readonly string[];
  /** Absent or empty: the container shares our user namespace. */
  readonly idMappings?: IdMappings;
  /** Its files need not survive a power failure (`run --rm`): nothing is synced when it is unmounted. */
  readonly volatile?: boolean;
};

/** Directories of a container's root file system; `merged` is where it is mounted. */
export type ContainerPaths = {
  readonly directory: string;
  readonly merged: string;
  readonly upper: string;
  readonly work: string;
};

/** Bytes: of files that the container wrote or changed, and of all its files. */
export type ContainerSizes = { readonly rw: number; readonly rootFs: number };

/** What is kept in `storage.json`, so that sizes can be told later. */
type Facts = { readonly diffIds: readonly string[] };

/** The root directory of an image whose layers say nothing of it; containers/storage's default. */
const defaultRoot: RootAttributes = { uid: 0, gid: 0, mode: 0o555 };

/**
 * Root file systems of containers:
 *
 *   containers/<id>/upper  work    what the container changes
 *   containers/<id>/merged         the mount; with vfs a directory of its own
 *   containers/<id>/storage.json
 *
 * Other folders keep files of the container in `containers/<id>/` too; removing the root removes them.
 */
export class ContainerRoots {
  readonly #paths: StoragePaths;
  readonly #layers: Layers;
  readonly #mounter: Mounter;

  constructor(paths: StoragePaths, layers: Layers, { mounter }: { readonly mounter: Mounter }) {
    this.#paths = paths;
    this.#layers = layers;
    this.#mounter = mounter;
  }

  paths(id: string): ContainerPaths {
    const directory = this.#paths.container(id);
    const at = (name: string) => join(directory, name);
    return { directory, merged: at("merged"), upper: at("upper"), work: at("work") };
  }

  /** Makes the directories; nothing is mounted. An existing root is an error. */
  create(input: ContainerRootInput): void {
    const paths = this.paths(input.id);
    const root = this.#rootAttributes(input.diffIds);
    const owner = isMapped(input.idMappings) ? hostIds(root, input.idMappings) : root;
    try {
      makeDirectory(paths.directory, { mode: 0o711 });
      using directory = open(paths.directory, O.RDONLY | O.DIRECTORY);
      if (isMapped(input.idMappings)) this.#openWay(directory);
      writeStorageFacts(directory, { diffIds: input.diffIds });
      for (const name of ["upper", "work", "merged"]) {
        mkdirAt(directory, name, { mode: 0o700 });
        using fd = openat(directory, name, { flags: O.RDONLY | O.DIRECTORY | O.NOFOLLOW });
        if (name === "work") continue;
        this.#own(fd, owner);
        fchmod(fd, root.mode);
      }
    } catch (error) {
      throw failureOf(error, { action: `creating root file system of container "${input.id}"` });
    }
  }

  /** Mounts and returns the path. Does nothing where it is mounted. Idle mounts cost nothing and end with the boot. */
  async mount(input: ContainerRootInput): Promise<string> {
    const paths = this.paths(input.id);
    const there = statMount(paths.merged);
    if (there === "dead") umount(paths.merged, MNT.DETACH);
    if (there === "mounted") return paths.merged;
    try {
      await mountContainer(this.#mounter, { ...input, paths, storage: this.#paths });
      return paths.merged;
    } catch (error) {
      throw failureOf(error, { action: `mounting root file system of container "${input.id}"` });
    }
  }

  /** Unmounts; lazily where something is still open in it. Not mounted, or not there, is fine. */
  unmount(id: string): void {
    unmountAll(this.paths(id).merged);
  }

  /** Unmounts and removes everything of the container's directory. Not there is fine. */
  remove(id: string): void {
    const { directory } = this.paths(id);
    if (tryStatAt(AT_FDCWD, directory) === undefined) return;
    this.unmount(id);
    unmountBelow(directory);
    using place = new StagingPlace(this.#paths);
    try {
      renameAt({ name: directory }, { dir: place.directory, name: place.name });
    } catch (error) {
      if (!isSysError(error, "ENOENT")) throw failureOf(error, { action: `removing container "${id}"` });
    }
  }

  sizes(id: string): ContainerSizes {
    const paths = this.paths(id);
    const { diffIds } = readStorageFacts(paths.directory);
    const image = diffIds.reduce((sum, diffId) => sum + this.#layers.facts(diffId).uncompressedSize, 0);
    const rw = this.#mounter.isCopied(paths) ? writtenToCopy(paths) : diskUsage(paths.upper);
    return { rw, rootFs: image + rw };
  }

  /** What the topmost layer with a word about it says of `/`. */
  #rootAttributes(diffIds: readonly string[]): RootAttributes {
    for (const diffId of diffIds.toReversed()) {
      const { root } = this.#layers.facts(diffId);
      if (root !== undefined) return root;
    }
    return defaultRoot;
  }

  /** The root of another user namespace must get through to its file system, if only by name. */
  #openWay(directory: OwnedFd): void {
    fchmod(directory, 0o711);
    for (const path of [this.#paths.root, this.#paths.containers]) {
      using fd = open(path, O.RDONLY | O.DIRECTORY);
      const { mode } = fstat(fd);
      if ((mode & 0o011) !== 0o011) fchmod(fd, mode | 0o011);
    }
  }

  #own(fd: OwnedFd, owner: { readonly uid: number; readonly gid: number }): void {
    try {
      fchown(fd, owner);
    } catch (error) {
      if (!this.#mounter.ignoreChownErrors || !isSysError(error, "EINVAL", "EPERM")) throw error;
    }
  }
}

function makeDirectory(path: string, options: { readonly mode: number }): void {
  try {
    mkdirAt(AT_FDCWD, path, options);
  } catch (error) {
    if (!isSysError(error, "EEXIST")) throw error;
    // Others may have put files of the container there before.
    if (tryStatAt(AT_FDCWD, join(path, "storage.json")) === undefined) return;
    throw new EngineError("containerExists", `making "${path}": it exists`);
  }
}

function writeStorageFacts(directory: OwnedFd, facts: Facts): void {
  using fd = openat(directory, "storage.json", { flags: O.WRONLY | O.CREAT | O.TRUNC, mode: 0o600 });
  writeAll(fd, new TextEncoder().encode(`${JSON.stringify(facts)}\n`));
}

function readStorageFacts(directory: string): Facts {
  try {
    using fd = open(join(directory, "storage.json"), O.RDONLY);
    return JSON.parse(new TextDecoder().decode(readAll(fd))) as Facts;
  } catch (cause) {
    throw new EngineError("notFound", `reading storage of container "${directory}": it is not there`, { cause });
  }
}

/** What a copied root has grown by. */
function writtenToCopy({ directory, merged }: ContainerPaths): number {
  const copied = Number(readSmallFile(join(directory, copiedMark)));
  return Math.max(0, diskUsage(merged) - copied);
}

function statMount(path: string): "mounted" | "dead" | "none" {
  let stat: Stat | undefined;
  try {
    stat = tryStatAt(AT_FDCWD, path);
  } catch (error) {
    // A fuse program that died leaves a mount that answers nothing.
    if (isSysError(error, "ENOTCONN", "EIO")) return "dead";
    throw error;
  }
  return stat?.mountRoot ? "mounted" : "none";
}

function unmountAll(path: string): void {
  while (statMount(path) !== "none") {
    try {
      umount(path, MNT.NOFOLLOW);
    } catch (error) {
      if (isSysError(error, "EINVAL", "ENOENT")) return;
      umount(path, MNT.NOFOLLOW | MNT.DETACH);
    }
  }
}

/** Whatever else is mounted inside a container's directory, the innermost first: removing must not go into it. */
function unmountBelow(directory: string): void {
  // Most often there is nothing, which the text tells faster than its parts.
  const text = readSmallFile("/proc/self/mountinfo");
  if (!text.includes(directory)) return;
  const targets = parseMountinfo(text).map(({ target }) => target).filter((target) =>
    target.startsWith(`${directory}/`)
  );
  for (const target of targets.toReversed()) unmountAll(target);
}
