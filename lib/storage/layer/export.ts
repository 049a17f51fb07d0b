import { createHash } from "node:crypto";
import { EngineError } from "../../errors.ts";
import { O, open, openat, openat2, OwnedFd, pread, RESOLVE } from "../../sys/fd.ts";
import { fstat } from "../../sys/file.ts";
import { isSysError } from "../../sys/errno.ts";
import { toName, toText } from "../byte_string.ts";
import { locate } from "../extract/kept.ts";
import { type LayerFacts, readFacts } from "./layer.ts";
import { type ContentRef, readRecord } from "./record.ts";

const chunkSize = 1 << 18;

/**
 * The tar that a layer was made of, byte for byte. The stream fails with `EngineError("corrupt")` where files were
 * changed behind our back: the sum is compared with the diffID at the end.
 */
export function openTar(layerPath: string): ReadableStream<Uint8Array<ArrayBuffer>> {
  const layer = open(layerPath, O.RDONLY | O.DIRECTORY);
  const source = chunks(layer);
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      const next = source.next();
      if (next.done) controller.close();
      else controller.enqueue(next.value);
    },
    cancel() {
      source.return();
      layer[Symbol.dispose]();
    },
  }, { highWaterMark: 2 });
}

function* chunks(layer: OwnedFd): Generator<Uint8Array<ArrayBuffer>, void, void> {
  using owned = layer;
  const facts = readFacts(owned);
  const hash = createHash("sha256");
  for (const chunk of joined(parts(owned, facts))) {
    hash.update(chunk);
    yield chunk;
  }
  if (`sha256:${hash.digest("hex")}` === facts.diffId) return;
  throw new EngineError("corrupt", `reading layer "${facts.diffId}": its files were changed`);
}

function* parts(layer: OwnedFd, facts: LayerFacts): Generator<Uint8Array<ArrayBuffer>, void, void> {
  using record = openat(layer, "record", { flags: O.RDONLY | O.NOFOLLOW });
  const buffer = new Uint8Array(chunkSize);
  let index = 0;
  for (const part of readRecord(record)) {
    if (part.kind === "raw") yield part.bytes;
    else yield* content(layer, { ...part.ref, path: locate(index++, part.ref.path, facts) }, { buffer });
  }
}

/** Headers are small: they are handed on together with what surrounds them. */
function* joined(pieces: Iterable<Uint8Array<ArrayBuffer>>): Generator<Uint8Array<ArrayBuffer>, void, void> {
  let buffer = new Uint8Array(chunkSize);
  let used = 0;
  for (const piece of pieces) {
    for (let at = 0; at < piece.length;) {
      const count = Math.min(piece.length - at, buffer.length - used);
      buffer.set(piece.subarray(at, at + count), used);
      at += count;
      used += count;
      if (used < buffer.length) continue;
      yield buffer;
      buffer = new Uint8Array(chunkSize);
      used = 0;
    }
  }
  if (used > 0) yield buffer.subarray(0, used);
}

function* content(
  layer: OwnedFd,
  ref: ContentRef,
  { buffer }: { readonly buffer: Uint8Array<ArrayBuffer> },
): Generator<Uint8Array<ArrayBuffer>, void, void> {
  using fd = openContent(layer, ref.path);
  for (let i = 0; i < ref.pieces.length; i += 2) {
    let offset = ref.pieces[i] ?? 0;
    for (let left = ref.pieces[i + 1] ?? 0; left > 0;) {
      const count = pread(fd, buffer.subarray(0, Math.min(left, chunkSize)), { offset });
      if (count === 0) throw changed(ref.path);
      yield buffer.subarray(0, count);
      offset += count;
      left -= count;
    }
  }
}

function openContent(layer: OwnedFd, path: string): OwnedFd {
  const resolve = RESOLVE.BENEATH | RESOLVE.NO_SYMLINKS | RESOLVE.NO_MAGICLINKS;
  try {
    using fd = openat2(layer, toName(path), { flags: O.RDONLY | O.NOFOLLOW | O.NONBLOCK, resolve });
    if (fstat(fd).type !== "file") throw changed(path);
    return new OwnedFd(fd.release());
  } catch (cause) {
    if (isSysError(cause, "ENOENT", "ENOTDIR", "ELOOP")) throw changed(path);
    throw cause;
  }
}

function changed(path: string): EngineError {
  return new EngineError("corrupt", `reading "${toText(path)}" of a layer: it was changed`);
}
