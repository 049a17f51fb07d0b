import { EngineError } from "../../errors.ts";
import { damaged, parseJson, readArray, readOptionalStrings, readRecord, readString } from "../../oci/json_reader.ts";
import {
  type Digest,
  digestOf,
  formatReference,
  parseImageConfig,
  parseReference,
  withDefaultTag,
} from "../../oci/mod.ts";
import type { PlatformWish } from "../../oci/mod.ts";
import type { FileTree } from "../file_tree.ts";
import { type LocalImage, platformWarning, type SourceImage, type SourceLayer } from "../source.ts";

type Item = { readonly config: string; readonly names: readonly string[]; readonly layers: readonly string[] };

const maximumManifest = 4 * 1024 * 1024;
const maximumConfig = 8 * 1024 * 1024;
const maximumImages = 10_000;
const maximumLayers = 10_000;

/**
 * The images of what `docker save` wrote
 * (https://github.com/moby/docker-image-spec/blob/main/v1.2.md): `manifest.json` names configurations and layers, which
 * may be links to other members and may be compressed. The directory-per-layer form from before 2016 has no
 * configuration that could be verified, and is refused.
 */
export function dockerArchiveImages(tree: FileTree): readonly LocalImage[] {
  if (tree.locate("manifest.json") === undefined && tree.locate("repositories") !== undefined) {
    throw new EngineError("unsupported", "docker archive without manifest.json: too old, made before Docker 1.10");
  }
  return readItems(tree.read("manifest.json", { limit: maximumManifest })).map((item) => ({
    names: item.names,
    open: (wish) => Promise.resolve(openImage(tree, item, { wish })),
  }));
}

function readItems(bytes: Uint8Array): readonly Item[] {
  const what = "manifest.json";
  const items = readArray(parseJson(bytes, what), what);
  if (items.length === 0 || items.length > maximumImages) throw damaged(what, `${items.length} images`);
  return items.map((value, index) => readItem(value, `${what}[${index}]`));
}

function readItem(value: unknown, what: string): Item {
  const record = readRecord(value, what);
  const layers = readOptionalStrings(record.Layers, `${what}.Layers`) ?? [];
  if (layers.length > maximumLayers) throw damaged(what, `${layers.length} layers`);
  return {
    config: readString(record.Config, `${what}.Config`),
    names: (readOptionalStrings(record.RepoTags, `${what}.RepoTags`) ?? []).map((tag) => readName(tag, what)),
    layers,
  };
}

function readName(tag: string, what: string): string {
  try {
    return formatReference(withDefaultTag(parseReference(tag)));
  } catch (cause) {
    throw new EngineError("corrupt", `parsing ${what}: invalid tag ${JSON.stringify(tag)}`, { cause });
  }
}

function openImage(tree: FileTree, item: Item, { wish }: { readonly wish: PlatformWish }): SourceImage {
  const config = tree.read(item.config, { limit: maximumConfig });
  const about = parseImageConfig(config);
  if (about.diffIds.length !== item.layers.length) {
    const counts = `${item.layers.length} layers in manifest.json, ${about.diffIds.length} in the configuration`;
    throw new EngineError("corrupt", `image config ${JSON.stringify(item.config)}: ${counts}`);
  }
  return {
    config,
    configDigest: digestOf(config),
    layers: about.diffIds.map((diffId, index) => openLayer(tree, { diffId, name: item.layers[index] ?? "" })),
    warning: platformWarning(about, wish),
  };
}

function openLayer(tree: FileTree, layer: { readonly diffId: Digest; readonly name: string }): SourceLayer {
  const { diffId, name } = layer;
  const found = tree.locate(name);
  if (found === undefined) {
    throw new EngineError("corrupt", `layer ${diffId}: tarfile component ${JSON.stringify(name)} not found`);
  }
  return { diffId, open: () => Promise.resolve(found) };
}
