import { type Name, nameText, path, secondPath } from "./_scratch.ts";
import { decodeStatx, type FileType, type Stat, statxBuffer, type Timestamp, typeBits } from "./_stat.ts";
import { Errno, SysError } from "./errno.ts";
import { AT_FDCWD, check, type Fd, fdNumber } from "./fd.ts";
import { errno, isArm64, libc } from "./libc.ts";

export type { FileType, Stat, Timestamp } from "./_stat.ts";
export type { Name } from "./_scratch.ts";
export * from "./dir.ts";
export * from "./xattr.ts";

const AT_SYMLINK_NOFOLLOW = 0x100;
const AT_REMOVEDIR = 0x200;
const AT_EMPTY_PATH = 0x1000;
const STATX_BASIC_STATS = 0x7ff;

/** Flags of `renameAt`: `EXCHANGE` swaps the two atomically, `NOREPLACE` fails with EEXIST. */
export const RENAME = { NOREPLACE: 1, EXCHANGE: 2, WHITEOUT: 4 } as const;

/** An entry of an open directory; `dir` defaults to the current directory. */
export type Place = { readonly dir?: Fd; readonly name: Name };

/** What an open descriptor (also an `O.PATH` one) refers to. */
export function fstat(fd: Fd): Stat {
  check(libc.statx(fdNumber(fd), path(""), AT_EMPTY_PATH, STATX_BASIC_STATS, statxBuffer), "stat");
  return decodeStatx();
}

/** What `name` in `dir` is; links are followed only when asked. */
export function statAt(dir: Fd, name: Name, options: { readonly follow?: boolean } = {}): Stat {
  const flags = options.follow ? 0 : AT_SYMLINK_NOFOLLOW;
  check(libc.statx(fdNumber(dir), path(name), flags, STATX_BASIC_STATS, statxBuffer), "stat", name);
  return decodeStatx();
}

/** As `statAt`, but `undefined` where there is nothing (ENOENT, ENOTDIR). */
export function tryStatAt(dir: Fd, name: Name, options: { readonly follow?: boolean } = {}): Stat | undefined {
  const flags = options.follow ? 0 : AT_SYMLINK_NOFOLLOW;
  if (libc.statx(fdNumber(dir), path(name), flags, STATX_BASIC_STATS, statxBuffer) === 0) return decodeStatx();
  const code = errno();
  if (code === Errno.ENOENT || code === Errno.ENOTDIR) return undefined;
  throw new SysError("stat", code, nameText(name));
}

/** stat(2) of a path, following links. */
export function stat(name: Name): Stat {
  return statAt(AT_FDCWD, name, { follow: true });
}

/** access(2) with the effective ids: `mode` is a sum of 4 (read), 2 (write), 1 (execute); 0 asks for existence. */
export function access(name: Name, mode: number): boolean {
  const AT_EACCESS = 0x200;
  return libc.faccessat(AT_FDCWD, path(name), mode, AT_EACCESS) === 0;
}

/** mkdirat(2); the umask narrows `mode` (default 0o755). */
export function mkdirAt(dir: Fd, name: Name, options: { readonly mode?: number } = {}): void {
  check(libc.mkdirat(fdNumber(dir), path(name), options.mode ?? 0o755), "mkdir", name);
}

/** The kernel's 64-bit dev_t as the C library packs it. */
function deviceNumber(major: number, minor: number): number {
  const high = Math.floor(major / 0x1000) * 0x1000 * 0x1_0000_0000;
  return high + (major & 0xfff) * 0x100 + Math.floor(minor / 0x100) * 0x100000 + (minor & 0xff);
}

/** mknodat(2): an empty file, a device, a fifo or a socket; the umask narrows `mode`. */
export function mknodAt(
  dir: Fd,
  name: Name,
  node: { readonly type: FileType; readonly mode: number; readonly major?: number; readonly minor?: number },
): void {
  const device = deviceNumber(node.major ?? 0, node.minor ?? 0);
  check(libc.mknodat(fdNumber(dir), path(name), typeBits[node.type] | node.mode, device), "mknod", name);
}

