import { EngineError } from "../errors.ts";
import {
  choosePlatform,
  type Descriptor,
  hostPlatform,
  type ImageIndex,
  mediaTypes,
  normalizeWish,
  type PlatformWish,
} from "../oci/mod.ts";

/**
 * The manifest of `index` for the wished platform. An index with a single image that says nothing about its platform is
 * that image. Throws `EngineError("noSuchImage")` in Podman's words if none fits.
 */
export function chooseInstance(index: ImageIndex, wish: PlatformWish): Descriptor {
  const images = index.manifests.filter(isImage);
  const chosen = choosePlatform(images, { wish }) ?? singleWithoutPlatform(images);
  if (chosen !== undefined) return chosen;
  const host = hostPlatform();
  const asked = normalizeWish(wish);
  const architecture = asked.architecture ?? host.architecture;
  const what = index.format === "oci" ? "image index" : "manifest list";
  throw new EngineError(
    "noSuchImage",
    `choosing an image from manifest list: no image found in ${what} for architecture ${quote(architecture)}, ` +
      `variant ${quote(asked.variant ?? "")}, OS ${quote(asked.os ?? host.os)}`,
  );
}

/** Build attestations are manifests too, for the platform "unknown/unknown". */
function isImage(entry: Descriptor): boolean {
  const known: readonly string[] = [
    mediaTypes.ociManifest,
    mediaTypes.ociIndex,
    mediaTypes.dockerManifest,
    mediaTypes.dockerList,
    "",
  ];
  return known.includes(entry.mediaType) && entry.artifactType === undefined;
}

function singleWithoutPlatform(images: readonly Descriptor[]): Descriptor | undefined {
  const [only, ...others] = images;
  return only !== undefined && others.length === 0 && only.platform === undefined ? only : undefined;
}

function quote(text: string): string {
  return JSON.stringify(text);
}
