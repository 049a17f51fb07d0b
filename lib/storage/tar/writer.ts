import { toBytes } from "../byte_string.ts";
import type { TarEntry, TarTime } from "./entry.ts";
import { blockSize } from "./header.ts";

/** What the writer needs of an entry; the rest has the values of a plain file of root's. */
export type TarInput = Pick<TarEntry, "path" | "type"> & Partial<TarEntry>;

const flags: { readonly [Type in TarEntry["type"]]: string } = {
  file: "0",
  hardlink: "1",
  symlink: "2",
  character: "3",
  block: "4",
  directory: "5",
  fifo: "6",
};

/** The two zero blocks that end an archive. */
export const tarEnd: Uint8Array<ArrayBuffer> = new Uint8Array(2 * blockSize);

/** The padding after `size` bytes of content. */
export function tarPadding(size: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array((blockSize - size % blockSize) % blockSize);
}

/**
 * The header of an entry: ustar, with a PAX header before it where a value does not fit. The same entry always gives the
 * same bytes. Names are byte strings. Content (`size` bytes), `tarPadding` and at last `tarEnd` are the caller's to write.
 */
export function tarHeader(entry: TarInput): Uint8Array<ArrayBuffer> {
  const records = paxRecords(entry);
  if (records.length === 0) return header(entry, flags[entry.type]);
  const body = concat(records);
  const name = `PaxHeaders.0/${entry.path.replace(/\/+$/, "").split("/").at(-1) ?? ""}`.slice(0, 100);
  const extended = header({ path: name, type: "file", size: body.length, mode: 0o644 }, "x");
  return concat([extended, body, tarPadding(body.length), header(entry, flags[entry.type])]);
}

const limits = { id: 0o7777777, size: 0o77777777777 };

function paxRecords(entry: TarInput): Uint8Array<ArrayBuffer>[] {
  const { path, linkPath = "", uid = 0, gid = 0, size = 0, mtime = { sec: 0, nsec: 0 } } = entry;
  const records: [string, string][] = [];
  if (path.length > 100 || !isAscii(path)) records.push(["path", path]);
  if (linkPath.length > 100 || !isAscii(linkPath)) records.push(["linkpath", linkPath]);
  if (uid > limits.id) records.push(["uid", String(uid)]);
  if (gid > limits.id) records.push(["gid", String(gid)]);
  if (size > limits.size) records.push(["size", String(size)]);
  if (mtime.nsec !== 0 || mtime.sec < 0 || mtime.sec > limits.size) records.push(["mtime", timeText(mtime)]);
  const attributes = [...entry.xattrs ?? []].sort(([one], [other]) => one < other ? -1 : 1);
  const plain = records.map(([key, value]) => paxRecord(key, toBytes(value)));
  return [...plain, ...attributes.map(([key, value]) => paxRecord(`SCHILY.xattr.${key}`, value))];
}

/** `LENGTH KEY=VALUE\n`, whose length counts its own digits. */
function paxRecord(key: string, value: Uint8Array): Uint8Array<ArrayBuffer> {
  const rest = key.length + value.length + 3;
  let length = rest + String(rest).length;
  if (String(length).length > String(rest).length) length = rest + String(length).length;
  return concat([toBytes(`${length} ${key}=`), value, toBytes("\n")]);
}

function timeText({ sec, nsec }: TarTime): string {
  if (nsec === 0) return String(sec);
  const [whole, fraction] = sec < 0 ? [sec + 1, 1_000_000_000 - nsec] : [sec, nsec];
  const sign = sec < 0 && whole === 0 ? "-" : "";
  return `${sign}${whole}.${String(fraction).padStart(9, "0").replace(/0+$/, "")}`;
}

function isAscii(text: string): boolean {
  // deno-lint-ignore no-control-regex
  return /^[\x00-\x7f]*$/.test(text);
}

function header(entry: TarInput, flag: string): Uint8Array<ArrayBuffer> {
  const block = new Uint8Array(blockSize);
  const text = (at: number, value: string) => block.set(toBytes(value), at);
  const octal = (at: number, digits: number, value: number) =>
    text(at, Math.min(Math.max(value, 0), 8 ** digits - 1).toString(8).padStart(digits, "0"));
  text(0, entry.path.slice(0, 100));
  octal(100, 7, entry.mode ?? 0o644);
  octal(108, 7, entry.uid ?? 0);
  octal(116, 7, entry.gid ?? 0);
  octal(124, 11, entry.size ?? 0);
  octal(136, 11, entry.mtime?.sec ?? 0);
  text(148, "        ");
  text(156, flag);
  text(157, (entry.linkPath ?? "").slice(0, 100));
  text(257, "ustar\x0000");
  octal(329, 7, entry.major ?? 0);
  octal(337, 7, entry.minor ?? 0);
  text(148, `${block.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, "0")}\0 `);
  return block;
}

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
