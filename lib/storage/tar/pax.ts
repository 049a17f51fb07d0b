import { fromBytes, toBytes } from "../byte_string.ts";
import { corruptTar, parseDecimal } from "./numbers.ts";

/**
 * Records of a PAX extended header. An empty value takes back what a global header said. `sparsePieces` are the
 * repeated offset and length records of GNU sparse format 0.0, in order.
 */
export type PaxRecords = {
  readonly values: Map<string, string>;
  readonly sparsePieces: number[];
};

export function noRecords(): PaxRecords {
  return { values: new Map(), sparsePieces: [] };
}

const [space, newline] = [32, 10];

/** Parses `LENGTH KEY=VALUE\n` records (pax(1), "pax extended header"); values are byte strings. */
export function parsePax(body: Uint8Array, into: PaxRecords): void {
  for (let at = 0; at < body.length;) {
    const blank = body.indexOf(space, at);
    if (blank < 0 || blank - at > 10) {
      // Some writers pad the body with NULs.
      if (body.subarray(at).every((byte) => byte === 0)) return;
      throw corruptTar("a PAX record has no length");
    }
    const length = parseDecimal(fromBytes(body.subarray(at, blank)), "length of a PAX record");
    const end = at + length;
    if (end > body.length || end <= blank + 1 || body[end - 1] !== newline) {
      throw corruptTar("a PAX record has a wrong length");
    }
    parseRecord(fromBytes(body.subarray(blank + 1, end - 1)), into);
    at = end;
  }
}

function parseRecord(text: string, into: PaxRecords): void {
  const equals = text.indexOf("=");
  if (equals <= 0) throw corruptTar("a PAX record has no key");
  const key = text.slice(0, equals);
  const value = text.slice(equals + 1);
  if (key === "GNU.sparse.offset" || key === "GNU.sparse.numbytes") {
    into.sparsePieces.push(parseDecimal(value, key));
    return;
  }
  if ((key === "path" || key === "linkpath" || key === "GNU.sparse.name") && value.includes("\0")) {
    throw corruptTar("a name contains a NUL");
  }
  into.values.set(key, value);
}

const schily = "SCHILY.xattr.";
const libarchive = "LIBARCHIVE.xattr.";

/** The extended attributes among the records; libarchive's have percent-encoded names and base64 values. */
export function xattrsOf(records: PaxRecords): ReadonlyMap<string, Uint8Array<ArrayBuffer>> {
  if (records.values.size === 0) return noXattrs;
  const found = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const [key, value] of records.values) {
    if (key.startsWith(libarchive)) found.set(libarchiveName(key), libarchiveValue(value));
  }
  for (const [key, value] of records.values) {
    if (key.startsWith(schily)) found.set(key.slice(schily.length), toBytes(value));
  }
  return found;
}

export const noXattrs: ReadonlyMap<string, Uint8Array<ArrayBuffer>> = new Map();

function libarchiveName(key: string): string {
  return key.slice(libarchive.length)
    .replace(/%([0-9A-Fa-f]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function libarchiveValue(value: string): Uint8Array<ArrayBuffer> {
  try {
    return toBytes(atob(value));
  } catch {
    throw corruptTar("an extended attribute is not base64");
  }
}
