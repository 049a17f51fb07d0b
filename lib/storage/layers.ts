import { EngineError } from "../errors.ts";
import { isSysError } from "../sys/errno.ts";
import { O, open, type OwnedFd } from "../sys/fd.ts";
import { removeTree, renameAt } from "../sys/file.ts";
import { lockFile } from "../sys/lock.ts";
import { isWhole, makeDurable } from "./layer/durable.ts";
import { openTar } from "./layer/export.ts";
import { type LayerFacts, readFacts } from "./layer/layer.ts";
import { layerName, type StoragePaths } from "./paths.ts";

/** Layers in the store, by diffID. */
export class Layers {
  readonly #paths: StoragePaths;

  constructor(paths: StoragePaths) {
    this.#paths = paths;
  }

  /** True if the layer is there and whole. */
  has(diffId: string): boolean {
    using layer = this.#tryOpen(diffId);
    return layer !== undefined && isWhole(layer);
  }

  facts(diffId: string): LayerFacts {
    using layer = this.#open(diffId);
    return readFacts(layer);
  }

  /** The layer's tar, as it was ingested. */
  openTar(diffId: string): ReadableStream<Uint8Array<ArrayBuffer>> {
    using _ = this.#open(diffId);
    return openTar(this.#paths.layer(diffId));
  }

  /** Waits until the layers are on the disk, as they must be before an image that names them is committed. */
  sync(diffIds: readonly string[]): void {
    using opened = new DisposableStack();
    makeDurable(diffIds.map((diffId) => opened.use(this.#open(diffId))));
  }

  /** Removes a layer that nothing uses. One that is not there is fine. */
  async remove(diffId: string): Promise<void> {
    const name = crypto.randomUUID();
    using staging = open(this.#paths.staging, O.RDONLY | O.DIRECTORY);
    using _lock = await lockFile(`${this.#paths.staging}/${name}.lock`);
    using layers = open(this.#paths.layers, O.RDONLY | O.DIRECTORY);
    try {
      // Out of sight in one step; a crash from here on leaves garbage in staging.
      renameAt({ dir: layers, name: layerName(diffId) }, { dir: staging, name });
      removeTree(staging, name);
    } catch (error) {
      if (!isSysError(error, "ENOENT")) throw error;
    } finally {
      removeTree(staging, `${name}.lock`);
    }
  }

  #tryOpen(diffId: string): OwnedFd | undefined {
    try {
      return open(this.#paths.layer(diffId), O.RDONLY | O.DIRECTORY);
    } catch (error) {
      if (isSysError(error, "ENOENT")) return undefined;
      throw error;
    }
  }

  #open(diffId: string): OwnedFd {
    const layer = this.#tryOpen(diffId);
    if (layer === undefined) throw new EngineError("notFound", `layer "${diffId}": it is not in the store`);
    return layer;
  }
}
