import { type Name, path, shortName, textUntilNul } from "./_scratch.ts";
import { Errno, SysError } from "./errno.ts";
import { check, type Fd, fdNumber } from "./fd.ts";
import { errno, libc } from "./libc.ts";

/** XATTR_SIZE_MAX and XATTR_LIST_MAX of the kernel. */
let scratch: Uint8Array<ArrayBuffer> | undefined;

function valueBuffer(): Uint8Array<ArrayBuffer> {
  scratch ??= new Uint8Array(65536);
  return scratch;
}

function valueOf(length: number, call: string): Uint8Array<ArrayBuffer> | undefined {
  if (length >= 0) return valueBuffer().slice(0, length);
  const code = errno();
  if (code === Errno.ENODATA || code === Errno.EOPNOTSUPP) return undefined;
  throw new SysError(call, code);
}

function listOf(length: number, call: string): string[] {
  if (length >= 0) return splitNames(valueBuffer().subarray(0, length));
  const code = errno();
  if (code === Errno.EOPNOTSUPP) return [];
  throw new SysError(call, code);
}

function splitNames(bytes: Uint8Array): string[] {
  const names: string[] = [];
  for (let start = 0; start < bytes.length;) {
    const name = bytes.subarray(start);
    const end = name.indexOf(0);
    names.push(textUntilNul(name));
    start += (end < 0 ? name.length : end) + 1;
  }
  return names;
}

/** An attribute's value, with `XATTR` flags. */
export type XattrValue = { readonly value: Uint8Array<ArrayBuffer>; readonly flags?: number };

/** Flags of setxattr(2). */
export const XATTR = { CREATE: 1, REPLACE: 2 } as const;

export function fsetxattr(fd: Fd, name: string, options: XattrValue): void {
  const { value, flags } = options;
  check(libc.fsetxattr(fdNumber(fd), shortName(name), value, value.length, flags ?? 0), "setxattr", name);
}

/** An attribute's value; `undefined` when the file has none or the file system knows none. */
export function fgetxattr(fd: Fd, name: string): Uint8Array<ArrayBuffer> | undefined {
  const buffer = valueBuffer();
  return valueOf(libc.fgetxattr(fdNumber(fd), shortName(name), buffer, buffer.length), "getxattr");
}

export function flistxattr(fd: Fd): string[] {
  const buffer = valueBuffer();
  return listOf(libc.flistxattr(fdNumber(fd), buffer, buffer.length), "listxattr");
}

export function fremovexattr(fd: Fd, name: string): void {
  check(libc.fremovexattr(fdNumber(fd), shortName(name)), "removexattr", name);
}

/**
 * Sets an attribute of the last component of `file`, which is not followed if it is a link. To stay below an open
 * directory, name the file `/proc/self/fd/N/name`.
 */
export function lsetxattr(file: Name, name: string, options: XattrValue): void {
  const { value, flags } = options;
  check(libc.lsetxattr(path(file), shortName(name), value, value.length, flags ?? 0), "setxattr", name);
}

export function lgetxattr(file: Name, name: string): Uint8Array<ArrayBuffer> | undefined {
  const buffer = valueBuffer();
  return valueOf(libc.lgetxattr(path(file), shortName(name), buffer, buffer.length), "getxattr");
}

export function llistxattr(file: Name): string[] {
  const buffer = valueBuffer();
  return listOf(libc.llistxattr(path(file), buffer, buffer.length), "listxattr");
}

export function lremovexattr(file: Name, name: string): void {
  check(libc.lremovexattr(path(file), shortName(name)), "removexattr", name);
}
