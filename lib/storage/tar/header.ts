import { fromBytes } from "../byte_string.ts";
import type { TarEntry, TarEntryType } from "./entry.ts";
import { corruptTar, type Field, parseDecimal, parseNumber, parseTime } from "./numbers.ts";
import { noXattrs, type PaxRecords, xattrsOf } from "./pax.ts";

export const blockSize = 512;

/** The header block (ustar; GNU's and star's differ behind the device numbers). */
const fields = {
  name: { offset: 0, length: 100 },
  mode: { offset: 100, length: 8 },
  uid: { offset: 108, length: 8 },
  gid: { offset: 116, length: 8 },
  size: { offset: 124, length: 12 },
  mtime: { offset: 136, length: 12 },
  checksum: { offset: 148, length: 8 },
  type: { offset: 156, length: 1 },
  linkName: { offset: 157, length: 100 },
  magic: { offset: 257, length: 8 },
  major: { offset: 329, length: 8 },
  minor: { offset: 337, length: 8 },
  prefix: { offset: 345, length: 155 },
  starPrefix: { offset: 345, length: 131 },
  starMagic: { offset: 508, length: 4 },
} as const satisfies Record<string, Field>;

/** The fields of a header block, before extended headers change them. */
export type RawHeader = {
  readonly flag: string;
  readonly path: string;
  readonly linkPath: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly mtime: number;
  readonly major: number;
  readonly minor: number;
};

function text(block: Uint8Array, { offset, length }: Field): string {
  let end = offset;
  while (end < offset + length && block[end] !== 0) end++;
  return fromBytes(block.subarray(offset, end));
}

export function isZeroBlock(block: Uint8Array): boolean {
  for (let i = 0; i < blockSize; i++) if (block[i] !== 0) return false;
  return true;
}

/** The sum of all bytes, the checksum field counted as blanks; old writers added signed bytes. */
function checkSum(block: Uint8Array): void {
  let unsigned = 8 * 32;
  let high = 0;
  for (let i = 0; i < blockSize; i++) {
    if (i >= 148 && i < 156) continue;
    const byte = block[i] ?? 0;
    unsigned += byte;
    high += byte >> 7;
  }
  const stated = parseNumber(block, fields.checksum);
  if (stated !== unsigned && stated !== unsigned - 256 * high) throw corruptTar("a header has a wrong checksum");
}

/** Reads a header block whose checksum is right. */
export function parseHeader(block: Uint8Array): RawHeader {
  checkSum(block);
  const magic = text(block, fields.magic);
  const devices = magic.startsWith("ustar");
  const prefix = magic === "ustar" ? text(block, prefixField(block)) : "";
  const name = text(block, fields.name);
  const size = parseNumber(block, fields.size);
  if (size < 0) throw corruptTar("a size is negative");
  return {
    flag: String.fromCharCode(block[fields.type.offset] ?? 0),
    path: prefix === "" ? name : `${prefix}/${name}`,
    linkPath: text(block, fields.linkName),
    mode: parseNumber(block, fields.mode) & 0o7777,
    uid: parseNumber(block, fields.uid),
    gid: parseNumber(block, fields.gid),
    size,
    mtime: parseNumber(block, fields.mtime),
    major: devices ? parseNumber(block, fields.major) : 0,
    minor: devices ? parseNumber(block, fields.minor) : 0,
  };
}

function prefixField(block: Uint8Array): Field {
  return text(block, fields.starMagic) === "tar" ? fields.starPrefix : fields.prefix;
}

/** `undefined` for flags that are no files of their own (a volume label). */
export function entryType(header: RawHeader): TarEntryType | undefined {
  switch (header.flag) {
    case "\0":
      return header.path.endsWith("/") ? "directory" : "file";
    case "0":
    case "7":
    case "S":
      return "file";
    case "1":
      return "hardlink";
    case "2":
      return "symlink";
    case "3":
      return "character";
    case "4":
      return "block";
    case "5":
    case "D":
      return "directory";
    case "6":
      return "fifo";
    case "V":
      return undefined;
    default:
      throw corruptTar(`type ${JSON.stringify(header.flag)} of an entry is unknown`);
  }
}

/** Names given by GNU `L` and `K` entries before the header, where there were any. */
export type LongNames = { readonly path?: string; readonly linkPath?: string };

function number(records: PaxRecords, key: string): number | undefined {
  const value = records.values.get(key);
  return value === undefined || value === "" ? undefined : parseDecimal(value, key);
}

/** The header with everything that came before it applied. The size counts only for content that follows. */
export function applyRecords(header: RawHeader, records: PaxRecords, names: LongNames): Omit<TarEntry, "type"> {
  const get = (key: string) => records.values.get(key) || undefined;
  const mtime = get("mtime");
  return {
    path: get("GNU.sparse.name") ?? get("path") ?? names.path ?? header.path,
    linkPath: get("linkpath") ?? names.linkPath ?? header.linkPath,
    mode: header.mode,
    uid: number(records, "uid") ?? header.uid,
    gid: number(records, "gid") ?? header.gid,
    size: number(records, "size") ?? header.size,
    mtime: mtime === undefined ? { sec: header.mtime, nsec: 0 } : parseTime(mtime),
    major: header.major,
    minor: header.minor,
    xattrs: records.values.size === 0 ? noXattrs : xattrsOf(records),
  };
}
