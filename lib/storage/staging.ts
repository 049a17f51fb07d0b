import { mkdirAt, readDir, removeTree, unlinkAt } from "../sys/file.ts";
import { isSysError } from "../sys/errno.ts";
import { O, open, type OwnedFd } from "../sys/fd.ts";
import { type FileLock, tryLockFile } from "../sys/lock.ts";
import { join } from "node:path/posix";
import type { StoragePaths } from "./paths.ts";

/**
 * A name in `staging/` where something is made before it is renamed to its place, or goes to be removed. It is locked
 * while we live: what lies there unlocked is garbage that a crash left.
 */
export class StagingPlace implements Disposable {
  readonly name = crypto.randomUUID();
  readonly path: string;
  readonly directory: OwnedFd;
  readonly #lock: FileLock;

  constructor(paths: Pick<StoragePaths, "staging">) {
    this.path = join(paths.staging, this.name);
    this.directory = open(paths.staging, O.RDONLY | O.DIRECTORY);
    const lock = tryLockFile(`${this.path}.lock`);
    if (lock === undefined) throw new Error("a random name is in use");
    this.#lock = lock;
  }

  /** Makes an empty directory of that name. */
  make(): void {
    mkdirAt(this.directory, this.name, { mode: 0o700 });
  }

  /** Removes what is still there, and the lock. */
  [Symbol.dispose](): void {
    try {
      removeTree(this.directory, this.name);
      unlinkAt(this.directory, `${this.name}.lock`);
    } finally {
      this.#lock[Symbol.dispose]();
      this.directory[Symbol.dispose]();
    }
  }
}

/** Removes what crashed processes left in staging; how many things. */
export function sweepStaging(paths: Pick<StoragePaths, "staging">): number {
  using directory = open(paths.staging, O.RDONLY | O.DIRECTORY);
  const names = readDir(directory).map(({ name }) => name);
  const owners = new Set(names.map((name) => name.replace(/\.lock$/, "")));
  return [...owners].filter((owner) => sweepOne(paths, directory, { owner })).length;
}

function sweepOne(
  paths: Pick<StoragePaths, "staging">,
  directory: OwnedFd,
  { owner }: { readonly owner: string },
): boolean {
  using lock = tryLockFile(join(paths.staging, `${owner}.lock`));
  if (lock === undefined) return false;
  try {
    removeTree(directory, owner);
  } catch (error) {
    // A mount that a crash left inside; the next boot ends it.
    if (!isSysError(error, "EBUSY")) throw error;
  }
  removeTree(directory, `${owner}.lock`);
  return true;
}
