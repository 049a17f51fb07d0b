import { EngineError } from "../../errors.ts";
import { type Digest, parseDigest } from "../../oci/digest.ts";
import { O, open, openat } from "../../sys/fd.ts";
import { RENAME, renameAt } from "../../sys/file.ts";
import { isSysError } from "../../sys/errno.ts";
import type { ExtractOptions } from "../extract/extractor.ts";
import { failureOf } from "../failure.ts";
import { writeFacts } from "../layer/layer.ts";
import { isWhole, markUnsynced } from "../layer/durable.ts";
import { layerName, type StoragePaths } from "../paths.ts";
import { StagingPlace } from "../staging.ts";
import type { Compression } from "./inflate.ts";
import { chunksOf, type LayerSource } from "./source.ts";
import { LayerPipeline, type PipelineOptions, type PipelineResult } from "./pipeline.ts";
import { RemotePipeline } from "./remote_pipeline.ts";
import type { Workers } from "./workers.ts";

export type { LayerSource } from "./source.ts";
export { Workers } from "./workers.ts";

export type Expected = {
  /** Of the bytes as they come. */
  readonly digest?: string;
  readonly size?: number;
  /** The digest of the uncompressed tar. */
  readonly diffId?: string;
};

export type IngestInput = {
  readonly source: LayerSource;
  /** Absent: told by the first bytes. */
  readonly compression?: Compression;
  /** What the layer must be, as far as it is known; `{}` if nothing is. */
  readonly expect: Expected;
  /** Called with the number of bytes taken from `source` so far. */
  readonly onProgress?: (current: number) => void;
  readonly signal?: AbortSignal;
};

export type IngestedLayer = {
  readonly diffId: Digest;
  /** Of the bytes as they came. */
  readonly digest: Digest;
  readonly size: number;
  readonly uncompressedSize: number;
  readonly compression: Compression;
};

export type IngestContext = {
  readonly paths: StoragePaths;
  readonly workers: Workers;
  readonly extract: ExtractOptions;
};

/** A worker takes 40 ms to start: layers up to this size are done before it could begin. */
const inlineLimit = 3 << 19;

/**
 * Brings a layer into the store: extracted in `staging/`, verified, then renamed to its place in one step. Rejects with
 * `EngineError` "corrupt" (not what was expected, or no tar), "noSpace", "permission", "unsupported", or with the
 * signal's reason; nothing is left behind then. A layer that is there already is verified all the same, and dropped.
 */
export async function ingestLayer(context: IngestContext, input: IngestInput): Promise<IngestedLayer> {
  input.signal?.throwIfAborted();
  using place = new StagingPlace(context.paths);
  try {
    place.make();
    const result = await extract(context, input, { directory: place.path });
    verify(result, input.expect);
    return publish(context.paths, result, place);
  } catch (error) {
    if (input.signal?.aborted) throw input.signal.reason;
    throw failureOf(error, { action: "storing layer" });
  }
}

async function extract(
  context: IngestContext,
  input: IngestInput,
  { directory }: { readonly directory: string },
): Promise<PipelineResult> {
  const watch = { size: input.expect.size, onProgress: input.onProgress, signal: input.signal };
  const iterator = chunksOf(input.source, watch)[Symbol.asyncIterator]();
  try {
    const start = await collectStart(iterator);
    const options: PipelineOptions = { extract: context.extract, compression: input.compression };
    if (start.ended) return await extractHere(start.chunks, { directory, options });
    const rest = { start: start.chunks, iterator };
    return await context.workers.use((worker) =>
      extractThere(new RemotePipeline(worker, { directory, options }), rest)
    );
  } finally {
    // Ends the source: a failed extraction must not leave a download running.
    await iterator.return?.();
  }
}

/** The first chunks, up to what is worth a worker. */
async function collectStart(
  iterator: AsyncIterator<Uint8Array<ArrayBuffer>>,
): Promise<{ readonly chunks: Uint8Array<ArrayBuffer>[]; readonly ended: boolean }> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for (let size = 0; size <= inlineLimit;) {
    const next = await iterator.next();
    if (next.done) return { chunks, ended: true };
    chunks.push(next.value);
    size += next.value.length;
  }
  return { chunks, ended: false };
}

async function extractHere(
  chunks: readonly Uint8Array<ArrayBuffer>[],
  { directory, options }: { readonly directory: string; readonly options: PipelineOptions },
): Promise<PipelineResult> {
  using pipeline = new LayerPipeline(open(directory, O.RDONLY | O.DIRECTORY), options);
  for (const chunk of chunks) await pipeline.push(chunk);
  return await pipeline.end();
}

async function extractThere(
  pipeline: RemotePipeline,
  rest: {
    readonly start: readonly Uint8Array<ArrayBuffer>[];
    readonly iterator: AsyncIterator<Uint8Array<ArrayBuffer>>;
  },
): Promise<PipelineResult> {
  try {
    for (const chunk of rest.start) await pipeline.push(chunk);
    for (let next = await rest.iterator.next(); !next.done; next = await rest.iterator.next()) {
      await pipeline.push(next.value);
    }
    return await pipeline.end();
  } catch (error) {
    await pipeline.abort();
    throw error;
  }
}

function verify({ facts, digest, size }: PipelineResult, expect: Expected): void {
  if (expect.size !== undefined && size !== expect.size) {
    throw new EngineError("corrupt", `storing layer: ${size} bytes instead of the expected ${expect.size}`);
  }
  if (expect.digest !== undefined && digest !== expect.digest) {
    throw new EngineError("corrupt", `storing layer: digest is "${digest}", expected "${expect.digest}"`);
  }
  if (expect.diffId !== undefined && facts.diffId !== expect.diffId) {
    throw new EngineError("corrupt", `storing layer: diffID is "${facts.diffId}", expected "${expect.diffId}"`);
  }
}

/** Renames the finished layer to its place, unless it is there. */
function publish(
  paths: StoragePaths,
  result: PipelineResult,
  place: StagingPlace,
): IngestedLayer {
  const { facts, digest, size, compression } = result;
  {
    using layer = openat(place.directory, place.name, { flags: O.RDONLY | O.DIRECTORY | O.NOFOLLOW });
    writeFacts(layer, facts);
    markUnsynced(layer);
  }
  using layers = open(paths.layers, O.RDONLY | O.DIRECTORY);
  const from = { dir: place.directory, name: place.name };
  const to = { dir: layers, name: layerName(facts.diffId) };
  try {
    renameAt(from, to, { flags: RENAME.NOREPLACE });
  } catch (error) {
    if (!isSysError(error, "EEXIST")) throw error;
    using there = openat(layers, to.name, { flags: O.RDONLY | O.DIRECTORY });
    // One that a power failure spoilt gives way; what lands in staging is removed.
    if (!isWhole(there)) renameAt(from, to, { flags: RENAME.EXCHANGE });
  }
  return {
    diffId: parseDigest(facts.diffId),
    digest: parseDigest(digest),
    size,
    uncompressedSize: facts.uncompressedSize,
    compression,
  };
}
