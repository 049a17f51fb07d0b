import { mkdirSync } from "node:fs";
import { join } from "node:path/posix";
import { AT_FDCWD } from "../sys/fd.ts";
import { tryStatAt } from "../sys/file.ts";
import { lockFile } from "../sys/lock.ts";
import {
  type ContainerPaths,
  type ContainerRootInput,
  ContainerRoots,
  type ContainerSizes,
} from "./container_roots.ts";
import type { Ids } from "./copy/copy_tree.ts";
import type { ExtractOptions } from "./extract/extractor.ts";
import type { Collected, Live } from "./gc.ts";
import type { IngestedLayer, IngestInput } from "./ingest/ingest.ts";
import type { Workers } from "./ingest/workers.ts";
import { Layers } from "./layers.ts";
import { copiedMark, type Mounter } from "./mount/mounter.ts";
import { parseMountOptions } from "./mount/overlay.ts";
import { chooseDriver, type Driver, parseDriver } from "./mount/driver.ts";
import { StoragePaths } from "./paths.ts";
import { inUserNamespace, whiteoutNamespace } from "./user_namespace.ts";
import { fillVolume, type FillVolumeInput, Volumes } from "./volumes.ts";

export type StorageInput = {
  /** Absolute; made if missing. */
  readonly root: string;
  /** Emptied by a boot; the answer of the probe is kept there. */
  readonly runRoot: string;
  /** Directory of the volumes; default: ROOT/volumes. */
  readonly volumes?: string;
  /** `overlay`, `vfs` or "" for whatever works. */
  readonly driver: string;
  /** `overlay.mount_program`; "": the kernel where it can. */
  readonly mountProgram?: string;
  /** `overlay.mountopt`: `nodev,metacopy=on`. */
  readonly mountOptions?: string;
  /** Files of owners that the user namespace does not have stay with us instead of being an error. */
  readonly ignoreChownErrors?: boolean;
};

/**
 * Opens the storage of one root. Cheap: what the kernel can mount is found out when first needed, workers start with the
 * first large layer. A user without privileges opens it inside the user namespace (lib/rootless).
 */
export function openStorage(input: StorageInput): Storage {
  parseDriver(input.driver);
  const paths = new StoragePaths(input.root, input.runRoot, { volumes: input.volumes });
  for (const directory of [paths.layers, paths.staging, paths.containers, paths.volumes, paths.volumeStaging]) {
    if (tryStatAt(AT_FDCWD, directory) === undefined) mkdirSync(directory, { recursive: true, mode: 0o711 });
  }
  return new Storage(paths, input);
}

/** Layers, root file systems of containers and volumes, by id. Every path that it gives is absolute. */
export class Storage {
  readonly #paths: StoragePaths;
  readonly #input: StorageInput;
  readonly #layers: Layers;
  readonly #roots: ContainerRoots;
  readonly #volumes: Volumes;
  #workers: Workers | undefined;
  #driver: Promise<Driver> | undefined;

  /** Use `openStorage`. */
  constructor(paths: StoragePaths, input: StorageInput) {
    this.#paths = paths;
    this.#input = input;
    this.#layers = new Layers(paths);
    const mounter: Mounter = {
      driver: () => this.driver(),
      options: parseMountOptions(input.mountOptions ?? ""),
      ignoreChownErrors: input.ignoreChownErrors === true,
      isCopied: ({ directory }) => tryStatAt(AT_FDCWD, join(directory, copiedMark)) !== undefined,
    };
    this.#roots = new ContainerRoots(paths, this.#layers, { mounter });
    this.#volumes = new Volumes(paths);
  }

  /** How root file systems are mounted here. */
  driver(): Promise<Driver> {
    this.#driver ??= chooseDriver({
      driver: this.#input.driver,
      mountProgram: this.#input.mountProgram ?? "",
      mountOptions: this.#input.mountOptions ?? "",
      staging: this.#paths.staging,
      cache: join(this.#paths.runRoot, "storage-driver.json"),
    });
    return this.#driver;
  }

  /**
   * Keeps the garbage collection away. To be held from before the first `hasLayer` or `createContainerRoot` until the
   * database names what was stored.
   */
  lease(signal?: AbortSignal): Promise<Disposable> {
    return lockFile(this.#paths.lock, { exclusive: false, signal });
  }

  hasLayer(diffId: string): boolean {
    return this.#layers.has(diffId);
  }

  /** See `ingest/ingest.ts`. */
  async ingestLayer(input: IngestInput): Promise<IngestedLayer> {
    const { ingestLayer, Workers } = await import("./ingest/ingest.ts");
    this.#workers ??= new Workers();
    return await ingestLayer({ paths: this.#paths, workers: this.#workers, extract: this.#extractOptions() }, input);
  }

  /** The uncompressed tar, byte for byte; fails with "corrupt" where files of the layer were changed. */
  openLayerTar(diffId: string): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    return this.#layers.openTar(diffId);
  }

  /** Bytes of the uncompressed tar. */
  layerSize(diffId: string): number {
    return this.#layers.facts(diffId).uncompressedSize;
  }

  removeLayer(diffId: string): void {
    this.#layers.remove(diffId);
  }

  /** Waits until the layers are on the disk; to be called before the image that names them is committed. */
  syncLayers(diffIds: readonly string[]): void {
    this.#layers.sync(diffIds);
  }

  createContainerRoot(input: ContainerRootInput): void {
    this.#roots.create(input);
  }

  mountContainerRoot(input: ContainerRootInput): Promise<string> {
    return this.#roots.mount(input);
  }

  unmountContainerRoot(id: string): void {
    this.#roots.unmount(id);
  }

  removeContainerRoot(id: string): void {
    this.#roots.remove(id);
  }

  containerSizes(id: string): ContainerSizes {
    return this.#roots.sizes(id);
  }

  containerPaths(id: string): ContainerPaths {
    return this.#roots.paths(id);
  }

  createVolume(name: string, options: Ids & { readonly mode?: number }): string {
    return this.#volumes.create(name, options);
  }

  /** To be called before the volume's row goes: should `removeVolume` never come, the garbage collection does it. */
  markVolumeRemoved(name: string): void {
    this.#volumes.markRemoved(name);
  }

  volumePath(name: string): string {
    return this.#volumes.path(name);
  }

  removeVolume(name: string): void {
    this.#volumes.remove(name);
  }

  fillVolume(input: FillVolumeInput): boolean {
    return fillVolume(input);
  }

  async gc(live: Live): Promise<Collected> {
    const { collectGarbage } = await import("./gc.ts");
    const stores = { paths: this.#paths, layers: this.#layers, roots: this.#roots, volumes: this.#volumes };
    return await collectGarbage(stores, live);
  }

  #extractOptions(): ExtractOptions {
    return {
      whiteouts: whiteoutNamespace(),
      inUserNamespace: inUserNamespace(),
      ignoreChownErrors: this.#input.ignoreChownErrors === true,
    };
  }
}
