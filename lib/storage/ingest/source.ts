import { EngineError } from "../../errors.ts";
import { lseek, O, open, read } from "../../sys/fd.ts";

/** Bytes of a layer as it comes: a stream, or a part of a file (all of it without `offset` and `size`). */
export type LayerSource =
  | ReadableStream<Uint8Array>
  | { readonly path: string; readonly offset?: number; readonly size?: number };

type Chunks = AsyncGenerator<Uint8Array<ArrayBuffer>, void, void>;

export type Watch = {
  /** The number of bytes there should be. */
  readonly size?: number;
  /** Called with the number of bytes taken so far. */
  readonly onProgress?: (current: number) => void;
  readonly signal?: AbortSignal;
};

/** A source's chunks; stops when aborted, and as soon as there are more bytes than expected. */
export async function* chunksOf(source: LayerSource, { size, onProgress, signal }: Watch): Chunks {
  let current = 0;
  const chunks = source instanceof ReadableStream ? streamChunks(source, signal) : fileChunks(source);
  for await (const chunk of chunks) {
    signal?.throwIfAborted();
    current += chunk.length;
    if (size !== undefined && current > size) {
      throw new EngineError("corrupt", `storing layer: more than the expected ${size} bytes`);
    }
    onProgress?.(current);
    yield chunk;
  }
}

/** An abort ends the wait for a chunk that does not come. */
async function* streamChunks(source: ReadableStream<Uint8Array>, signal: AbortSignal | undefined): Chunks {
  const reader = source.getReader();
  const stop = () => void reader.cancel(signal?.reason).catch(() => {});
  signal?.addEventListener("abort", stop, { once: true });
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield owned(next.value);
    signal?.throwIfAborted();
  } finally {
    signal?.removeEventListener("abort", stop);
    // Ends a download that is not wanted to its end; after the end it does nothing.
    await reader.cancel().catch(() => {});
  }
}

/** A chunk on memory that may be moved to a worker: shared memory, or part of a larger buffer, is copied there. */
function owned(chunk: Uint8Array): Uint8Array<ArrayBuffer> {
  return chunk.buffer instanceof ArrayBuffer
    ? new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length)
    : chunk.slice();
}

const fileChunk = 1 << 19;

async function* fileChunks(
  source: { readonly path: string; readonly offset?: number; readonly size?: number },
): Chunks {
  using fd = open(source.path, O.RDONLY);
  if (source.offset !== undefined) lseek(fd, source.offset);
  for (let left = source.size ?? Infinity; left > 0;) {
    const buffer = new Uint8Array(Math.min(fileChunk, left));
    const count = read(fd, buffer);
    if (count === 0 && source.size !== undefined) {
      throw new EngineError("corrupt", `reading layer from "${source.path}": unexpected end`);
    }
    if (count === 0) return;
    left -= count;
    yield count === buffer.length ? buffer : buffer.slice(0, count);
    await nextTurn();
  }
}

/** Lets messages and signals through between two synchronous reads. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
