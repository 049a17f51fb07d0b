/**
 * Byte strings: text with one character (0–255) per byte. File names on Linux are bytes, not text; in this form they can
 * be split, compared and used as keys without losing any.
 */

const encoder = new TextEncoder();

/** The bytes as a byte string. */
export function fromBytes(bytes: Uint8Array): string {
  if (bytes.length <= 4096) return String.fromCharCode.apply(undefined, Array.from(bytes));
  let text = "";
  for (let at = 0; at < bytes.length; at += 4096) text += fromBytes(bytes.subarray(at, at + 4096));
  return text;
}

/** The bytes of a byte string. */
export function toBytes(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** For system calls: plain text where it is ASCII (the fast way), else the bytes. */
export function toName(text: string): string | Uint8Array<ArrayBuffer> {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 127) return toBytes(text);
  }
  return text;
}

/** A directory entry's name (text, or bytes where it is not UTF-8) as a byte string. */
export function fromName(name: string | Uint8Array): string {
  return fromBytes(typeof name === "string" ? encoder.encode(name) : name);
}

/** For messages. */
export function toText(text: string): string {
  const name = toName(text);
  return typeof name === "string" ? name : new TextDecoder().decode(name);
}

/** A path below a root as plain components joined by "/": `.`, empty ones and `..` are resolved, never above the root. */
export function cleanPath(path: string): string {
  if (isClean(path)) return path;
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  return parts.join("/");
}

/** A cheap test that is right when it says yes: nothing to resolve. */
function isClean(path: string): boolean {
  return path !== "" && !path.startsWith("/") && !path.endsWith("/") && !path.startsWith(".") &&
    !path.includes("/.") && !path.includes("//");
}

/** Directory and last component of a clean path; the directory of a top-level name is "". */
export function splitPath(path: string): { readonly parent: string; readonly name: string } {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? { parent: "", name: path } : { parent: path.slice(0, slash), name: path.slice(slash + 1) };
}

export function joinPath(parent: string, name: string): string {
  return parent === "" ? name : `${parent}/${name}`;
}
