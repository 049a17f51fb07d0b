import { EngineError } from "../errors.ts";
import {
  type Descriptor,
  type Digest,
  digestOf,
  formatPlatform,
  hostPlatform,
  type ImageIndex,
  type ImageManifest,
  isConfigType,
  isLayerType,
  matchesDigest,
  mediaTypes,
  normalizeWish,
  parseImageConfig,
  parseManifest,
  type PlatformWish,
} from "../oci/mod.ts";
import { chooseInstance } from "./instance.ts";
import type { BlobSource } from "./store.ts";

/** A layer on its way in. */
export type SourceLayer = {
  readonly diffId: Digest;
  /** The blob, as the manifest names it; absent where the source has no manifest of its own. */
  readonly blob?: Descriptor;
  /** May be called again after a failure. */
  readonly open: (signal?: AbortSignal) => Promise<BlobSource>;
};

/** An image on its way in: verified, except for the layers, whose verification is the store's. */
export type SourceImage = {
  readonly manifest?: { readonly bytes: Uint8Array; readonly mediaType: string; readonly digest: Digest };
  readonly indexDigest?: Digest;
  readonly config: Uint8Array;
  readonly configDigest: Digest;
  readonly layers: readonly SourceLayer[];
  /** Said to the user, where the image is not for the platform that was asked for. */
  readonly warning?: string;
};

/** An image on disk, with the full names that it brings along. */
export type LocalImage = {
  readonly names: readonly string[];
  readonly open: (wish: PlatformWish, signal?: AbortSignal) => Promise<SourceImage>;
};

export type RawManifest = { readonly bytes: Uint8Array; readonly mediaType?: string };

/** What a transport with manifests has to offer. */
export type ManifestReader = {
  /** The first manifest without `digest`; else a manifest of an index. Nothing is verified yet. */
  readonly manifest: (digest?: Digest, signal?: AbortSignal) => Promise<RawManifest>;
  readonly blob: (blob: Descriptor, signal?: AbortSignal) => Promise<BlobSource>;
  /** A small blob as a whole; at most `limit` bytes. */
  readonly bytes: (
    blob: Descriptor,
    options: { readonly limit: number; readonly signal?: AbortSignal },
  ) => Promise<Uint8Array>;
};

export type ResolveOptions = {
  readonly wish: PlatformWish;
  /** What the first manifest must be. */
  readonly digest?: Digest;
  readonly signal?: AbortSignal;
};

const maximumConfigSize = 8 * 1024 * 1024;
const maximumDepth = 3;

/** Follows indexes to the image for the wished platform, and reads its configuration. */
export async function resolveImage(reader: ManifestReader, options: ResolveOptions): Promise<SourceImage> {
  let raw = await reader.manifest(undefined, options.signal);
  if (options.digest !== undefined) verifyBytes(raw.bytes, { what: "manifest", digest: options.digest });
  let manifest = parseManifest(raw.bytes, raw.mediaType);
  let indexDigest: Digest | undefined;
  for (let depth = 0; manifest.kind === "index"; depth++) {
    if (depth === maximumDepth) throw new EngineError("corrupt", "image index: nested too deeply");
    indexDigest ??= options.digest ?? digestOf(raw.bytes);
    raw = await readInstance(reader, manifest, options);
    manifest = parseManifest(raw.bytes, raw.mediaType);
  }
  const digest = indexDigest === undefined ? options.digest ?? digestOf(raw.bytes) : digestOf(raw.bytes);
  return await describe(reader, { manifest, raw, digest, indexDigest }, options);
}

async function readInstance(reader: ManifestReader, index: ImageIndex, options: ResolveOptions): Promise<RawManifest> {
  const chosen = chooseInstance(index, options.wish);
  const raw = await reader.manifest(chosen.digest, options.signal);
  verifyBytes(raw.bytes, { what: "manifest", digest: chosen.digest, size: chosen.size });
  return { bytes: raw.bytes, mediaType: raw.mediaType ?? chosen.mediaType };
}

