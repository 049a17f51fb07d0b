import { cString, type Name, nameText, path } from "./_scratch.ts";
import { Errno, SysError } from "./errno.ts";
import { errno, libc } from "./libc.ts";

/** Open flags. Values differ between architectures only where noted. */
const arm64 = Deno.build.arch === "aarch64";
export const O = {
  RDONLY: 0,
  WRONLY: 1,
  RDWR: 2,
  CREAT: 0o100,
  EXCL: 0o200,
  NOCTTY: 0o400,
  TRUNC: 0o1000,
  APPEND: 0o2000,
  NONBLOCK: 0o4000,
  SYNC: 0o4010000,
  DIRECTORY: arm64 ? 0o40000 : 0o200000,
  NOFOLLOW: arm64 ? 0o100000 : 0o400000,
  CLOEXEC: 0o2000000,
  PATH: 0o10000000,
  TMPFILE: arm64 ? 0o20040000 : 0o20200000,
} as const;

/** How openat2(2) resolves a path. `IN_ROOT` treats the directory as `/`, whatever links and `..` say. */
export const RESOLVE = {
  NO_XDEV: 0x01,
  NO_MAGICLINKS: 0x02,
  NO_SYMLINKS: 0x04,
  BENEATH: 0x08,
  IN_ROOT: 0x10,
} as const;

export const SEEK = { SET: 0, CUR: 1, END: 2, DATA: 3, HOLE: 4 } as const;

/** Stands for the current directory where a directory descriptor is asked for. */
export const AT_FDCWD = -100;

/** Flags of fallocate(2). */
export const FALLOC = { KEEP_SIZE: 1, PUNCH_HOLE: 2 } as const;

const F_DUPFD_CLOEXEC = 1030;
const F_GETFD = 1;
const F_SETFD = 2;
const F_GETFL = 3;
const F_SETFL = 4;
const FD_CLOEXEC = 1;
const SYS_openat2 = 437;

/** An open file descriptor with one owner, closed when disposed. Reading `value` after that throws. */
export class OwnedFd implements Disposable {
  #value: number;

  constructor(value: number) {
    this.#value = value;
  }

