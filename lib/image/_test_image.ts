import { gzipSync } from "node:zlib";
import { type Descriptor, type Digest, digestOf, encodeManifest, mediaTypes, type Platform } from "../oci/mod.ts";
import { joinChunks } from "./registry/body.ts";
import { type TarFile, writeTar } from "./tar_writer.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** An image made for a test: its blobs by digest, and what names them. */
export type TestImage = {
  readonly id: string;
  readonly config: Bytes;
  readonly diffIds: readonly Digest[];
  readonly tars: readonly Bytes[];
  readonly layers: readonly Descriptor[];
  readonly manifest: Bytes;
  readonly manifestType: string;
  readonly digest: Digest;
  /** Configuration and layers. */
  readonly blobs: ReadonlyMap<string, Bytes>;
};

export type TestImageOptions = {
  /** One layer each; equal texts make equal layers. */
  readonly contents?: readonly string[];
  readonly platform?: Platform;
  readonly format?: "oci" | "docker";
  readonly compression?: "gzip" | "none";
  /** Instead of the real ones in the configuration. */
  readonly diffIds?: readonly string[];
};

/** The same image for the same options. */
export async function makeImage(options: TestImageOptions = {}): Promise<TestImage> {
  const { contents = ["one", "two"], platform = { os: "linux", architecture: "amd64" } } = options;
  const tars = await Promise.all(contents.map((text) => makeTar([{ name: "file", content: text }])));
  const blobs = new Map<string, Bytes>();
  const layers = tars.map((tar) => addLayer(blobs, { tar, options }));
  const diffIds = tars.map((tar) => digestOf(tar));
  const config = encode({
    ...platform,
    config: { Cmd: ["/file"], Env: ["PATH=/bin"] },
    rootfs: { type: "layers", diff_ids: options.diffIds ?? diffIds },
  });
  const configDigest = digestOf(config);
  blobs.set(configDigest, config);
  const isDocker = options.format === "docker";
  const manifestType = isDocker ? mediaTypes.dockerManifest : mediaTypes.ociManifest;
  const manifest = encodeManifest({
    kind: "manifest",
    format: options.format ?? "oci",
    mediaType: manifestType,
    config: {
      mediaType: isDocker ? mediaTypes.dockerConfig : mediaTypes.ociConfig,
      digest: configDigest,
      size: config.length,
    },
    layers,
  });
  const id = configDigest.slice("sha256:".length);
  return { id, config, diffIds, tars, layers, manifest, manifestType, digest: digestOf(manifest), blobs };
}

function addLayer(
  blobs: Map<string, Bytes>,
  layer: { readonly tar: Bytes; readonly options: TestImageOptions },
): Descriptor {
  const isPlain = layer.options.compression === "none";
  const blob = isPlain ? layer.tar : new Uint8Array(gzipSync(layer.tar));
  const digest = digestOf(blob);
  blobs.set(digest, blob);
  const isDocker = layer.options.format === "docker";
  const gzip = isDocker ? mediaTypes.dockerLayerGzip : mediaTypes.ociLayerGzip;
  const plain = isDocker ? mediaTypes.dockerLayer : mediaTypes.ociLayer;
  return { mediaType: isPlain ? plain : gzip, digest, size: blob.length };
}

/** A manifest list of images, each for the platform given beside it. */
export function makeIndex(
  entries: readonly (readonly [TestImage, Platform])[],
): { readonly bytes: Bytes; readonly digest: Digest } {
  const bytes = encodeManifest({
    kind: "index",
    format: "oci",
    mediaType: mediaTypes.ociIndex,
    manifests: entries.map(([image, platform]) => ({
      mediaType: image.manifestType,
      digest: image.digest,
      size: image.manifest.length,
      platform,
    })),
  });
  return { bytes, digest: digestOf(bytes) };
}

/** A tar of small files. */
export async function makeTar(
  files: readonly { readonly name: string; readonly content: string | Uint8Array }[],
): Promise<Bytes> {
  const list: TarFile[] = files.map(({ name, content }) => {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    return { name, size: bytes.length, content: bytes };
  });
  return joinChunks(await Array.fromAsync(writeTar(list)));
}

/** A `docker save` archive of images with names. */
export async function makeDockerArchive(
  entries: readonly { readonly image: TestImage; readonly tags: readonly string[] | null }[],
): Promise<Bytes> {
  const files = new Map<string, Uint8Array>();
  const manifest = entries.map(({ image, tags }) => {
    files.set(`${image.id}.json`, image.config);
    image.tars.forEach((tar, index) => files.set(layerFile(image, index), tar));
    return {
      Config: `${image.id}.json`,
      RepoTags: tags,
      Layers: image.tars.map((_, index) => layerFile(image, index)),
    };
  });
  files.set("manifest.json", encode(manifest));
  return await makeTar([...files].map(([name, content]) => ({ name, content })));
}

function layerFile(image: TestImage, index: number): string {
  return `${(image.diffIds[index] ?? "").slice("sha256:".length)}.tar`;
}

export function encode(value: unknown): Bytes {
  return new TextEncoder().encode(JSON.stringify(value));
}
