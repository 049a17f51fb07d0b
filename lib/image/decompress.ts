import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { EngineError, messageOf } from "../errors.ts";
import { openZstd } from "../sys/zstd.ts";

type Bytes = Uint8Array<ArrayBuffer>;
export type ArchiveCompression = "none" | "gzip" | "zstd";

/** Bytes that `detectCompression` has to see. */
export const detectionSize = 6;

const magics: readonly (readonly [readonly number[], string])[] = [
  [[0x1f, 0x8b], "gzip"],
  [[0x28, 0xb5, 0x2f, 0xfd], "zstd"],
  [[0x42, 0x5a, 0x68], "bzip2"],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], "xz"],
];

/** By the first bytes of an archive. */
export function detectCompression(start: Uint8Array): ArchiveCompression {
  const found = magics.find(([magic]) => magic.every((byte, index) => start[index] === byte))?.[1] ?? "none";
  if (found === "none" || found === "gzip" || found === "zstd") return found;
  throw new EngineError("unsupported", `reading archive: ${found} compression is not supported`);
}

/** The content of a compressed stream. Throws `corrupt` for damaged or cut input. */
export function decompress(chunks: AsyncIterable<Bytes>, compression: ArchiveCompression): AsyncIterable<Bytes> {
  switch (compression) {
    case "none":
      return chunks;
    case "gzip":
      return gunzip(chunks);
    case "zstd":
      return unzstd(chunks);
    default:
      return compression satisfies never;
  }
}

async function* gunzip(chunks: AsyncIterable<Bytes>): AsyncGenerator<Bytes> {
  const source = Readable.from(chunks);
  const inflater = createGunzip({ chunkSize: 256 * 1024 });
  let sourceFailure: unknown;
  source.on("error", (error) => {
    sourceFailure = error;
    inflater.destroy(error);
  });
  try {
    for await (const chunk of source.pipe(inflater)) yield chunk;
  } catch (cause) {
    throw sourceFailure ?? damaged(messageOf(cause), cause);
  } finally {
    source.destroy();
    inflater.destroy();
  }
}

async function* unzstd(chunks: AsyncIterable<Bytes>): AsyncGenerator<Bytes> {
  using native = openZstd();
  const ready: Bytes[] = [];
  const decoder = native === undefined ? await pureZstd(ready) : {
    push: (bytes: Bytes) => native.push(bytes, (piece) => ready.push(piece.slice())),
    complete: () => native.complete,
  };
  for await (const chunk of chunks) {
    pushZstd(decoder, chunk);
    yield* ready.splice(0);
  }
  if (!decoder.complete()) throw damaged("unexpected end of file");
  yield* ready.splice(0);
}

type ZstdDecoder = { readonly push: (bytes: Bytes) => void; readonly complete: () => boolean };

function pushZstd(decoder: ZstdDecoder, chunk: Bytes): void {
  try {
    decoder.push(chunk);
  } catch (cause) {
    throw damaged("damaged zstd data", cause);
  }
}

/** For hosts without libzstd. */
async function pureZstd(ready: Bytes[]): Promise<ZstdDecoder> {
  const { Decompress } = await import("fzstd");
  const stream = new Decompress((bytes) => {
    ready.push(new Uint8Array(bytes));
  });
  const complete = () => {
    try {
      stream.push(new Uint8Array(), true);
      return true;
    } catch {
      return false;
    }
  };
  return { push: (bytes) => stream.push(bytes), complete };
}

function damaged(reason: string, cause?: unknown): EngineError {
  return new EngineError("corrupt", `decompressing archive: ${reason}`, { cause });
}
