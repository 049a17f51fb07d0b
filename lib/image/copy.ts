import { EngineError } from "../errors.ts";
import type { PullEvent } from "../engine/mod.ts";
import { type Digest, digestOf, encodeManifest, imageIdOfConfig, isLayerType, mediaTypes } from "../oci/mod.ts";
import { plainLayerType, type SourceImage, type SourceLayer } from "./source.ts";
import type { ImageLayer, ImageStore } from "./store.ts";

export type CopyOptions = {
  readonly store: ImageStore;
  readonly names: readonly string[];
  readonly emit?: (event: PullEvent) => void;
  /** Layers at the same time. */
  readonly parallel?: number;
  readonly signal?: AbortSignal;
};

const defaultParallel = 4;
const progressStep = 256 * 1024;

/**
 * Brings an image into the store: layers that it lacks, several at once, then the commit. Nothing is visible before
 * that; the first failure stops the other layers. Returns the image's id.
 */
export async function copyImage(image: SourceImage, options: CopyOptions): Promise<string> {
  const { store, emit } = options;
  if (image.warning !== undefined) emit?.({ stream: `WARNING: ${image.warning}\n` });
  const layers = await ingestLayers(image, options);
  emit?.({
    stream: `Copying config ${image.configDigest}\n`,
    progress: {
      digest: image.configDigest,
      what: "config",
      current: image.config.length,
      total: image.config.length,
      state: "done",
    },
  });
  const manifest = image.manifest ?? makeManifest(image, layers);
  options.signal?.throwIfAborted();
  emit?.({ stream: "Writing manifest to image destination\n" });
  const id = await store.commit({
    manifest: manifest.bytes,
    manifestType: manifest.mediaType,
    digest: manifest.digest,
    indexDigest: image.indexDigest,
    config: image.config,
    names: options.names,
    layers,
  });
  const expected = imageIdOfConfig(image.configDigest);
  if (id !== expected) throw new EngineError("internal", `committing image ${expected}: the store named it ${id}`);
  return id;
}

/** Layers that appear twice (empty ones do) are fetched once. */
async function ingestLayers(image: SourceImage, options: CopyOptions): Promise<readonly ImageLayer[]> {
  const abort = new AbortController();
  const signal = AbortSignal.any([abort.signal, ...(options.signal ? [options.signal] : [])]);
  const done = new Map<Digest, Promise<void>>();
  const turns = new Turns(options.parallel ?? defaultParallel);
  const once = (layer: SourceLayer) => {
    const running = done.get(layer.diffId);
    if (running !== undefined) return running;
    const started = turns.run(() => ingestLayer(layer, { ...options, signal }));
    done.set(layer.diffId, started);
    started.catch((error) => abort.abort(error));
    return started;
  };
  const all = image.layers.map(once);
  const [failed] = (await Promise.allSettled(all)).filter((result) => result.status === "rejected");
  if (failed !== undefined) throw abort.signal.reason ?? failed.reason;
  await Promise.all(all);
  // The same tar may be named by blobs that were compressed differently: each entry keeps its own name.
  return image.layers.map((layer) => describeLayer(layer, options.store.layerSize(layer.diffId)));
}

async function ingestLayer(layer: SourceLayer, options: CopyOptions): Promise<void> {
  const { store, emit, signal } = options;
  signal?.throwIfAborted();
  const { digest, size: total } = layer.blob ?? { digest: layer.diffId, size: 0 };
  if (store.hasLayer(layer.diffId)) return sayPresent(layer, options);
  emit?.({
    stream: `Copying blob ${digest}\n`,
    progress: { digest, what: "blob", current: 0, total, state: "running" },
  });
  const ingested = await store.ingest({
    source: await layer.open(signal),
    digest: layer.blob?.digest,
    size: layer.blob?.size,
    diffId: layer.diffId,
    onProgress: inSteps((current) => emit?.({ progress: { digest, what: "blob", current, total, state: "running" } })),
    signal,
  });
  if (ingested.diffId !== layer.diffId) {
    throw new EngineError(
      "corrupt",
      `layer ${digest}: content has diffID ${ingested.diffId}, expected ${layer.diffId}`,
    );
  }
  const current = ingested.size;
  emit?.({ progress: { digest, what: "blob", current, total: total === 0 ? current : total, state: "done" } });
}

function sayPresent(layer: SourceLayer, options: CopyOptions): void {
  const { digest, size } = describeLayer(layer, options.store.layerSize(layer.diffId));
  options.emit?.({
    stream: `Copying blob ${digest} skipped: already exists\n`,
    progress: { digest, what: "blob", current: size, total: size, state: "present" },
  });
}

function describeLayer(layer: SourceLayer, uncompressedSize: number): ImageLayer {
  const { diffId, blob } = layer;
  if (blob === undefined) return { diffId, digest: diffId, size: uncompressedSize, mediaType: plainLayerType };
  const mediaType = isLayerType(blob.mediaType) ? blob.mediaType : mediaTypes.ociLayer;
  return { diffId, digest: blob.digest, size: blob.size, mediaType };
}

/** Reports come with every chunk; a reader needs far fewer. */
function inSteps(report: (current: number) => void): (current: number) => void {
  let last = 0;
  return (current) => {
    if (current - last < progressStep) return;
    last = current;
    report(current);
  };
}

/** The manifest of an image that came without: Docker's kind, of uncompressed layers. */
function makeManifest(
  image: SourceImage,
  layers: readonly ImageLayer[],
): { readonly bytes: Uint8Array; readonly mediaType: string; readonly digest: Digest } {
  const mediaType = mediaTypes.dockerManifest;
  const bytes = encodeManifest({
    kind: "manifest",
    format: "docker",
    mediaType,
    config: { mediaType: mediaTypes.dockerConfig, size: image.config.length, digest: image.configDigest },
    layers: layers.map((layer) => ({ mediaType: layer.mediaType, size: layer.size, digest: layer.digest })),
  });
  return { bytes, mediaType, digest: digestOf(bytes) };
}

/** Lets so many run at once, in the order of arrival. */
class Turns {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(free: number) {
    this.#free = Math.max(1, free);
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#free--;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }
}
