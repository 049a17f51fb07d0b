import { type Descriptor, type Digest, digestOf, encodeManifest, mediaTypes, parseManifest } from "../../oci/mod.ts";
import type { LayerFiles } from "../layer_files.ts";
import type { SavedImage } from "../store.ts";
import type { TarFile } from "../tar_writer.ts";
import { blobPath } from "./oci_layout_source.ts";

const referenceName = "org.opencontainers.image.ref.name";

/** The files of an OCI image layout: blobs, `index.json` with an entry per image and name, `oci-layout`. */
export async function* writeOciLayout(images: readonly SavedImage[], layers: LayerFiles): AsyncGenerator<TarFile> {
  const writer = new LayoutWriter(layers);
  for (const image of images) yield* writer.writeImage(image);
  yield* writer.finish();
}

class LayoutWriter {
  readonly #layers: LayerFiles;
  readonly #written = new Set<Digest>();
  readonly #compressed = new Map<Digest, Descriptor>();
  readonly #entries: Descriptor[] = [];

  constructor(layers: LayerFiles) {
    this.#layers = layers;
  }

  async *writeImage(saved: SavedImage): AsyncGenerator<TarFile> {
    const { image } = saved;
    const layers: Descriptor[] = [];
    for (const { diffId } of image.layers) {
      yield* this.#writeLayer(diffId);
      const descriptor = this.#compressed.get(diffId);
      if (descriptor !== undefined) layers.push(descriptor);
    }
    yield* this.#writeBlob(image.config);
    const digest = digestOf(image.config);
    const config = { mediaType: mediaTypes.ociConfig, digest, size: image.config.length };
    const manifest = encodeManifest({
      kind: "manifest",
      format: "oci",
      mediaType: mediaTypes.ociManifest,
      config,
      layers,
      ...annotationsOf(saved),
    });
    yield* this.#writeBlob(manifest);
    this.#addEntries(manifest, saved.names);
  }

  *finish(): Generator<TarFile> {
    const mediaType = mediaTypes.ociIndex;
    const index = encodeManifest({ kind: "index", format: "oci", mediaType, manifests: this.#entries });
    yield { name: "index.json", size: index.length, content: index };
    const layout = new TextEncoder().encode('{"imageLayoutVersion":"1.0.0"}');
    yield { name: "oci-layout", size: layout.length, content: layout };
  }

  async *#writeLayer(diffId: Digest): AsyncGenerator<TarFile> {
    if (this.#compressed.has(diffId)) return;
    const { digest, size, content } = await this.#layers.compressed(diffId);
    this.#compressed.set(diffId, { mediaType: mediaTypes.ociLayerGzip, digest, size });
    if (this.#isNew(digest)) yield { name: blobPath(digest), size, content };
  }

  *#writeBlob(content: Uint8Array): Generator<TarFile> {
    const digest = digestOf(content);
    if (this.#isNew(digest)) yield { name: blobPath(digest), size: content.length, content };
  }

  #isNew(digest: Digest): boolean {
    if (this.#written.has(digest)) return false;
    this.#written.add(digest);
    return true;
  }

  #addEntries(manifest: Uint8Array, names: readonly string[]): void {
    const entry = { mediaType: mediaTypes.ociManifest, digest: digestOf(manifest), size: manifest.length };
    const annotated = names.map((name) => ({ ...entry, annotations: { [referenceName]: name } }));
    this.#entries.push(...(annotated.length > 0 ? annotated : [entry]));
  }
}

/** Those of the manifest that the image came with. */
function annotationsOf({ image }: SavedImage): { readonly annotations?: Readonly<Record<string, string>> } {
  const { annotations } = parseManifest(image.manifest, image.manifestType);
  return annotations === undefined ? {} : { annotations };
}
