import { createGzip } from "node:zlib";
import { Readable } from "node:stream";
import { EngineError } from "../errors.ts";
import { type Digest, digestAlgorithm, Digester } from "../oci/mod.ts";
import { type SpooledArchive, temporaryFile, writeChunk } from "./spool.ts";
import type { ImageStore } from "./store.ts";
import type { TarFile } from "./tar_writer.ts";

/** A layer that is ready to be written. */
export type LayerFile = { readonly digest: Digest; readonly size: number; readonly content: TarFile["content"] };

export type LayerFilesOptions = {
  readonly store: ImageStore;
  readonly directory: string;
  readonly signal?: AbortSignal;
};

/** Layers of the store as files for an archive, verified on their way. Temporary files end with it. */
export class LayerFiles implements Disposable {
  readonly #options: LayerFilesOptions;
  #temporary: SpooledArchive | undefined;

  constructor(options: LayerFilesOptions) {
    this.#options = options;
  }

  /** The tar, byte for byte. */
  plain(diffId: Digest): LayerFile {
    const { store } = this.#options;
    return { digest: diffId, size: store.layerSize(diffId), content: () => this.#read(diffId) };
  }

  /** The tar compressed with gzip; to be used up before the next one is asked for. */
  async compressed(diffId: Digest): Promise<LayerFile> {
    this.#temporary?.[Symbol.dispose]();
    const temporary = this.#temporary = await temporaryFile(this.#options.directory);
    const digester = new Digester();
    using file = await Deno.open(temporary.path, { write: true });
    for await (const chunk of gzip(this.#read(diffId))) {
      digester.update(chunk);
      await writeChunk(file, { chunk, path: this.#options.directory });
    }
    const { size } = digester;
    return { digest: digester.finish(), size, content: () => readFile(temporary.path) };
  }

  [Symbol.dispose](): void {
    this.#temporary?.[Symbol.dispose]();
    this.#temporary = undefined;
  }

  async *#read(diffId: Digest): AsyncGenerator<Uint8Array> {
    const { store, signal } = this.#options;
    const digester = new Digester(digestAlgorithm(diffId));
    for await (const chunk of await store.openLayer(diffId)) {
      signal?.throwIfAborted();
      digester.update(chunk);
      yield chunk;
    }
    const actual = digester.finish();
    if (actual === diffId) return;
    throw new EngineError("corrupt", `reading layer ${diffId}: the store gave ${actual}`);
  }
}

/** No time, no name: the same bytes give the same digest. */
async function* gzip(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = Readable.from(chunks);
  const deflater = createGzip({ level: 6, chunkSize: 256 * 1024 });
  let sourceFailure: unknown;
  source.on("error", (error) => {
    sourceFailure = error;
    deflater.destroy(error);
  });
  try {
    for await (const chunk of source.pipe(deflater)) yield chunk;
  } catch (error) {
    throw sourceFailure ?? error;
  } finally {
    source.destroy();
    deflater.destroy();
  }
}

async function* readFile(path: string): AsyncGenerator<Uint8Array> {
  const file = await Deno.open(path, { read: true });
  yield* file.readable;
}
