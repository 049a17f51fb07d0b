/**
 * Buffers for the arguments and answers of system calls, made once: an extraction makes tens of thousands of calls and
 * must not leave garbage behind. A buffer is only valid until the next call that uses it; nothing here may be kept
 * across an `await`.
 */
import { Errno, SysError } from "./errno.ts";

/** A path or file name: text, or the raw bytes of a name that is not UTF-8. */
export type Name = string | Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** PATH_MAX of the kernel, terminating NUL included. */
const pathMax = 4096;

export const pathBuffer = new Uint8Array(pathMax);
export const secondPathBuffer = new Uint8Array(pathMax);
export const nameBuffer = new Uint8Array(256);

/** Writes `text` with its NUL into `buffer`; refuses an inner NUL (EINVAL) and what does not fit (ENAMETOOLONG). */
function put(buffer: Uint8Array<ArrayBuffer>, text: Name): Uint8Array<ArrayBuffer> {
  if (typeof text !== "string") return putBytes(buffer, text);
  if (text.includes("\0")) throw new SysError("path", Errno.EINVAL, text);
  const { read, written } = encoder.encodeInto(text, buffer);
  if (read < text.length || written >= buffer.length) throw new SysError("path", Errno.ENAMETOOLONG, text);
  buffer[written] = 0;
  return buffer;
}

function putBytes(buffer: Uint8Array<ArrayBuffer>, bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (bytes.includes(0)) throw new SysError("path", Errno.EINVAL, nameText(bytes));
  if (bytes.length >= buffer.length) throw new SysError("path", Errno.ENAMETOOLONG, nameText(bytes));
  buffer.set(bytes);
  buffer[bytes.length] = 0;
  return buffer;
}

/** The first path argument of a call. */
export function path(text: Name): Uint8Array<ArrayBuffer> {
  return put(pathBuffer, text);
}

/** The second path argument of the same call. */
export function secondPath(text: Name): Uint8Array<ArrayBuffer> {
  return put(secondPathBuffer, text);
}

/** A short name beside paths: an extended attribute, a file system type. */
export function shortName(text: Name): Uint8Array<ArrayBuffer> {
  return put(nameBuffer, text);
}

/** A NUL-terminated copy of its own, for what must outlive the call or does not fit a path. */
export function cString(text: Name): Uint8Array<ArrayBuffer> {
  const bytes = typeof text === "string" ? encoder.encode(text) : text;
  if (bytes.includes(0)) throw new SysError("path", Errno.EINVAL, nameText(text));
  const result = new Uint8Array(bytes.length + 1);
  result.set(bytes);
  return result;
}

/** A name as text, for messages. */
export function nameText(name: Name): string {
  return typeof name === "string" ? name : decoder.decode(name);
}

/** The text before the first NUL. */
export function textUntilNul(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return decoder.decode(end < 0 ? bytes : bytes.subarray(0, end));
}
