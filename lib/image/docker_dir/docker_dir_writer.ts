import { type Descriptor, digestHex, digestOf, encodeManifest, mediaTypes } from "../../oci/mod.ts";
import type { LayerFiles } from "../layer_files.ts";
import type { SavedImage } from "../store.ts";
import type { TarFile } from "../tar_writer.ts";

const version = "Directory Transport Version: 1.1\n";

/** The files of a `dir:` directory: a Docker manifest, the configuration and the layers under their hex digits. */
export async function* writeDockerDir(
  images: readonly SavedImage[],
  options: { readonly layers: LayerFiles; readonly compress: boolean },
): AsyncGenerator<TarFile> {
  const { layers, compress } = options;
  for (const { image } of images) {
    const descriptors: Descriptor[] = [];
    const written = new Set<string>();
    for (const { diffId } of image.layers) {
      const layer = compress ? await layers.compressed(diffId) : layers.plain(diffId);
      const mediaType = compress ? mediaTypes.dockerLayerGzip : mediaTypes.dockerLayer;
      descriptors.push({ mediaType, size: layer.size, digest: layer.digest });
      if (written.has(layer.digest)) continue;
      written.add(layer.digest);
      yield { name: digestHex(layer.digest), size: layer.size, content: layer.content };
    }
    const digest = digestOf(image.config);
    const config = { mediaType: mediaTypes.dockerConfig, size: image.config.length, digest };
    const mediaType = mediaTypes.dockerManifest;
    const manifest = encodeManifest({ kind: "manifest", format: "docker", mediaType, config, layers: descriptors });
    yield { name: digestHex(digest), size: image.config.length, content: image.config };
    yield textFile("manifest.json", manifest);
    yield textFile("version", new TextEncoder().encode(version));
  }
}

function textFile(name: string, content: Uint8Array): TarFile {
  return { name, size: content.length, content };
}
