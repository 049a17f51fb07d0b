import { fromBytes } from "../byte_string.ts";
import type { SparseMap, TarEntry, TarEntryType } from "./entry.ts";
import {
  applyRecords,
  blockSize,
  entryType,
  isZeroBlock,
  type LongNames,
  parseHeader,
  type RawHeader,
} from "./header.ts";
import { corruptTar } from "./numbers.ts";
import { noRecords, parsePax, type PaxRecords } from "./pax.ts";
import { OldSparse, paxSparse, SparseText } from "./sparse.ts";

/**
 * Receives an archive in order. Every byte of it arrives exactly once, through `raw` or `data`: `raw` gets headers,
 * padding, the end and what `entry` did not want. The arrays are only valid during the call.
 */
export type TarSink = {
  readonly raw: (bytes: Uint8Array<ArrayBuffer>) => void;
  /** A complete entry. True: its content comes through `data` and ends with `end` (also where it is empty). */
  readonly entry: (entry: TarEntry) => boolean;
  readonly data: (bytes: Uint8Array<ArrayBuffer>) => void;
  readonly end: () => void;
};

/** A long name or a PAX header larger than this is an attack (Go's archive/tar has the same limit). */
const maxMeta = 1 << 20;

type State =
  | { readonly kind: "header" }
  | { readonly kind: "zero" }
  | { readonly kind: "meta"; readonly flag: string; readonly size: number }
  | { readonly kind: "oldSparse"; readonly header: RawHeader; readonly map: OldSparse }
  | { readonly kind: "sparseText"; readonly entry: Entry; readonly map: SparseText }
  | { readonly kind: "content"; readonly wanted: boolean }
  | { readonly kind: "skip" }
  | { readonly kind: "finished" };

type Entry = Omit<TarEntry, "type">;

const header: State = { kind: "header" };
const zero: State = { kind: "zero" };
const skip: State = { kind: "skip" };
const finished: State = { kind: "finished" };
const wanted: State = { kind: "content", wanted: true };
const unwanted: State = { kind: "content", wanted: false };

/**
 * A push parser: `push` chunks of any size, then `end`. Throws `EngineError("corrupt")` for what is not a tar; what the
 * sink throws passes through, and nothing may be pushed after that.
 *
 *   header ──► meta (x g L K) ──► header
 *   header ──► [oldSparse | sparseText] ──► content ──► skip (padding) ──► header
 *   header ──► zero ──► finished
 */
export class TarReader {
  #state: State = header;
  /** Bytes to go in `content`, `skip` and `meta`. */
  #left = 0;
  /** Collects what is needed whole: a block, or the body of a meta entry. */
  #pending: Uint8Array<ArrayBuffer> = new Uint8Array(blockSize);
  #filled = 0;
  #global: PaxRecords = noRecords();
  #local: PaxRecords | undefined;
  #names: LongNames = {};
  /** Padding after the content (or meta body) that is being read. */
  #padding = 0;

  constructor(readonly sink: TarSink) {}

  push(chunk: Uint8Array<ArrayBuffer>): void {
    for (let at = 0; at < chunk.length;) {
      switch (this.#state.kind) {
        case "content":
        case "skip":
          at += this.#pass(chunk, at);
          break;
        case "finished":
          this.sink.raw(at === 0 ? chunk : chunk.subarray(at));
          return;
        default:
          at += this.#collect(chunk, at);
      }
    }
  }

