/**
 * A writer of tar archives that says exactly what it is told to, wrong and hostile things included, so that what the
 * program reads was not written by its own code.
 */

export type Entry = {
  readonly path: string;
  readonly type?: "file" | "directory" | "symlink" | "hardlink" | "character" | "block" | "fifo";
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly time?: number;
  readonly link?: string;
  readonly content?: string | Uint8Array;
  readonly device?: readonly [number, number];
  /** Records of a PAX header in front of the entry. */
  readonly pax?: Readonly<Record<string, string>>;
  /** A name too long for a plain header goes into a PAX record, or into GNU's own entry. */
  readonly longNames?: "pax" | "gnu";
};

const flags = {
  file: "0",
  hardlink: "1",
  symlink: "2",
  character: "3",
  block: "4",
  directory: "5",
  fifo: "6",
} as const;
const blockSize = 512;
const encoder = new TextEncoder();

/** The archive of `entries`, with its two empty blocks at the end. */
export function tar(entries: readonly Entry[]): Uint8Array<ArrayBuffer> {
  return concat([...entries.flatMap(entryBlocks), new Uint8Array(2 * blockSize)]);
}

function entryBlocks(entry: Entry): readonly Uint8Array[] {
  const content = toBytes(entry.content ?? "");
  const type = flags[entry.type ?? "file"];
  const pax = { ...longPax(entry), ...entry.pax };
  const gnu = entry.longNames === "gnu" ? [...longGnu("K", entry.link ?? ""), ...longGnu("L", entry.path)] : [];
  const extended = Object.keys(pax).length === 0
    ? []
    : withHeader({ path: "PaxHeaders/0" }, paxRecords(pax), { type: "x" });
  return [...extended, ...gnu, ...withHeader(entry, content, { type })];
}

function longPax({ path, link = "", longNames = "pax" }: Entry): Record<string, string> {
  if (longNames === "gnu") return {};
  return { ...(path.length > 100 ? { path } : {}), ...(link.length > 100 ? { linkpath: link } : {}) };
}

function longGnu(type: string, name: string): readonly Uint8Array[] {
  return name.length > 100 ? withHeader({ path: "././@LongLink" }, encoder.encode(`${name}\0`), { type }) : [];
}

function paxRecords(records: Readonly<Record<string, string>>): Uint8Array {
  return concat(
    Object.entries(records).map(([key, value]) => {
      const rest = encoder.encode(` ${key}=${value}\n`).length;
      let size = rest + 1;
      while (String(size).length + rest !== size) size = String(size).length + rest;
      return encoder.encode(`${size} ${key}=${value}\n`);
    }),
  );
}

function withHeader(entry: Entry, content: Uint8Array, { type }: { readonly type: string }): readonly Uint8Array[] {
  const padding = new Uint8Array((blockSize - content.length % blockSize) % blockSize);
  return [header(entry, content.length, { type }), content, padding];
}

function header(entry: Entry, size: number, { type }: { readonly type: string }): Uint8Array {
  const block = new Uint8Array(blockSize);
  const put = (offset: number, text: string) => block.set(encoder.encode(text), offset);
  const number = (value: number, digits: number) => value.toString(8).padStart(digits, "0");
  const isDirectory = entry.type === "directory";
  block.set(encoder.encode(entry.path).subarray(0, 100), 0);
  put(100, number(entry.mode ?? (isDirectory ? 0o755 : 0o644), 7));
  put(108, number(Math.min(entry.uid ?? 0, 0o7777777), 7));
  put(116, number(Math.min(entry.gid ?? 0, 0o7777777), 7));
  put(124, number(size, 11));
  put(136, number(entry.time ?? 1_600_000_000, 11));
  put(148, "        ");
  put(156, type);
  block.set(encoder.encode(entry.link ?? "").subarray(0, 100), 157);
  put(257, "ustar\x0000");
  put(329, number(entry.device?.[0] ?? 0, 7));
  put(337, number(entry.device?.[1] ?? 0, 7));
  const sum = block.reduce((total, byte) => total + byte, 0);
  put(148, `${number(sum, 6)}\0 `);
  return block;
}

export function toBytes(content: string | Uint8Array): Uint8Array {
  return typeof content === "string" ? encoder.encode(content) : content;
}

export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
