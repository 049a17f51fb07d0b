import { isSysError } from "../../sys/errno.ts";
import { copyFileRange, ftruncate, lseek, O, openat, type OwnedFd, read, SEEK, writeAll } from "../../sys/fd.ts";
import {
  chmodAt,
  chownAt,
  fchmod,
  fchown,
  fstat,
  futimens,
  linkAt,
  mkdirAt,
  mknodAt,
  type Name,
  readDir,
  readlinkBytesAt,
  removeTree,
  type Stat,
  statAt,
  symlinkAt,
  tryStatAt,
  utimensAt,
} from "../../sys/file.ts";
import { fgetxattr, flistxattr, fremovexattr, fsetxattr, lgetxattr, llistxattr, lsetxattr } from "../../sys/xattr.ts";
import { fromName, joinPath, splitPath, toName } from "../byte_string.ts";
import { isWhiteout, type WhiteoutStyle } from "../whiteout.ts";

export type Ids = { readonly uid: number; readonly gid: number };

export type CopyOptions = {
  /** What becomes of owners; default: they stay. */
  readonly mapOwner?: (ids: Ids) => Ids;
  /** Given: the source is an overlay layer; its deletions are done in the target instead of copied. */
  readonly whiteouts?: WhiteoutStyle;
  /** An owner that can't be set is left as it is. */
  readonly ignoreChownErrors?: boolean;
  /** Extended attributes that are left out. */
  readonly skipAttribute?: (name: string) => boolean;
  readonly signal?: AbortSignal;
};

type Copy = {
  readonly options: CopyOptions;
  readonly target: OwnedFd;
  /** Where the first name of a file with several is in the target. */
  readonly links: Map<string, string>;
  readonly buffer: Uint8Array<ArrayBuffer>;
};

type Pair = { readonly from: OwnedFd; readonly to: OwnedFd; readonly path: string };

const directoryFlags = O.RDONLY | O.DIRECTORY | O.NOFOLLOW;

/**
 * Copies all that is in the open directory `from` into `to`, and the attributes of `from` itself: owners, modes, times,
 * extended attributes, hard links, holes. What is in the way is replaced; directories are merged. No link is followed.
 */
export function copyTree(from: OwnedFd, to: OwnedFd, options: CopyOptions = {}): void {
  const copy: Copy = { options, target: to, links: new Map(), buffer: new Uint8Array(1 << 17) };
  copyDirectory(copy, { from, to, path: "" });
}

function copyDirectory(copy: Copy, pair: Pair): void {
  copy.options.signal?.throwIfAborted();
  const { whiteouts } = copy.options;
  if (whiteouts?.isOpaque(pair.from)) clear(pair.to);
  for (const entry of readDir(pair.from)) copyEntry(copy, pair, entry.raw);
  const stat = fstat(pair.from);
  applyOwner(copy, { stat, change: (ids) => fchown(pair.to, ids) });
  fchmod(pair.to, stat.mode);
  copyAttributes(copy, pair);
  futimens(pair.to, { atime: stat.atime, mtime: stat.mtime });
}

function clear(directory: OwnedFd): void {
  for (const { raw } of readDir(directory)) removeTree(directory, raw);
}

function copyEntry(copy: Copy, pair: Pair, name: Name): void {
  const stat = statAt(pair.from, name);
  const { whiteouts } = copy.options;
  if (whiteouts !== undefined && isWhiteout(stat)) return removeTree(pair.to, name);
  if (stat.type === "directory") return copySubdirectory(copy, pair, name);
  removeTree(pair.to, name);
  if (stat.nlink > 1 && copyLink(copy, pair, { name, stat })) return;
  if (stat.type === "file") copyFile(copy, pair, { name, stat });
  else copyNode(copy, pair, { name, stat });
}

function copySubdirectory(copy: Copy, pair: Pair, name: Name): void {
  const there = tryStatAt(pair.to, name);
  if (there !== undefined && there.type !== "directory") removeTree(pair.to, name);
  if (there?.type !== "directory") mkdirAt(pair.to, name, { mode: 0o700 });
  using from = openat(pair.from, name, { flags: directoryFlags });
  using to = openat(pair.to, name, { flags: directoryFlags });
  copyDirectory(copy, { from, to, path: joinPath(pair.path, fromName(name)) });
}

type Node = { readonly name: Name; readonly stat: Stat };

/** True where the file was copied before under another name, and is linked now. */
function copyLink(copy: Copy, pair: Pair, { name, stat }: Node): boolean {
  const key = `${stat.dev}:${stat.ino}`;
  const path = joinPath(pair.path, fromName(name));
  const first = copy.links.get(key);
  if (first === undefined) {
    copy.links.set(key, path);
    return false;
  }
  const place = splitPath(first);
  using dir = openBelow(copy.target, place.parent);
  if (dir === undefined) return false;
  linkAt({ dir, name: toName(place.name) }, { dir: pair.to, name });
  return true;
}

/** Goes down name by name, so that no link is followed. */
function openBelow(root: OwnedFd, path: string): OwnedFd | undefined {
  let current = openat(root, ".", { flags: directoryFlags });
  for (const part of path.split("/").filter(Boolean)) {
    using above = current;
    current = openat(above, toName(part), { flags: directoryFlags });
  }
  return current;
}