  /** Says that the archive is complete. An archive without an end mark is accepted, as others do. */
  end(): void {
    if (this.#filled > 0) throw corruptTar("unexpected end");
    const { kind } = this.#state;
    if (kind !== "header" && kind !== "zero" && kind !== "finished") throw corruptTar("unexpected end");
    if (this.#local !== undefined || this.#names.path !== undefined || this.#names.linkPath !== undefined) {
      throw corruptTar("unexpected end");
    }
  }

  /** Content and padding go through without a copy. */
  #pass(chunk: Uint8Array<ArrayBuffer>, at: number): number {
    const count = Math.min(this.#left, chunk.length - at);
    const bytes = at === 0 && count === chunk.length ? chunk : chunk.subarray(at, at + count);
    this.#left -= count;
    if (this.#state === wanted) this.sink.data(bytes);
    else this.sink.raw(bytes);
    if (this.#left === 0) this.#passed();
    return count;
  }

  #passed(): void {
    if (this.#state === wanted) this.sink.end();
    const padding = this.#padding;
    this.#padding = 0;
    this.#left = padding;
    this.#state = padding > 0 ? skip : header;
  }

  /** Blocks and meta bodies: taken straight from the chunk where they lie in it whole. */
  #collect(chunk: Uint8Array<ArrayBuffer>, at: number): number {
    const size = this.#state.kind === "meta" ? this.#state.size : blockSize;
    if (this.#filled === 0 && chunk.length - at >= size) {
      this.#take(chunk.subarray(at, at + size));
      return size;
    }
    if (this.#pending.length < size) this.#pending = grown(this.#pending, size);
    const count = Math.min(size - this.#filled, chunk.length - at);
    this.#pending.set(chunk.subarray(at, at + count), this.#filled);
    this.#filled += count;
    if (this.#filled < size) return count;
    this.#filled = 0;
    this.#take(this.#pending.subarray(0, size));
    return count;
  }

  #take(bytes: Uint8Array<ArrayBuffer>): void {
    this.sink.raw(bytes);
    const state = this.#state;
    switch (state.kind) {
      case "header":
        if (isZeroBlock(bytes)) this.#state = zero;
        else this.#header(bytes);
        return;
      case "zero":
        if (!isZeroBlock(bytes)) throw corruptTar("a single zero block is not an end");
        this.#state = finished;
        return;
      case "meta":
        this.#meta(state.flag, bytes);
        this.#passed();
        return;
      case "oldSparse":
        state.map.extend(bytes);
        if (!state.map.more) this.#oldSparse(state.header, state.map);
        return;
      case "sparseText":
        this.#left -= blockSize;
        state.map.push(bytes);
        if (state.map.complete) this.#begin(state.entry, { type: "file", size: this.#left, sparse: state.map });
        else if (this.#left < blockSize) throw corruptTar("a sparse map is longer than its file");
        return;
      case "content":
      case "skip":
      case "finished":
        return;
      default:
        return state satisfies never;
    }
  }

  #header(block: Uint8Array<ArrayBuffer>): void {
    const raw = parseHeader(block);
    if ("xXgLK".includes(raw.flag)) return this.#startMeta(raw);
    if (raw.flag !== "S") return this.#entry(raw);
    const map = new OldSparse(block);
    if (map.more) this.#state = { kind: "oldSparse", header: raw, map };
    else this.#oldSparse(raw, map);
  }

  #startMeta(raw: RawHeader): void {
    if (raw.size > maxMeta) throw corruptTar("an extended header is too long");
    this.#padding = paddingOf(raw.size);
    this.#state = { kind: "meta", flag: raw.flag, size: raw.size };
    if (raw.size > 0) return;
    this.#meta(raw.flag, new Uint8Array(0));
    this.#passed();
  }

  #meta(flag: string, body: Uint8Array): void {
    if (flag === "L") this.#names = { ...this.#names, path: untilNul(body) };
    else if (flag === "K") this.#names = { ...this.#names, linkPath: untilNul(body) };
    else if (flag === "g") parsePax(body, this.#global);
    else parsePax(body, this.#local ??= noRecords());
  }

  #records(): PaxRecords {
    const local = this.#local;
    const global = this.#global.values;
    if (local === undefined) return this.#global;
    return global.size === 0 ? local : { ...local, values: new Map([...global, ...local.values]) };
  }

  #oldSparse(raw: RawHeader, map: OldSparse): void {
    const entry = applyRecords(raw, this.#records(), this.#takeNames());
    this.#local = undefined;
    this.#begin(entry, { type: "file", size: entry.size, sparse: map });
  }

  #entry(raw: RawHeader): void {
    const records = this.#records();
    const entry = applyRecords(raw, records, this.#takeNames());
    this.#local = undefined;
    const type = entryType({ ...raw, path: entry.path });
    if (type === undefined) return this.#content(entry.size, false);
    if (type !== "file") return this.#begin(entry, { type, size: raw.flag === "D" ? entry.size : 0 });
    const sparse = paxSparse(records, entry.size);
    if (sparse.kind === "none") return this.#begin(entry, { type, size: entry.size });
    if (sparse.kind === "map") return this.#begin(entry, { type, size: entry.size, sparse: { map: () => sparse.map } });
    if (entry.size < blockSize) throw corruptTar("a sparse map is longer than its file");
    this.#padding = paddingOf(entry.size);
    this.#left = entry.size;
    this.#state = { kind: "sparseText", entry, map: new SparseText(sparse.size) };
  }

  #takeNames(): LongNames {
    const names = this.#names;
    this.#names = {};
    return names;
  }

  /** `size`: what follows in the archive; only a file's is handed on as content. */
  #begin(
    entry: Entry,
    facts: {
      readonly type: TarEntryType;
      readonly size: number;
      readonly sparse?: { readonly map: (contentSize: number) => SparseMap };
    },
  ): void {
    const { type, size } = facts;
    const sparse = facts.sparse?.map(size);
    const takes = this.sink.entry({ ...entry, type, size: type === "file" ? size : 0, sparse });
    this.#content(size, takes);
  }

  #content(size: number, takes: boolean): void {
    // A sparse map in the content is whole blocks, so the padding is that of what follows it.
    this.#padding = paddingOf(size);
    this.#left = size;
    this.#state = takes ? wanted : unwanted;
    if (size === 0) this.#passed();
  }
}

function paddingOf(size: number): number {
  return (blockSize - size % blockSize) % blockSize;
}

function grown(buffer: Uint8Array<ArrayBuffer>, size: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(size);
  larger.set(buffer);
  return larger;
}

function untilNul(body: Uint8Array): string {
  const end = body.indexOf(0);
  return fromBytes(end < 0 ? body : body.subarray(0, end));
}