  get value(): number {
    if (this.#value < 0) throw new SysError("descriptor", Errno.EBADF);
    return this.#value;
  }

  get closed(): boolean {
    return this.#value < 0;
  }

  /** Gives the number away: the receiver closes it. */
  release(): number {
    const value = this.value;
    this.#value = -1;
    return value;
  }

  /** Closes; a second time does nothing. close(2)'s errors tell nothing that fsync would not have told before. */
  [Symbol.dispose](): void {
    if (this.#value < 0) return;
    libc.close(this.#value);
    this.#value = -1;
  }
}

/** A descriptor, owned or only lent (`AT_FDCWD`, 0, 1, 2, …). */
export type Fd = OwnedFd | number;

/** The number behind an `Fd`. */
export function fdNumber(fd: Fd): number {
  return typeof fd === "number" ? fd : fd.value;
}

/** Throws `SysError(call)` with the current errno if `result` is negative; else gives it back. Only right after a call. */
export function check(result: number, call: string, name?: Name): number {
  if (result >= 0) return result;
  const code = errno();
  throw new SysError(call, code, name === undefined ? undefined : nameText(name));
}

/** open(2); close-on-exec unless the descriptor is handed on with `setCloexec`. */
export function open(name: Name, flags: number, options: { readonly mode?: number } = {}): OwnedFd {
  return openat(AT_FDCWD, name, { flags, mode: options.mode });
}

/** openat(2), close-on-exec. `mode` (default 0o666) counts with `O.CREAT` and is narrowed by the umask. */
export function openat(
  dir: Fd,
  name: Name,
  options: { readonly flags: number; readonly mode?: number },
): OwnedFd {
  const dirFd = fdNumber(dir);
  const buffer = path(name);
  const flags = options.flags | O.CLOEXEC;
  for (;;) {
    const result = libc.openat(dirFd, buffer, flags, options.mode ?? 0o666);
    if (result >= 0) return new OwnedFd(result);
    const code = errno();
    if (code !== Errno.EINTR) throw new SysError("open", code, nameText(name));
  }
}

const openHow = new BigUint64Array(3);
const openHowBytes = new Uint8Array(openHow.buffer);

/** openat2(2), close-on-exec: `resolve` (see `RESOLVE`) limits what links and `..` in `name` may reach. */
export function openat2(
  dir: Fd,
  name: Name,
  options: { readonly flags: number; readonly mode?: number; readonly resolve: number },
): OwnedFd {
  const creates = (options.flags & O.CREAT) !== 0 || (options.flags & O.TMPFILE) === O.TMPFILE;
  openHow[0] = BigInt(options.flags | O.CLOEXEC);
  openHow[1] = BigInt(creates ? (options.mode ?? 0o666) : 0);
  openHow[2] = BigInt(options.resolve);
  const dirFd = fdNumber(dir);
  const buffer = path(name);
  for (;;) {
    const result = libc.openat2(SYS_openat2, dirFd, buffer, openHowBytes, 24);
    if (result >= 0) return new OwnedFd(result);
    const code = errno();
    // EAGAIN: a rename raced with the resolution of "..", which the kernel asks to try again.
    if (code !== Errno.EINTR && code !== Errno.EAGAIN) throw new SysError("open", code, nameText(name));
  }
}

/** read(2): the number of bytes, 0 at the end. Interrupted reads are repeated; EAGAIN throws. */
export function read(fd: Fd, buffer: Uint8Array<ArrayBuffer>): number {
  const number = fdNumber(fd);
  for (;;) {
    const result = libc.read(number, buffer, buffer.length);
    if (result >= 0) return result;
    const code = errno();
    if (code !== Errno.EINTR) throw new SysError("read", code);
  }
}

/** read(2) on a non-blocking descriptor: `undefined` where it would block. */
export function tryRead(fd: Fd, buffer: Uint8Array<ArrayBuffer>): number | undefined {
  const number = fdNumber(fd);
  for (;;) {
    const result = libc.read(number, buffer, buffer.length);
    if (result >= 0) return result;
    const code = errno();
    if (code === Errno.EAGAIN) return undefined;
    if (code !== Errno.EINTR) throw new SysError("read", code);
  }
}

/** write(2): the number of bytes taken, maybe fewer than given. */
export function write(fd: Fd, buffer: Uint8Array<ArrayBuffer>): number {
  const number = fdNumber(fd);
  for (;;) {
    const result = libc.write(number, buffer, buffer.length);
    if (result >= 0) return result;
    const code = errno();
    if (code !== Errno.EINTR) throw new SysError("write", code);
  }
}

/** write(2) on a non-blocking descriptor: `undefined` where it would block. */
export function tryWrite(fd: Fd, buffer: Uint8Array<ArrayBuffer>): number | undefined {
  const number = fdNumber(fd);
  for (;;) {
    const result = libc.write(number, buffer, buffer.length);
    if (result >= 0) return result;
    const code = errno();
    if (code === Errno.EAGAIN) return undefined;
    if (code !== Errno.EINTR) throw new SysError("write", code);
  }
}

/** Writes all of `buffer` to a blocking descriptor. */
export function writeAll(fd: Fd, buffer: Uint8Array<ArrayBuffer>): void {
  let done = write(fd, buffer);
  while (done < buffer.length) done += write(fd, buffer.subarray(done));
}

/** pread(2) at `offset` bytes. */
export function pread(fd: Fd, buffer: Uint8Array<ArrayBuffer>, at: { readonly offset: number }): number {
  return check(libc.pread64(fdNumber(fd), buffer, buffer.length, at.offset), "pread");
}

/** pwrite(2) of the whole buffer at `offset` bytes. */
export function pwrite(fd: Fd, buffer: Uint8Array<ArrayBuffer>, at: { readonly offset: number }): void {
  let done = 0;
  while (done < buffer.length) {
    const rest = done === 0 ? buffer : buffer.subarray(done);
    done += check(libc.pwrite64(fdNumber(fd), rest, rest.length, at.offset + done), "pwrite");
  }
}

/** lseek(2). With `SEEK.DATA` or `SEEK.HOLE`, ENXIO means: nothing there any more. */
export function lseek(fd: Fd, offset: number, options: { readonly whence: number } = { whence: SEEK.SET }): number {
  const result = Number(libc.lseek64(fdNumber(fd), offset, options.whence));
  return check(result, "lseek");
}

/** Sets a file's length; a longer one grows a hole. */
export function ftruncate(fd: Fd, length: number): void {
  check(libc.ftruncate64(fdNumber(fd), length), "ftruncate");
}

/** Waits until a file's content and metadata are on the disk. */
export function fsync(fd: Fd): void {
  check(libc.fsync(fdNumber(fd)), "fsync");
}

/** Waits until a file's content is on the disk. */
export function fdatasync(fd: Fd): void {
  check(libc.fdatasync(fdNumber(fd)), "fdatasync");
}

/** Waits until all of the file system that holds `fd` is on the disk. */
export function syncfs(fd: Fd): void {
  check(libc.syncfs(fdNumber(fd)), "syncfs");
}

/** Allocates, or with `FALLOC.PUNCH_HOLE | FALLOC.KEEP_SIZE` frees, a range. */
export function fallocate(
  fd: Fd,
  range: { readonly offset: number; readonly length: number; readonly mode?: number },
): void {
  check(libc.fallocate64(fdNumber(fd), range.mode ?? 0, range.offset, range.length), "fallocate");
}

const noOffset = null;

/** Copies up to `length` bytes between the current positions, inside the kernel; the number copied, 0 at the end. */
export function copyFileRange(from: Fd, to: Fd, options: { readonly length: number }): number {
  const length = Math.min(options.length, 0x7ffff000);
  return check(libc.copy_file_range(fdNumber(from), noOffset, fdNumber(to), noOffset, length, 0), "copy_file_range");
}

/** A second descriptor of the same open file, close-on-exec, with a number of at least `minimum`. */
export function dup(fd: Fd, options: { readonly minimum?: number } = {}): OwnedFd {
  return new OwnedFd(check(libc.fcntl(fdNumber(fd), F_DUPFD_CLOEXEC, options.minimum ?? 0), "dup"));
}

/** Makes `number` refer to the same open file; inherited by programs unless `cloexec`. */
export function dupTo(fd: Fd, number: number, options: { readonly cloexec?: boolean } = {}): void {
  if (fdNumber(fd) === number) return setCloexec(number, options.cloexec ?? false);
  check(libc.dup3(fdNumber(fd), number, options.cloexec ? O.CLOEXEC : 0), "dup");
}

const pair = new Int32Array(2);
const pairBytes = new Uint8Array(pair.buffer);

/** A pipe; close-on-exec unless asked otherwise. */
export function pipe(
  options: { readonly cloexec?: boolean; readonly nonblock?: boolean } = {},
): { readonly read: OwnedFd; readonly write: OwnedFd } {
  const flags = (options.cloexec === false ? 0 : O.CLOEXEC) | (options.nonblock ? O.NONBLOCK : 0);
  check(libc.pipe2(pairBytes, flags), "pipe");
  return { read: new OwnedFd(pair[0] ?? -1), write: new OwnedFd(pair[1] ?? -1) };
}

/** Whether programs that this process starts or becomes get the descriptor closed. */
export function setCloexec(fd: Fd, cloexec: boolean): void {
  check(libc.fcntl(fdNumber(fd), F_SETFD, cloexec ? FD_CLOEXEC : 0), "fcntl");
}

/** False if the descriptor is inherited by programs; throws EBADF if it is not open. */
export function isCloexec(fd: Fd): boolean {
  return (check(libc.fcntl(fdNumber(fd), F_GETFD, 0), "fcntl") & FD_CLOEXEC) !== 0;
}

/** True if `fd` is an open descriptor of this process. */
export function isOpen(fd: number): boolean {
  return libc.fcntl(fd, F_GETFD, 0) >= 0;
}

/** Switches O_NONBLOCK, which belongs to the open file and is seen by all who share it. */
export function setNonblock(fd: Fd, nonblock: boolean): void {
  const flags = getStatusFlags(fd);
  const wanted = nonblock ? flags | O.NONBLOCK : flags & ~O.NONBLOCK;
  if (wanted !== flags) check(libc.fcntl(fdNumber(fd), F_SETFL, wanted), "fcntl");
}

/** The open file's status flags (`O.…`). */
export function getStatusFlags(fd: Fd): number {
  return check(libc.fcntl(fdNumber(fd), F_GETFL, 0), "fcntl");
}

/** An anonymous file in memory; close-on-exec unless asked otherwise. `name` only shows in /proc. */
export function memfd(name: string, options: { readonly cloexec?: boolean } = {}): OwnedFd {
  const MFD_CLOEXEC = 1;
  return new OwnedFd(check(libc.memfd_create(cString(name), options.cloexec === false ? 0 : MFD_CLOEXEC), "memfd"));
}

/** A kernel counter that polls readable once written to. */
export function eventfd(): OwnedFd {
  return new OwnedFd(check(libc.eventfd(0, O.CLOEXEC | O.NONBLOCK), "eventfd"));
}

/** Reads from the current position to the end. */
export function readAll(fd: Fd): Uint8Array<ArrayBuffer> {
  let buffer = new Uint8Array(4096);
  let length = 0;
  for (;;) {
    if (length === buffer.length) {
      const larger = new Uint8Array(buffer.length * 2);
      larger.set(buffer);
      buffer = larger;
    }
    const count = read(fd, buffer.subarray(length));
    if (count === 0) return buffer.subarray(0, length);
    length += count;
  }
}

/** The whole of a small file, such as those of /proc and /sys, which have no size to go by. */
export function readSmallFile(name: Name): string {
  using fd = open(name, O.RDONLY);
  return new TextDecoder().decode(readAll(fd));
}
