import type { SaveFormat } from "../engine/mod.ts";
import { EngineError } from "../errors.ts";
import { writeDockerArchive } from "./docker_archive/docker_archive_writer.ts";
import { writeDockerDir } from "./docker_dir/docker_dir_writer.ts";
import { writeOciLayout } from "./oci_layout/oci_layout_writer.ts";
import { LayerFiles } from "./layer_files.ts";
import type { ImageStore, SavedImage } from "./store.ts";
import { type TarFile, writeTar } from "./tar_writer.ts";

export type SaveOptions = {
  readonly store: ImageStore;
  readonly format: SaveFormat;
  /** Of layers in `docker-dir`, which has them plain by default. */
  readonly compress?: boolean;
  /** Where layers are compressed to before their place in the archive is known. */
  readonly directory: string;
  readonly signal?: AbortSignal;
};

/**
 * Images as a tar, the same bytes every time: a `docker-archive` or `oci-archive`, or for `docker-dir` and `oci-dir` what
 * belongs into the directory. A docker-archive has the layers as they are, so configuration and image id stay; the OCI
 * forms have them compressed with gzip: same id, but another manifest digest than the registry's. Layers are verified
 * while they are read: a damaged one ends the stream with `corrupt`.
 */
export async function* saveImages(images: readonly SavedImage[], options: SaveOptions): AsyncGenerator<Uint8Array> {
  if (images.length > 1 && (options.format === "docker-dir" || options.format === "oci-dir")) {
    throw new EngineError("invalidArgument", `format ${JSON.stringify(options.format)}: holds a single image`);
  }
  using layers = new LayerFiles(options);
  yield* writeTar(filesFor(images, { layers, options }));
}

/** The same as a stream. */
export function saveStream(
  images: readonly SavedImage[],
  options: SaveOptions,
): ReadableStream<Uint8Array> {
  return ReadableStream.from(saveImages(images, options));
}

function filesFor(
  images: readonly SavedImage[],
  { layers, options }: { readonly layers: LayerFiles; readonly options: SaveOptions },
): AsyncIterable<TarFile> {
  switch (options.format) {
    case "docker-archive":
      return writeDockerArchive(images, layers);
    case "docker-dir":
      return writeDockerDir(images, { layers, compress: options.compress ?? false });
    case "oci-archive":
    case "oci-dir":
      return writeOciLayout(images, layers);
    default:
      return options.format satisfies never;
  }
}