/** Makes `name` in `dir` a symbolic link that holds `target`. */
export function symlinkAt(dir: Fd, name: Name, options: { readonly target: Name }): void {
  check(libc.symlinkat(secondPath(options.target), fdNumber(dir), path(name)), "symlink", name);
}

/** A second name for a file; a symbolic link is linked itself, never followed. */
export function linkAt(from: Place, to: Place): void {
  const result = libc.linkat(
    fdNumber(from.dir ?? AT_FDCWD),
    path(from.name),
    fdNumber(to.dir ?? AT_FDCWD),
    secondPath(to.name),
    0,
  );
  check(result, "link", to.name);
}

/** Gives an open file (made with `O.TMPFILE`, or any) a name. */
export function linkFd(fd: Fd, to: Place): void {
  const AT_SYMLINK_FOLLOW = 0x400;
  const source = path(`/proc/self/fd/${fdNumber(fd)}`);
  const target = fdNumber(to.dir ?? AT_FDCWD);
  check(libc.linkat(AT_FDCWD, source, target, secondPath(to.name), AT_SYMLINK_FOLLOW), "link", to.name);
}

/** unlinkat(2); `directory` removes an empty directory instead. */
export function unlinkAt(dir: Fd, name: Name, options: { readonly directory?: boolean } = {}): void {
  check(libc.unlinkat(fdNumber(dir), path(name), options.directory ? AT_REMOVEDIR : 0), "unlink", name);
}

/** As `unlinkAt`; false where there was nothing. */
export function tryUnlinkAt(dir: Fd, name: Name, options: { readonly directory?: boolean } = {}): boolean {
  if (libc.unlinkat(fdNumber(dir), path(name), options.directory ? AT_REMOVEDIR : 0) === 0) return true;
  const code = errno();
  if (code === Errno.ENOENT) return false;
  throw new SysError("unlink", code, nameText(name));
}

/** renameat2(2), with `RENAME` flags. */
export function renameAt(from: Place, to: Place, options: { readonly flags?: number } = {}): void {
  const fromDir = fdNumber(from.dir ?? AT_FDCWD);
  const toDir = fdNumber(to.dir ?? AT_FDCWD);
  const flags = options.flags ?? 0;
  const result = flags === 0
    ? libc.renameat(fromDir, path(from.name), toDir, secondPath(to.name))
    : libc.renameat2(isArm64() ? 276 : 316, fromDir, path(from.name), toDir, secondPath(to.name), flags);
  check(result, "rename", to.name);
}

const linkBuffer = new Uint8Array(4096);

/** What a symbolic link holds; with an empty `name`, the link that an `O.PATH` descriptor refers to. */
export function readlinkAt(dir: Fd, name: Name): string {
  const length = check(libc.readlinkat(fdNumber(dir), path(name), linkBuffer, linkBuffer.length), "readlink", name);
  return new TextDecoder().decode(linkBuffer.subarray(0, length));
}

/** As `readlinkAt`, as raw bytes. */
export function readlinkBytesAt(dir: Fd, name: Name): Uint8Array<ArrayBuffer> {
  const length = check(libc.readlinkat(fdNumber(dir), path(name), linkBuffer, linkBuffer.length), "readlink", name);
  return linkBuffer.slice(0, length);
}

/** Owner ids; -1 (the default) leaves one as it is. */
export type Owner = { readonly uid?: number; readonly gid?: number };

const unchanged = 0xffffffff;

export function fchown(fd: Fd, owner: Owner): void {
  check(libc.fchown(fdNumber(fd), owner.uid ?? unchanged, owner.gid ?? unchanged), "chown");
}

/** Changes the owner of `name` itself: a symbolic link is not followed. An empty name means `dir`. */
export function chownAt(dir: Fd, name: Name, owner: Owner): void {
  const flags = AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH;
  const result = libc.fchownat(fdNumber(dir), path(name), owner.uid ?? unchanged, owner.gid ?? unchanged, flags);
  check(result, "chown", name);
}

