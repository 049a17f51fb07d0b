import { EngineError } from "../errors.ts";
import { decompress, detectCompression, detectionSize } from "./decompress.ts";
import { isDiskFull, reasonOf } from "./file_reason.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** An uncompressed archive on disk; deleted when disposed, if it is our copy. */
export type SpooledArchive = Disposable & { readonly path: string };

export type SpoolOptions = {
  /** Where copies go. */
  readonly directory: string;
  readonly signal?: AbortSignal;
};

/** Makes an archive seekable: streams and compressed files are written to a temporary file, other files stay. */
export async function spoolArchive(
  input: ReadableStream<Uint8Array> | { readonly path: string },
  options: SpoolOptions,
): Promise<SpooledArchive> {
  if (input instanceof ReadableStream) return await spoolStream(input, options);
  using file = await openFile(input.path);
  const start = new Uint8Array(detectionSize);
  const count = await file.read(start) ?? 0;
  if (detectCompression(start.subarray(0, count)) === "none") {
    return { path: input.path, [Symbol.dispose]: () => {} };
  }
  return await spoolStream((await openFile(input.path)).readable, options);
}

/** A file of our own for bytes on their way. */
export async function temporaryFile(directory: string): Promise<SpooledArchive> {
  try {
    await Deno.mkdir(directory, { recursive: true }); // --tmpdir may name a new one
    const path = await Deno.makeTempFile({ dir: directory, prefix: "archive-" });
    return { path, [Symbol.dispose]: () => removeFile(path) };
  } catch (cause) {
    throw unwritable(directory, cause);
  }
}

async function openFile(path: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(path, { read: true });
  } catch (cause) {
    const kind = cause instanceof Deno.errors.PermissionDenied ? "permission" : "notFound";
    throw new EngineError(kind, `opening file ${JSON.stringify(path)}: open ${path}: ${reasonOf(cause)}`, { cause });
  }
}

async function spoolStream(stream: ReadableStream<Uint8Array>, options: SpoolOptions): Promise<SpooledArchive> {
  const copy = await temporaryFile(options.directory);
  try {
    const { start, chunks } = await peek(stream);
    const content = decompress(chunks, detectCompression(start));
    await writeFile(copy.path, { content, signal: options.signal });
    return copy;
  } catch (error) {
    copy[Symbol.dispose]();
    await stream.cancel().catch(() => {}); // it may have ended, or be the cause
    throw error;
  }
}

/** The first bytes of a stream, and all of it. */
async function peek(
  stream: ReadableStream<Uint8Array>,
): Promise<{ readonly start: Uint8Array; readonly chunks: AsyncIterable<Bytes> }> {
  const iterator = stream[Symbol.asyncIterator]();
  const first: Bytes[] = [];
  let size = 0;
  while (size < detectionSize) {
    const next = await iterator.next();
    if (next.done) break;
    first.push(new Uint8Array(next.value));
    size += next.value.length;
  }
  const start = new Uint8Array(await new Blob(first).arrayBuffer()).subarray(0, detectionSize);
  return { start, chunks: joined(first, iterator) };
}

async function* joined(first: readonly Bytes[], rest: AsyncIterator<Uint8Array>): AsyncGenerator<Bytes> {
  try {
    yield* first;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield new Uint8Array(next.value);
  } finally {
    await rest.return?.();
  }
}

async function writeFile(
  path: string,
  { content, signal }: { readonly content: AsyncIterable<Bytes>; readonly signal?: AbortSignal },
): Promise<void> {
  using file = await Deno.open(path, { write: true, truncate: true });
  for await (const chunk of content) {
    signal?.throwIfAborted();
    await writeChunk(file, { chunk, path });
  }
}

/** Writes all of `chunk`. */
export async function writeChunk(
  file: Deno.FsFile,
  { chunk, path }: { readonly chunk: Uint8Array; readonly path: string },
): Promise<void> {
  try {
    for (let done = 0; done < chunk.length;) done += await file.write(chunk.subarray(done));
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

function unwritable(path: string, cause: unknown): EngineError {
  const kind = isDiskFull(cause) ? "noSpace" : "permission";
  const reason = isDiskFull(cause) ? "no space left on device" : reasonOf(cause);
  return new EngineError(kind, `writing temporary file in ${JSON.stringify(path)}: ${reason}`, { cause });
}

function removeFile(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