type Found = {
  readonly manifest: ImageManifest;
  readonly raw: RawManifest;
  readonly digest: Digest;
  readonly indexDigest?: Digest;
};

async function describe(reader: ManifestReader, found: Found, options: ResolveOptions): Promise<SourceImage> {
  const { manifest } = found;
  refuseArtifact(manifest);
  if (manifest.config.size > maximumConfigSize) {
    throw new EngineError("corrupt", `image config ${manifest.config.digest}: larger than ${maximumConfigSize} bytes`);
  }
  const config = await reader.bytes(manifest.config, { limit: manifest.config.size, signal: options.signal });
  verifyBytes(config, { what: "config", digest: manifest.config.digest, size: manifest.config.size });
  const { diffIds, ...about } = parseImageConfig(config);
  if (diffIds.length !== manifest.layers.length) {
    const counts = `${manifest.layers.length} layers in the manifest, ${diffIds.length} in the configuration`;
    throw new EngineError("corrupt", `image config ${manifest.config.digest}: ${counts}`);
  }
  return {
    manifest: { bytes: found.raw.bytes, mediaType: manifest.mediaType, digest: found.digest },
    indexDigest: found.indexDigest,
    config,
    configDigest: manifest.config.digest,
    layers: manifest.layers.map((blob, index) => sourceLayer(reader, { blob, diffId: diffIds[index] })),
    warning: platformWarning(about, options.wish),
  };
}

function sourceLayer(
  reader: ManifestReader,
  layer: { readonly blob: Descriptor; readonly diffId: Digest | undefined },
): SourceLayer {
  const { blob, diffId } = layer;
  if (diffId === undefined) throw new EngineError("corrupt", `layer ${blob.digest}: no diffID`);
  return { diffId, blob, open: (signal) => reader.blob(blob, signal) };
}

function refuseArtifact(manifest: ImageManifest): void {
  const type = manifest.artifactType ?? manifest.config.mediaType;
  if (type !== "" && !isConfigType(type)) {
    throw new EngineError("unsupported", `unsupported image-specific operation on artifact with type ${quote(type)}`);
  }
  const strange = manifest.layers.find((layer) => layer.mediaType !== "" && !isLayerType(layer.mediaType));
  if (strange === undefined) return;
  throw new EngineError("unsupported", `layer ${strange.digest}: unsupported media type ${quote(strange.mediaType)}`);
}

/** Podman's words for an image that is not for the platform that was asked for; it is taken all the same. */
export function platformWarning(
  image: { readonly os: string; readonly architecture: string; readonly variant?: string },
  wish: PlatformWish,
): string | undefined {
  const host = hostPlatform();
  const asked = normalizeWish(wish);
  const wanted = { os: asked.os ?? host.os, architecture: asked.architecture ?? host.architecture };
  const matches = (offered: string, wantedText: string) => offered === "" || offered === wantedText;
  if (matches(image.os, wanted.os) && matches(image.architecture, wanted.architecture)) return undefined;
  const expected = formatPlatform(wanted);
  return `image platform (${formatPlatform(image)}) does not match the expected platform (${expected})`;
}

type Expected = { readonly what: string; readonly digest: Digest; readonly size?: number };

/** Throws `corrupt` if `bytes` are not what was expected. */
export function verifyBytes(bytes: Uint8Array, { what, digest, size }: Expected): void {
  if (size !== undefined && bytes.length !== size) {
    throw new EngineError("corrupt", `${what} ${digest}: ${bytes.length} bytes, expected ${size}`);
  }
  if (matchesDigest(bytes, digest)) return;
  throw new EngineError("corrupt", `${what} ${digest}: digest of content is ${digestOf(bytes)}`);
}

function quote(text: string): string {
  return JSON.stringify(text);
}

/** The media type of a layer that came without a manifest: an uncompressed tar. */
export const plainLayerType: string = mediaTypes.dockerLayer;
