import { type Name, nameText, path } from "./_scratch.ts";
import { type FileType, typeByNumber } from "./_stat.ts";
import { Errno, isSysError, SysError } from "./errno.ts";
import { AT_FDCWD, check, type Fd, fdNumber, lseek, O, openat, OwnedFd } from "./fd.ts";
import { errno, isArm64, libc } from "./libc.ts";

/** `name` for showing and comparing; `raw` for calls, the bytes where the name is not UTF-8. */
export type DirEntry = { readonly name: string; readonly raw: Name; readonly type: FileType | undefined };

const AT_REMOVEDIR = 0x200;
const chunkSize = 32768;
const strict = new TextDecoder("utf-8", { fatal: true });

/** getdents64 takes one chunk: `undefined` at the end. `.` and `..` are left out. */
function readChunk(fd: number, buffer: Uint8Array<ArrayBuffer>): DirEntry[] | undefined {
  const result = libc.getdents64(isArm64() ? 61 : 217, fd, buffer, buffer.length);
  // Somebody else has removed the directory that we hold open: there is nothing in it any more.
  if (result < 0 && errno() === Errno.ENOENT) return undefined;
  const length = check(result, "getdents");
  if (length === 0) return undefined;
  const view = new DataView(buffer.buffer, buffer.byteOffset, length);
  const entries: DirEntry[] = [];
  // struct linux_dirent64 { u64 d_ino; s64 d_off; u16 d_reclen; u8 d_type; char d_name[]; }
  for (let offset = 0; offset < length;) {
    const size = view.getUint16(offset + 16, true);
    const end = buffer.indexOf(0, offset + 19);
    const name = buffer.subarray(offset + 19, end);
    const entry = decodeEntry(name, typeByNumber[view.getUint8(offset + 18)]);
    if (entry.name !== "." && entry.name !== "..") entries.push(entry);
    offset += size;
  }
  return entries;
}

function decodeEntry(bytes: Uint8Array<ArrayBuffer>, type: FileType | undefined): DirEntry {
  try {
    const name = strict.decode(bytes);
    return { name, raw: name, type };
  } catch {
    return { name: nameText(bytes), raw: bytes.slice(), type };
  }
}

/** All entries of an open directory, from its beginning, in the file system's order. `type` may be unknown. */
export function readDir(fd: Fd): DirEntry[] {
  const number = fdNumber(fd);
  const buffer = new Uint8Array(chunkSize);
  lseek(number, 0);
  const all: DirEntry[] = [];
  for (let chunk = readChunk(number, buffer); chunk !== undefined; chunk = readChunk(number, buffer)) {
    for (const entry of chunk) all.push(entry);
  }
  return all;
}

type Removal = {
  /** The directory whose entry is removed: deeper directories are moved up into it. */
  readonly top: number;
  readonly moved: Name[];
  readonly buffers: Uint8Array<ArrayBuffer>[];
};

/** Below this depth a directory is moved to the top first, so that descriptors and stack stay bounded. */
const maxDepth = 64;

/**
 * Removes `name` in `dir` and everything below it. Links are removed, never followed; a directory that forbids its own
 * listing or changing is opened up first; nothing at all is fine. Stops with EBUSY at a mount point.
 */
export function removeTree(dir: Fd, name: Name): void {
  const removal: Removal = { top: fdNumber(dir), moved: [], buffers: [] };
  removeEntry(removal, { dir: removal.top, name, depth: 0 });
  for (let next = removal.moved.pop(); next !== undefined; next = removal.moved.pop()) {
    removeEntry(removal, { dir: removal.top, name: next, depth: 0 });
  }
}

type Target = { readonly dir: number; readonly name: Name; readonly depth: number; readonly isDirectory?: boolean };

function removeEntry(removal: Removal, target: Target): void {
  if (!target.isDirectory && unlinkFile(target)) return;
  if (target.depth >= maxDepth && moveUp(removal, target)) return;
  const fd = openDirectory(target);
  if (fd === undefined) return;
  using directory = fd;
  removeDirectory(removal, { ...target, fd: directory.value });
}

function removeDirectory(removal: Removal, target: Target & { readonly fd: number }): void {
  for (let attempt = 0;; attempt++) {
    emptyDirectory(removal, { fd: target.fd, depth: target.depth + 1 });
    if (libc.unlinkat(target.dir, path(target.name), AT_REMOVEDIR) === 0) return;
    const code = errno();
    if (code === Errno.ENOENT) return;
    // Entries can be passed over while others are being removed; somebody may still be writing.
    if (code !== Errno.ENOTEMPTY || attempt >= 20) throw new SysError("rmdir", code, nameText(target.name));
    lseek(target.fd, 0);
  }
}

function emptyDirectory(removal: Removal, at: { readonly fd: number; readonly depth: number }): void {
  const buffer = removal.buffers.pop() ?? new Uint8Array(chunkSize);
  for (let chunk = readChunk(at.fd, buffer); chunk !== undefined; chunk = readChunk(at.fd, buffer)) {
    for (const entry of chunk) {
      removeEntry(removal, {
        dir: at.fd,
        name: entry.raw,
        depth: at.depth,
        isDirectory: entry.type === "directory",
      });
    }
  }
  removal.buffers.push(buffer);
}

/** True when gone; false when it is a directory. */
function unlinkFile(target: Target): boolean {
  for (let attempt = 0;; attempt++) {
    if (libc.unlinkat(target.dir, path(target.name), 0) === 0) return true;
    const code = errno();
    if (code === Errno.ENOENT) return true;
    if (code === Errno.EISDIR) return false;
    if (code === Errno.EPERM && isDirectory(target)) return false;
    if (code !== Errno.EACCES || attempt > 0 || target.depth === 0) {
      throw new SysError("unlink", code, nameText(target.name));
    }
    libc.fchmod(target.dir, 0o700);
  }
}

function isDirectory(target: Target): boolean {
  const flags = O.PATH | O.DIRECTORY | O.NOFOLLOW | O.CLOEXEC;
  const fd = libc.openat(target.dir, path(target.name), flags, 0);
  if (fd < 0) return false;
  libc.close(fd);
  return true;
}

function openDirectory(target: Target): OwnedFd | undefined {
  const flags = O.RDONLY | O.DIRECTORY | O.NOFOLLOW;
  try {
    return openat(target.dir, target.name, { flags });
  } catch (error) {
    if (isSysError(error, "ENOENT")) return undefined;
    if (!isSysError(error, "EACCES")) throw error;
  }
  openUp(target);
  return openat(target.dir, target.name, { flags });
}

/** Gives the owner all rights on a directory without following a link that may have taken its place. */
function openUp(target: Target): void {
  using handle = openat(target.dir, target.name, { flags: O.PATH | O.DIRECTORY | O.NOFOLLOW });
  check(libc.fchmodat(AT_FDCWD, path(`/proc/self/fd/${handle.value}`), 0o700, 0), "chmod", target.name);
}

let movedCount = 0;

function moveUp(removal: Removal, target: Target): boolean {
  const name = `.removing-${Deno.pid}-${++movedCount}`;
  using second = new OwnedFd(check(libc.openat(removal.top, path("."), O.PATH | O.CLOEXEC, 0), "open"));
  const from = path(target.name).slice();
  if (libc.renameat(target.dir, from, second.value, path(name)) !== 0) return false;
  removal.moved.push(name);
  return true;
}
