import { isSysError } from "../sys/errno.ts";
import { O, open, openat, type OwnedFd } from "../sys/fd.ts";
import { readDir, type Stat, tryStatAt } from "../sys/file.ts";

/** The sum of the sizes of all files below `path`, each inode once. What vanishes meanwhile does not count. */
export function diskUsage(path: string): number {
  using root = open(path, O.RDONLY | O.DIRECTORY | O.NOFOLLOW);
  return usageOf(root, new Set());
}

function usageOf(directory: OwnedFd, seen: Set<string>): number {
  let sum = 0;
  for (const { raw } of readDir(directory)) {
    const stat = tryStatAt(directory, raw);
    if (stat === undefined) continue;
    if (stat.type !== "directory") sum += isNew(stat, seen) ? stat.size : 0;
    else {
      using below = tryOpen(directory, raw);
      if (below !== undefined) sum += usageOf(below, seen);
    }
  }
  return sum;
}

function isNew(stat: Stat, seen: Set<string>): boolean {
  if (stat.nlink < 2) return true;
  const key = `${stat.dev}:${stat.ino}`;
  if (seen.has(key)) return false;
  seen.add(key);
  return true;
}

function tryOpen(directory: OwnedFd, name: string | Uint8Array<ArrayBuffer>): OwnedFd | undefined {
  try {
    return openat(directory, name, { flags: O.RDONLY | O.DIRECTORY | O.NOFOLLOW });
  } catch (error) {
    if (isSysError(error, "ENOENT", "ENOTDIR", "ELOOP")) return undefined;
    throw error;
  }
}
