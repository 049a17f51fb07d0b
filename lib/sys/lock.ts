/**
 * Locks between processes: flock(2) on a file, which dies with its holder. The holder's pid and command stand in the
 * file, so that who waits can say for whom.
 */
import { Errno, SysError } from "./errno.ts";
import { dup, ftruncate, O, open, type OwnedFd, pread, pwrite } from "./fd.ts";
import { fstat, tryStatAt } from "./file.ts";
import { AT_FDCWD } from "./fd.ts";
import { errno, libc } from "./libc.ts";

export type LockOptions = {
  /** Default true; readers that only exclude writers pass false. */
  readonly exclusive?: boolean;
  /** Default true; false fails at once with a `LockedError`. */
  readonly wait?: boolean;
  readonly signal?: AbortSignal;
  /** What the holder is called in the file; default: the program's name. */
  readonly command?: string;
};

/** Who holds a lock, as it wrote into the file. */
export type LockHolder = { readonly pid: number; readonly command: string };

/** The lock is held by another, and the caller did not want to wait. */
export class LockedError extends Error {
  override readonly name = "LockedError";

  constructor(readonly path: string, readonly holder: LockHolder | undefined) {
    const by = holder === undefined ? "" : ` by process ${holder.pid} (${holder.command})`;
    super(`lock ${JSON.stringify(path)}: held${by}`);
  }
}

const LOCK_SH = 1;
const LOCK_EX = 2;
const LOCK_NB = 4;

/** A held lock; released when disposed, or by the kernel when the process ends. */
export class FileLock implements Disposable {
  readonly #fd: OwnedFd;

  constructor(readonly path: string, fd: OwnedFd) {
    this.#fd = fd;
  }

  /** The open lock file: the lock also lives as long as a program that inherits it. */
  get fd(): OwnedFd {
    return this.#fd;
  }

  [Symbol.dispose](): void {
    this.#fd[Symbol.dispose]();
  }
}

/** Takes the lock of `path`, making the file when it is not there. The directory must exist. */
export async function lockFile(path: string, options: LockOptions = {}): Promise<FileLock> {
  options.signal?.throwIfAborted();
  for (;;) {
    const fd = open(path, O.RDWR | O.CREAT, { mode: 0o600 });
    try {
      if (!tryFlock(fd, options)) await waitFlock(path, fd, options);
      if (isCurrent(path, fd)) return held(path, fd, options);
      fd[Symbol.dispose]();
    } catch (error) {
      fd[Symbol.dispose]();
      throw error;
    }
  }
}

/** As `lockFile` without waiting: `undefined` when somebody else holds it. Blocks nothing and needs no event loop. */
export function tryLockFile(
  path: string,
  options: Omit<LockOptions, "wait" | "signal"> = {},
): FileLock | undefined {
  const fd = open(path, O.RDWR | O.CREAT, { mode: 0o600 });
  if (tryFlock(fd, options) && isCurrent(path, fd)) return held(path, fd, options);
  fd[Symbol.dispose]();
  return undefined;
}

/** Who wrote itself last into a lock file; it may have released the lock since. */
export function lockHolder(path: string): LockHolder | undefined {
  if (tryStatAt(AT_FDCWD, path) === undefined) return undefined;
  using fd = open(path, O.RDONLY);
  const buffer = new Uint8Array(256);
  const text = new TextDecoder().decode(buffer.subarray(0, pread(fd, buffer, { offset: 0 })));
  const match = /^(\d+) (.*)\n/.exec(text);
  return match === null ? undefined : { pid: Number(match[1]), command: match[2] ?? "" };
}

function held(path: string, fd: OwnedFd, options: LockOptions): FileLock {
  if (options.exclusive !== false) {
    const command = (options.command ?? "beluga").replaceAll(/\s+/g, " ").slice(0, 200);
    const line = new TextEncoder().encode(`${Deno.pid} ${command}\n`);
    pwrite(fd, line, { offset: 0 });
    ftruncate(fd, line.length);
  }
  return new FileLock(path, fd);
}

/** False when the file was removed or replaced while we waited: the lock of a file that nobody finds locks nothing. */
function isCurrent(path: string, fd: OwnedFd): boolean {
  const there = tryStatAt(AT_FDCWD, path);
  const ours = fstat(fd);
  return there !== undefined && there.ino === ours.ino && there.dev === ours.dev;
}

function operation(options: LockOptions): number {
  return options.exclusive === false ? LOCK_SH : LOCK_EX;
}

function tryFlock(fd: OwnedFd, options: LockOptions): boolean {
  for (;;) {
    if (libc.flock(fd.value, operation(options) | LOCK_NB) === 0) return true;
    const code = errno();
    if (code === Errno.EAGAIN) return false;
    if (code !== Errno.EINTR) throw new SysError("flock", code);
  }
}

/** How many of Deno's 32 blocking threads may stand in front of locks; file operations need the others. */
const maxBlocked = 8;
let blocked = 0;
const queue: (() => void)[] = [];

async function waitFlock(path: string, fd: OwnedFd, options: LockOptions): Promise<void> {
  if (options.wait === false) throw new LockedError(path, lockHolder(path));
  while (blocked >= maxBlocked) await waitTurn(options.signal);
  while (!tryFlock(fd, options)) await blockingFlock(fd, options);
}

async function waitTurn(signal: AbortSignal | undefined): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const abort = () => reject(signal?.reason);
  signal?.addEventListener("abort", abort, { once: true });
  queue.push(resolve);
  try {
    await promise;
  } finally {
    signal?.removeEventListener("abort", abort);
    const index = queue.indexOf(resolve);
    if (index >= 0) queue.splice(index, 1);
  }
}

/**
 * A flock(2) that waits on a pool thread cannot be called off. When aborted we go on without it; the thread works on a
 * duplicate, whose lock it gives up again as soon as it gets it.
 */
async function blockingFlock(fd: OwnedFd, options: LockOptions): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const abort = () => reject(options.signal?.reason);
  options.signal?.throwIfAborted();
  options.signal?.addEventListener("abort", abort, { once: true });
  blocked++;
  const copy = dup(fd);
  // Its result tells little (errno is another thread's); the caller asks again without waiting.
  libc.flockAsync(copy.value, operation(options)).then(() => {
    copy[Symbol.dispose]();
    blocked--;
    queue.shift()?.();
    resolve();
  });
  try {
    await promise;
  } finally {
    options.signal?.removeEventListener("abort", abort);
  }
}
