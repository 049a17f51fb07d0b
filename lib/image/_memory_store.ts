import { gunzipSync } from "node:zlib";
import { EngineError } from "../errors.ts";
import { type Digest, digestOf, imageIdOfConfig, parseManifest } from "../oci/mod.ts";
import { joinChunks } from "./registry/body.ts";
import type { BlobSource, CommitInput, ImageStore, IngestedLayer, IngestInput, StoredImage } from "./store.ts";

/** An `ImageStore` for tests: keeps what it gets in memory, verifies all that the interface promises. */
export class MemoryStore implements ImageStore {
  readonly layers = new Map<Digest, Uint8Array<ArrayBuffer>>();
  readonly images = new Map<string, CommitInput>();
  /** Every call of `ingest` that took its source, in order. */
  readonly ingested: Digest[] = [];
  committed: readonly CommitInput[] = [];

  readonly hasLayer = (diffId: Digest): boolean => this.layers.has(diffId);

  readonly layerSize = (diffId: Digest): number => this.#layer(diffId).length;

  readonly ingest = async (input: IngestInput): Promise<IngestedLayer> => {
    const bytes = await readSource(input);
    const digest = digestOf(bytes);
    if (input.size !== undefined && input.size !== bytes.length) throw new EngineError("corrupt", `layer: wrong size`);
    if (input.digest !== undefined && input.digest !== digest) throw new EngineError("corrupt", `layer: wrong digest`);
    const tar = inflate(bytes);
    const diffId = digestOf(tar);
    if (input.diffId !== undefined && input.diffId !== diffId) throw new EngineError("corrupt", `layer: wrong diffID`);
    this.layers.set(diffId, tar);
    this.ingested.push(diffId);
    return { diffId, digest, size: bytes.length, uncompressedSize: tar.length };
  };

  readonly commit = (input: CommitInput): Promise<string> => {
    const manifest = parseManifest(input.manifest, input.manifestType);
    if (manifest.kind !== "manifest") throw new Error("an index was committed");
    if (input.digest !== digestOf(input.manifest)) throw new Error("the manifest has another digest");
    for (const layer of input.layers) this.#layer(layer.diffId);
    const id = imageIdOfConfig(manifest.config.digest);
    this.images.set(id, input);
    this.committed = [...this.committed, input];
    return Promise.resolve(id);
  };

  readonly find = (id: string): StoredImage | null => {
    const found = this.images.get(id);
    return found === undefined ? null : { id, ...found };
  };

  readonly openLayer = (diffId: Digest): Promise<ReadableStream<Uint8Array>> =>
    Promise.resolve(new Blob([this.#layer(diffId)]).stream());

  #layer(diffId: Digest): Uint8Array<ArrayBuffer> {
    const layer = this.layers.get(diffId);
    if (layer === undefined) throw new Error(`no layer ${diffId}`);
    return layer;
  }
}

async function readSource(input: IngestInput): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunksOf(input.source)) {
    input.signal?.throwIfAborted();
    chunks.push(chunk);
    size += chunk.length;
    input.onProgress?.(size);
  }
  return joinChunks(chunks);
}

async function* chunksOf(source: BlobSource): AsyncGenerator<Uint8Array> {
  if (source instanceof ReadableStream) return yield* source;
  const bytes = await Deno.readFile(source.path);
  const start = source.offset ?? 0;
  yield bytes.subarray(start, source.size === undefined ? undefined : start + source.size);
}

function inflate(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return isGzip ? new Uint8Array(gunzipSync(bytes)) : bytes;
}
