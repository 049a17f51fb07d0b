import { EngineError } from "../../errors.ts";

/** Milliseconds that a server may be silent in the middle of a body. */
const defaultStallTimeout = 60_000;

/**
 * The next piece of a body; `undefined` at the end. Throws `unreachable` if the connection broke, `timeout` if nothing came
 * for so long.
 */
export async function readChunk(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  options: { readonly what: string; readonly stallTimeout?: number },
): Promise<Uint8Array | undefined> {
  const { what, stallTimeout = defaultStallTimeout } = options;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stalled = new Promise<never>((_, reject) => {
    const error = new EngineError("timeout", `reading ${what}: nothing came for ${stallTimeout / 1000} seconds`);
    timer = setTimeout(() => reject(error), stallTimeout);
  });
  try {
    return (await Promise.race([reader.read(), stalled])).value;
  } catch (cause) {
    if (cause instanceof EngineError) throw cause;
    throw new EngineError("unreachable", `reading ${what}: connection broke off`, { cause });
  } finally {
    clearTimeout(timer);
  }
}

/** The whole body of an answer; throws `registry` if it is longer than `limit` bytes. */
export async function readLimited(
  response: Response,
  options: { readonly limit: number; readonly what: string },
): Promise<Uint8Array<ArrayBuffer>> {
  const { limit, what } = options;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunksOf(response, what)) {
    size += chunk.length;
    if (size > limit) throw new EngineError("registry", `reading ${what}: more than ${limit} bytes`);
    chunks.push(chunk);
  }
  return joinChunks(chunks);
}

export function joinChunks(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** Ends an answer whose body nobody wants. */
export async function discard(response: Response): Promise<void> {
  await response.body?.cancel().catch(() => {}); // the connection may be broken already
}

async function* chunksOf(response: Response, what: string): AsyncGenerator<Uint8Array> {
  if (response.body === null) return;
  const reader = response.body.getReader();
  try {
    for (
      let chunk = await readChunk(reader, { what });
      chunk !== undefined;
      chunk = await readChunk(reader, { what })
    ) {
      yield chunk;
    }
  } finally {
    await reader.cancel().catch(() => {}); // the connection may be broken already
  }
}