function copyFile(copy: Copy, pair: Pair, { name, stat }: Node): void {
  using from = openat(pair.from, name, { flags: O.RDONLY | O.NOFOLLOW | O.NONBLOCK });
  using to = openat(pair.to, name, { flags: O.WRONLY | O.CREAT | O.EXCL | O.NOFOLLOW, mode: 0o600 });
  if (stat.size > 0) copyContent(copy, { from, to, stat });
  applyOwner(copy, { stat, change: (ids) => fchown(to, ids) });
  fchmod(to, stat.mode);
  copyAttributes(copy, { from, to });
  futimens(to, { atime: stat.atime, mtime: stat.mtime });
}

type Content = { readonly from: OwnedFd; readonly to: OwnedFd; readonly stat: Stat };

function copyContent(copy: Copy, { from, to, stat }: Content): void {
  const sparse = stat.blocks * 512 < stat.size;
  let offset = sparse ? nextData(from, 0) : 0;
  while (offset !== undefined && offset < stat.size) {
    const end = sparse ? lseek(from, offset, { whence: SEEK.HOLE }) : stat.size;
    lseek(from, offset);
    lseek(to, offset);
    copyRange(copy, { from, to, length: end - offset });
    offset = sparse ? nextData(from, end) : undefined;
  }
  ftruncate(to, stat.size);
}

function nextData(fd: OwnedFd, offset: number): number | undefined {
  try {
    return lseek(fd, offset, { whence: SEEK.DATA });
  } catch (error) {
    if (isSysError(error, "ENXIO")) return undefined;
    throw error;
  }
}

/** In the kernel where it can (sharing blocks on file systems that know how), else through our buffer. */
function copyRange(
  copy: Copy,
  { from, to, length }: { readonly from: OwnedFd; readonly to: OwnedFd; readonly length: number },
): void {
  let left = length;
  try {
    while (left > 0) {
      const count = copyFileRange(from, to, { length: left });
      if (count === 0) return;
      left -= count;
    }
    return;
  } catch (error) {
    if (!isSysError(error, "EXDEV", "EINVAL", "EOPNOTSUPP", "ENOSYS", "EPERM")) throw error;
  }
  while (left > 0) {
    const count = read(from, copy.buffer.subarray(0, Math.min(left, copy.buffer.length)));
    if (count === 0) return;
    writeAll(to, copy.buffer.subarray(0, count));
    left -= count;
  }
}

function copyNode(copy: Copy, pair: Pair, { name, stat }: Node): void {
  if (stat.type === "symlink") symlinkAt(pair.to, name, { target: readlinkBytesAt(pair.from, name) });
  else if (!makeNode(pair.to, { name, stat })) return;
  applyOwner(copy, { stat, change: (ids) => chownAt(pair.to, name, ids) });
  if (stat.type !== "symlink") chmodAt(pair.to, name, { mode: stat.mode });
  const bytes = fromName(name);
  const from = toName(`/proc/self/fd/${pair.from.value}/${bytes}`);
  const to = toName(`/proc/self/fd/${pair.to.value}/${bytes}`);
  for (const attribute of llistxattr(from)) {
    const value = lgetxattr(from, attribute);
    if (value !== undefined) setAttribute(copy, { name: attribute, set: () => lsetxattr(to, attribute, { value }) });
  }
  utimensAt(pair.to, name, { atime: stat.atime, mtime: stat.mtime, nofollow: true });
}

/** False for a device where the user namespace allows none. */
function makeNode(to: OwnedFd, { name, stat }: Node): boolean {
  const { type, rdevMajor, rdevMinor } = stat;
  try {
    mknodAt(to, name, { type, mode: 0o600, major: rdevMajor, minor: rdevMinor });
    return true;
  } catch (error) {
    if (isSysError(error, "EPERM")) return false;
    throw error;
  }
}

function applyOwner(
  { options }: Copy,
  { stat, change }: { readonly stat: Stat; readonly change: (ids: Ids) => void },
): void {
  const { mapOwner, ignoreChownErrors } = options;
  try {
    change(mapOwner === undefined ? stat : mapOwner(stat));
  } catch (error) {
    if (!ignoreChownErrors || !isSysError(error, "EINVAL", "EPERM", "EOVERFLOW")) throw error;
  }
}

function copyAttributes(copy: Copy, { from, to }: Omit<Pair, "path">): void {
  for (const name of flistxattr(from)) {
    const value = fgetxattr(from, name);
    if (value !== undefined) setAttribute(copy, { name, set: () => fsetxattr(to, name, { value }) });
  }
  const { whiteouts } = copy.options;
  if (whiteouts === undefined) return;
  // A mark of the layer means nothing in a tree of its own.
  if (flistxattr(to).includes(whiteouts.opaqueAttribute)) fremovexattr(to, whiteouts.opaqueAttribute);
}

function setAttribute({ options }: Copy, { name, set }: { readonly name: string; readonly set: () => void }): void {
  if (options.skipAttribute?.(name)) return;
  try {
    set();
  } catch (error) {
    if (!isSysError(error, "EOPNOTSUPP", "EPERM")) throw error;
  }
}
