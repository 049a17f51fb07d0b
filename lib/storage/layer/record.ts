/**
 * The record of a layer: everything of its tar but the contents of files, so that the tar can be given back byte for byte
 * ("tar split"). Written while the layer is extracted, read once per export.
 *
 *   record  = "BLR1" frame…            frame = u32 packed size, u32 size, raw deflate of operations
 *   raw     = 01 u32 length, bytes
 *   content = 02 u32 length of path, path, u32 pairs, (f64 offset, f64 length)…      (little endian)
 *
 * A frame holds whole operations. `content` stands for those pieces of a file below `diff/`; the path is real, without
 * links or `..`. A file that a later entry of the same tar replaced lies below `kept/` (see `kept.ts`).
 */
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { EngineError } from "../../errors.ts";
import { type Fd, pread, writeAll } from "../../sys/fd.ts";
import { fromBytes, toBytes } from "../byte_string.ts";

const magic = new TextEncoder().encode("BLR1");
const frameSize = 1 << 18;
const [rawTag, contentTag] = [1, 2];

/** Pieces of a file's content, flat: [offset, length, …]. */
export type ContentRef = { readonly path: string; readonly pieces: readonly number[] };

/** Writes a record to an open file. `end` must be called for it to be whole. */
export class RecordWriter {
  #buffer = new Uint8Array(frameSize);
  #view = new DataView(this.#buffer.buffer);
  #used = 0;
  /** Where the length of the raw operation that is being added to stands; -1 if the last one is no raw one. */
  #rawAt = -1;
  readonly #fd: Fd;

  constructor(fd: Fd) {
    this.#fd = fd;
    writeAll(fd, magic);
  }

  raw(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      if (this.#buffer.length - this.#used < 64) this.#flush();
      if (this.#rawAt < 0) this.#startRaw();
      const count = Math.min(bytes.length - at, this.#buffer.length - this.#used);
      this.#buffer.set(bytes.subarray(at, at + count), this.#used);
      this.#used += count;
      at += count;
      this.#view.setUint32(this.#rawAt, this.#used - this.#rawAt - 4, true);
    }
  }

  content({ path, pieces }: ContentRef): void {
    const size = 9 + path.length + 8 * pieces.length;
    if (this.#buffer.length - this.#used < size) this.#flush();
    if (this.#buffer.length < size) this.#grow(size);
    this.#rawAt = -1;
    this.#view.setUint8(this.#used, contentTag);
    this.#view.setUint32(this.#used + 1, path.length, true);
    this.#buffer.set(toBytes(path), this.#used + 5);
    let at = this.#used + 5 + path.length;
    this.#view.setUint32(at, pieces.length / 2, true);
    at += 4;
    for (const number of pieces) {
      this.#view.setFloat64(at, number, true);
      at += 8;
    }
    this.#used = at;
  }

  end(): void {
    this.#flush();
  }

  #startRaw(): void {
    this.#buffer[this.#used] = rawTag;
    this.#rawAt = this.#used + 1;
    this.#used += 5;
  }

  #grow(size: number): void {
    this.#buffer = new Uint8Array(size);
    this.#view = new DataView(this.#buffer.buffer);
  }

  #flush(): void {
    this.#rawAt = -1;
    if (this.#used === 0) return;
    const packed = deflateRawSync(this.#buffer.subarray(0, this.#used), { level: 1 });
    const head = new Uint8Array(8);
    new DataView(head.buffer).setUint32(0, packed.length, true);
    new DataView(head.buffer).setUint32(4, this.#used, true);
    writeAll(this.#fd, head);
    writeAll(this.#fd, new Uint8Array(packed));
    this.#used = 0;
  }
}

export type RecordPart =
  | { readonly kind: "raw"; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: "content"; readonly ref: ContentRef };

/** The parts of a record in order. Throws `EngineError("corrupt")` where it is damaged. */
export function* readRecord(fd: Fd): Generator<RecordPart, void, void> {
  const start = new Uint8Array(magic.length);
  if (pread(fd, start, { offset: 0 }) !== magic.length || start.some((byte, i) => byte !== magic[i])) {
    throw damaged();
  }
  let offset = magic.length;
  const head = new Uint8Array(8);
  for (;;) {
    const count = pread(fd, head, { offset });
    if (count === 0) return;
    if (count !== 8) throw damaged();
    const view = new DataView(head.buffer);
    const packed = new Uint8Array(view.getUint32(0, true));
    offset += 8;
    readExactly(fd, packed, { offset });
    offset += packed.length;
    yield* readFrame(unpack(packed, view.getUint32(4, true)));
  }
}

function* readFrame(bytes: Uint8Array<ArrayBuffer>): Generator<RecordPart, void, void> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at < bytes.length;) {
    if (at + 5 > bytes.length) throw damaged();
    const tag = bytes[at];
    const end = at + 5 + view.getUint32(at + 1, true);
    if (end > bytes.length) throw damaged();
    const body = bytes.subarray(at + 5, end);
    at = end;
    if (tag === rawTag) {
      yield { kind: "raw", bytes: body };
      continue;
    }
    if (tag !== contentTag || at + 4 > bytes.length) throw damaged();
    const pieces = readPieces(view, at);
    at += 4 + 8 * pieces.length;
    yield { kind: "content", ref: { path: fromBytes(body), pieces } };
  }
}

function readPieces(view: DataView, at: number): number[] {
  const count = 2 * view.getUint32(at, true);
  if (at + 4 + 8 * count > view.byteLength) throw damaged();
  return Array.from({ length: count }, (_, i) => view.getFloat64(at + 4 + 8 * i, true));
}

function unpack(packed: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  try {
    const bytes = inflateRawSync(packed, { maxOutputLength: Math.max(size, 1) });
    if (bytes.length === size) return new Uint8Array(bytes);
  } catch {
    // Told below.
  }
  throw damaged();
}

function readExactly(fd: Fd, buffer: Uint8Array<ArrayBuffer>, { offset }: { readonly offset: number }): void {
  for (let done = 0; done < buffer.length;) {
    const count = pread(fd, buffer.subarray(done), { offset: offset + done });
    if (count === 0) throw damaged();
    done += count;
  }
}

function damaged(): EngineError {
  return new EngineError("corrupt", "reading layer record: it is damaged");
}
