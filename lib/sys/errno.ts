import { errnoTable } from "./_errno_table.ts";

type ErrnoEntry = { readonly name: string; readonly text: string };

let byNumber: Map<number, ErrnoEntry> | undefined;

function entryOf(errno: number): ErrnoEntry | undefined {
  byNumber ??= new Map(errnoTable.map(([number, name, text]) => [number, { name, text }]));
  return byNumber.get(errno);
}

/** The symbolic name of an errno, `ENOENT` for 2; `E<number>` for one that Linux does not define. */
export function errnoName(errno: number): string {
  return entryOf(errno)?.name ?? `E${errno}`;
}

/** What strerror(3) says, in lower case: "no such file or directory". */
export function errnoText(errno: number): string {
  return entryOf(errno)?.text ?? `unknown error ${errno}`;
}

/** The number of a symbolic name; 0 for an unknown one. */
export function errnoNumber(name: string): number {
  return errnoTable.find((row) => row[1] === name)?.[0] ?? 0;
}

/** The errno numbers that callers and wrappers decide on. */
export const Errno = {
  EPERM: 1,
  ENOENT: 2,
  ESRCH: 3,
  EINTR: 4,
  EIO: 5,
  ENXIO: 6,
  EBADF: 9,
  ECHILD: 10,
  EAGAIN: 11,
  ENOMEM: 12,
  EACCES: 13,
  EBUSY: 16,
  EEXIST: 17,
  EXDEV: 18,
  ENOTDIR: 20,
  EISDIR: 21,
  EINVAL: 22,
  EMFILE: 24,
  ENOTTY: 25,
  ENOSPC: 28,
  EROFS: 30,
  EPIPE: 32,
  ERANGE: 34,
  ENAMETOOLONG: 36,
  ENOSYS: 38,
  ENOTEMPTY: 39,
  ELOOP: 40,
  ENODATA: 61,
  EPROTO: 71,
  EOPNOTSUPP: 95,
  EADDRINUSE: 98,
  ECONNRESET: 104,
  ECONNREFUSED: 111,
  EINPROGRESS: 115,
  EDQUOT: 122,
} as const;

/**
 * A failed system call: which one, why, and on what. `code` is the errno's name ("ENOENT"); decide on `code` or
 * `errno`, never on the message.
 */
export class SysError extends Error {
  override readonly name = "SysError";
  readonly code: string;

  constructor(readonly call: string, readonly errno: number, readonly path?: string) {
    super(path === undefined ? `${call}: ${errnoText(errno)}` : `${call} ${JSON.stringify(path)}: ${errnoText(errno)}`);
    this.code = errnoName(errno);
  }
}

/** True if `error` is a `SysError` with one of the errno names `codes`. */
export function isSysError(error: unknown, ...codes: readonly string[]): error is SysError {
  return error instanceof SysError && (codes.length === 0 || codes.includes(error.code));
}
