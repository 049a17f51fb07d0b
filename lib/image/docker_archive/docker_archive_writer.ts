import { digestHex, digestOf, familiarReference, imageIdOfConfig, parseReference } from "../../oci/mod.ts";
import type { LayerFiles } from "../layer_files.ts";
import type { SavedImage } from "../store.ts";
import type { TarFile } from "../tar_writer.ts";

/** What `docker load` and `podman load` read: `manifest.json`, configurations and uncompressed layers, each once. */
export async function* writeDockerArchive(images: readonly SavedImage[], layers: LayerFiles): AsyncGenerator<TarFile> {
  const written = new Set<string>();
  const isNew = (name: string) => !written.has(name) && written.add(name) !== undefined;
  for (const { image } of images) {
    for (const { diffId } of image.layers) {
      const name = layerName(diffId);
      if (isNew(name)) yield { name, ...layers.plain(diffId) };
    }
    const name = configName(image.config);
    if (isNew(name)) yield { name, size: image.config.length, content: image.config };
  }
  const content = new TextEncoder().encode(JSON.stringify(merge(images).map(describe)));
  yield { name: "manifest.json", size: content.length, content };
}

/** One entry per image, with the names of all its mentions. */
function merge(images: readonly SavedImage[]): readonly SavedImage[] {
  const byId = Map.groupBy(images, ({ image }) => image.id);
  return [...byId.values()].flatMap((same) => {
    const [first] = same;
    return first === undefined ? [] : [{ image: first.image, names: [...new Set(same.flatMap(({ names }) => names))] }];
  });
}

function describe({ image, names }: SavedImage): unknown {
  return {
    Config: configName(image.config),
    RepoTags: names.filter((name) => parseReference(name).tag !== undefined).map(repoTag),
    Layers: image.layers.map(({ diffId }) => layerName(diffId)),
  };
}

/** As Podman writes them: full names, so that no loader has to guess the registry. */
function repoTag(name: string): string {
  const reference = parseReference(name);
  return reference.registry === "docker.io" ? name : familiarReference(reference);
}

function configName(config: Uint8Array): string {
  return `${imageIdOfConfig(digestOf(config))}.json`;
}

function layerName(diffId: Parameters<typeof digestHex>[0]): string {
  return `${digestHex(diffId)}.tar`;
}
