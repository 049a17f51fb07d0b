import { EngineError } from "../errors.ts";
import { isSysError } from "../sys/errno.ts";
import { O, open, type OwnedFd } from "../sys/fd.ts";
import { renameAt } from "../sys/file.ts";
import { isWhole, makeDurable } from "./layer/durable.ts";
import { type LayerFacts, readFacts } from "./layer/layer.ts";
import type { StoragePaths } from "./paths.ts";
import { StagingPlace } from "./staging.ts";

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
  async openTar(diffId: string): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    using _ = this.#open(diffId);
    const { openTar } = await import("./layer/export.ts");
    return openTar(this.#paths.layer(diffId));
  }

  /** Waits until the layers are on the disk, as they must be before an image that names them is committed. */
  sync(diffIds: readonly string[]): void {
    using opened = new DisposableStack();
    makeDurable(diffIds.map((diffId) => opened.use(this.#open(diffId))));
  }

  /** Removes a layer that nothing uses. One that is not there is fine. */
  remove(diffId: string): void {
    // Out of sight in one step; a crash from here on leaves garbage in staging.
    using place = new StagingPlace(this.#paths);
    try {
      renameAt({ name: this.#paths.layer(diffId) }, { dir: place.directory, name: place.name });
    } catch (error) {
      if (!isSysError(error, "ENOENT")) throw error;
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
