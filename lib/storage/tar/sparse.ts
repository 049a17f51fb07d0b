import { fromBytes } from "../byte_string.ts";
import type { SparseMap } from "./entry.ts";
import { corruptTar, parseDecimal, parseNumber } from "./numbers.ts";
import type { PaxRecords } from "./pax.ts";

/** A map longer than this is an attack. */
const maxPieces = 1 << 17;

/** Which sparse format an entry has: none, a map in hand, or a map that follows at the start of the content. */
export type PaxSparse =
  | { readonly kind: "none" }
  | { readonly kind: "map"; readonly map: SparseMap }
  | { readonly kind: "inContent"; readonly size: number };

/** GNU sparse 0.0, 0.1 and 1.0 as told by PAX records. */
export function paxSparse(records: PaxRecords, contentSize: number): PaxSparse {
  const { values, sparsePieces } = records;
  if (values.size === 0) return { kind: "none" };
  if (values.get("GNU.sparse.major") === "1") {
    return { kind: "inContent", size: parseDecimal(values.get("GNU.sparse.realsize") ?? "", "GNU.sparse.realsize") };
  }
  const map = values.get("GNU.sparse.map");
  const size = values.get("GNU.sparse.size") ?? values.get("GNU.sparse.realsize");
  if (map === undefined && sparsePieces.length === 0) return { kind: "none" };
  if (size === undefined) throw corruptTar("a sparse file has no size");
  const pieces = map === undefined
    ? sparsePieces
    : map === ""
    ? []
    : map.split(",").map((one) => parseDecimal(one, "map"));
  return { kind: "map", map: checkMap({ size: parseDecimal(size, "size"), pieces }, contentSize) };
}

/** Pieces must ascend without overlap inside the file, and fill the content exactly. */
export function checkMap(map: SparseMap, contentSize: number): SparseMap {
  if (map.pieces.length % 2 !== 0 || map.pieces.length > 2 * maxPieces) throw corruptTar("a sparse map is malformed");
  let end = 0;
  let total = 0;
  for (let i = 0; i < map.pieces.length; i += 2) {
    const offset = map.pieces[i] ?? 0;
    const length = map.pieces[i + 1] ?? 0;
    if (offset < end || length < 0 || offset + length > map.size) throw corruptTar("a sparse map is out of order");
    end = offset + length;
    total += length;
  }
  if (total !== contentSize) throw corruptTar("a sparse map and the size of its file differ");
  return map;
}

/**
 * Old GNU format: up to 4 pairs in the header at 386, "more follows" at 482, real size at 483; each further block has 21
 * pairs and "more follows" at 504.
 */
export class OldSparse {
  readonly #pieces: number[] = [];
  readonly #size: number;
  more: boolean;

  constructor(header: Uint8Array) {
    this.#size = parseNumber(header, { offset: 483, length: 12 });
    if (this.#size < 0) throw corruptTar("a size is negative");
    this.#take(header, { offset: 386, count: 4 });
    this.more = header[482] !== 0;
  }

  extend(block: Uint8Array): void {
    this.#take(block, { offset: 0, count: 21 });
    this.more = block[504] !== 0;
    if (this.#pieces.length > 2 * maxPieces) throw corruptTar("a sparse map is too long");
  }

  map(contentSize: number): SparseMap {
    return checkMap({ size: this.#size, pieces: this.#pieces }, contentSize);
  }

  #take(block: Uint8Array, table: { readonly offset: number; readonly count: number }): void {
    for (let i = 0; i < table.count; i++) {
      const at = table.offset + 24 * i;
      if (block[at] === 0) return;
      const [offset, length] = [{ offset: at, length: 12 }, { offset: at + 12, length: 12 }];
      this.#pieces.push(parseNumber(block, offset), parseNumber(block, length));
    }
  }
}

/** Format 1.0: the content starts with decimal lines (count, then offset and length of each), padded to a block. */
export class SparseText {
  #line = "";
  #count = -1;
  readonly #pieces: number[] = [];

  constructor(readonly size: number) {}

  get complete(): boolean {
    return this.#count >= 0 && this.#pieces.length === 2 * this.#count;
  }

  /** Takes one block. */
  push(block: Uint8Array): void {
    for (const byte of block) {
      if (this.complete) return;
      if (byte !== 10) this.#line += fromBytes(Uint8Array.of(byte));
      else this.#number();
      if (this.#line.length > 20) throw corruptTar("a sparse map is malformed");
    }
  }

  map(contentSize: number): SparseMap {
    return checkMap({ size: this.size, pieces: this.#pieces }, contentSize);
  }

  #number(): void {
    const value = parseDecimal(this.#line, "sparse map");
    this.#line = "";
    if (this.#count >= 0) this.#pieces.push(value);
    else if (value > maxPieces) throw corruptTar("a sparse map is too long");
    else this.#count = value;
  }
}