export function fchmod(fd: Fd, mode: number): void {
  check(libc.fchmod(fdNumber(fd), mode), "chmod");
}

/** Changes the mode of `name`. FOLLOWS symbolic links (Linux gives links no mode): only for names known not to be links. */
export function chmodAt(dir: Fd, name: Name, options: { readonly mode: number }): void {
  check(libc.fchmodat(fdNumber(dir), path(name), options.mode, 0), "chmod", name);
}

/** Changes the mode of what an `O.PATH` descriptor refers to, which fchmod(2) refuses. */
export function chmodPathFd(fd: Fd, mode: number): void {
  check(libc.fchmodat(AT_FDCWD, path(`/proc/self/fd/${fdNumber(fd)}`), mode, 0), "chmod");
}

/** Times to set; one that is absent stays. */
export type Times = { readonly atime?: Timestamp; readonly mtime?: Timestamp };

const times = new DataView(new ArrayBuffer(32));
const timesBytes = new Uint8Array(times.buffer);
const UTIME_OMIT = 0x3ffffffe;

function putTimestamp(offset: number, time: Timestamp | undefined): void {
  const sec = time?.sec ?? 0;
  times.setUint32(offset, sec >>> 0, true);
  times.setInt32(offset + 4, Math.floor(sec / 0x1_0000_0000), true);
  times.setUint32(offset + 8, time === undefined ? UTIME_OMIT : time.nsec, true);
}

/** Sets the times of `name`; a symbolic link is followed unless `nofollow`. */
export function utimensAt(dir: Fd, name: Name, options: Times & { readonly nofollow?: boolean }): void {
  putTimestamp(0, options.atime);
  putTimestamp(16, options.mtime);
  const flags = options.nofollow ? AT_SYMLINK_NOFOLLOW : 0;
  check(libc.utimensat(fdNumber(dir), path(name), timesBytes, flags), "utimens", name);
}

export function futimens(fd: Fd, options: Times): void {
  putTimestamp(0, options.atime);
  putTimestamp(16, options.mtime);
  check(libc.futimens(fdNumber(fd), timesBytes), "utimens");
}

/** statfs(2) of a file system: `type` is its magic number; sizes in bytes. */
export type StatFs = {
  readonly type: number;
  readonly blockSize: number;
  readonly total: number;
  readonly free: number;
  /** Free for users without privileges. */
  readonly available: number;
  readonly files: number;
  readonly filesFree: number;
};

/** Magic numbers of statfs(2)'s `type`. */
export const fsMagic = {
  btrfs: 0x9123683e,
  cgroup2: 0x63677270,
  cgroup: 0x27e0eb,
  ext4: 0xef53,
  fuse: 0x65735546,
  nfs: 0x6969,
  nsfs: 0x6e736673,
  overlay: 0x794c7630,
  proc: 0x9fa0,
  ramfs: 0x858458f6,
  tmpfs: 0x01021994,
  xfs: 0x58465342,
  zfs: 0x2fc12fc1,
} as const;

export function statfs(target: Fd | string): StatFs {
  const buffer = new Uint8Array(128);
  if (typeof target === "string") check(libc.statfs64(path(target), buffer), "statfs", target);
  else check(libc.fstatfs64(fdNumber(target), buffer), "statfs");
  const words = new BigUint64Array(buffer.buffer);
  const word = (index: number): number => Number(words[index] ?? 0n);
  const blockSize = word(1);
  return {
    type: word(0) % 0x1_0000_0000,
    blockSize,
    total: word(2) * blockSize,
    free: word(3) * blockSize,
    available: word(4) * blockSize,
    files: word(5),
    filesFree: word(6),
  };
}

/** The path that the kernel knows an open descriptor by. */
export function pathOfFd(fd: Fd): string {
  return readlinkAt(AT_FDCWD, `/proc/self/fd/${fdNumber(fd)}`);
}
