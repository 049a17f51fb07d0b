import { EngineError } from "../../errors.ts";
import {
  type Descriptor,
  type Digest,
  digestAlgorithm,
  digestHex,
  formatReference,
  type ImageIndex,
  maximumManifestSize,
  mediaTypes,
  parseManifest,
} from "../../oci/mod.ts";
import type { FileRange, FileTree } from "../file_tree.ts";
import { localReference } from "../short_name.ts";
import { type LocalImage, type ManifestReader, type RawManifest, resolveImage } from "../source.ts";

const referenceName = "org.opencontainers.image.ref.name";
const containerdName = "io.containerd.image.name";

/**
 * The images of an OCI image layout (https://github.com/opencontainers/image-spec/blob/main/image-layout.md), in a
 * directory or an archive. Entries of the index that differ in their platform alone are one image.
 */
export function ociLayoutImages(tree: FileTree): readonly LocalImage[] {
  const { index, bytes } = readIndex(tree);
  if (isPlatformIndex(index)) {
    return [{ names: [], open: (wish, signal) => resolveImage(indexReader(tree, bytes), { wish, signal }) }];
  }
  const byDigest = Map.groupBy(index.manifests, (entry) => entry.digest);
  return [...byDigest.values()].map((entries) => openable(tree, entries));
}

/** The image that has `tag` as its reference name, or the only one. */
export function ociLayoutImage(tree: FileTree, tag: string | undefined): LocalImage {
  const { index } = readIndex(tree);
  if (tag === undefined) {
    const images = ociLayoutImages(tree);
    const [only, ...others] = images;
    if (only !== undefined && others.length === 0) return only;
    const problem = only === undefined ? "no image in oci" : "more than one image in oci, choose an image";
    throw new EngineError("noSuchImage", `initializing source oci:${tree.path}:: ${problem}`);
  }
  const entry = index.manifests.find((one) => one.annotations?.[referenceName] === tag);
  if (entry !== undefined) return openable(tree, [entry]);
  throw new EngineError(
    "noSuchImage",
    `initializing source oci:${tree.path}:${tag}: no descriptor found for reference ${JSON.stringify(tag)}`,
  );
}

function readIndex(tree: FileTree): { readonly index: ImageIndex; readonly bytes: Uint8Array } {
  const bytes = tree.read("index.json", { limit: maximumManifestSize });
  const index = parseManifest(bytes, mediaTypes.ociIndex);
  if (index.kind === "index") return { index, bytes };
  throw new EngineError("corrupt", "parsing index.json: not an image index");
}

function isPlatformIndex(index: ImageIndex): boolean {
  const isAnonymous = (entry: Descriptor) => entry.platform !== undefined && namesOf([entry]).length === 0;
  return index.manifests.length > 1 && index.manifests.every(isAnonymous);
}

function openable(tree: FileTree, entries: readonly Descriptor[]): LocalImage {
  const [entry] = entries;
  if (entry === undefined) throw new EngineError("corrupt", "parsing index.json: no manifests");
  const reader = entryReader(tree, entry);
  return {
    names: namesOf(entries),
    open: (wish, signal) => resolveImage(reader, { wish, digest: entry.digest, signal }),
  };
}

/** containerd's full name, or the name of the specification: `app` and even `latest` become names of localhost, as in Podman. */
function namesOf(entries: readonly Descriptor[]): readonly string[] {
  const found = entries.flatMap(({ annotations }) => {
    const name = annotations?.[containerdName] ?? annotations?.[referenceName];
    return name === undefined || name === "" ? [] : [readName(name)];
  });
  return [...new Set(found)];
}

function readName(name: string): string {
  try {
    return formatReference(localReference(name));
  } catch (cause) {
    throw new EngineError("corrupt", `parsing index.json: invalid name ${JSON.stringify(name)}`, { cause });
  }
}

/** Starts at one entry of index.json. */
function entryReader(tree: FileTree, entry: Descriptor): ManifestReader {
  return layoutReader(tree, () => ({ ...readBlob(tree, entry.digest), mediaType: entry.mediaType }));
}

/** Starts at index.json itself. */
function indexReader(tree: FileTree, bytes: Uint8Array): ManifestReader {
  return layoutReader(tree, () => ({ bytes, mediaType: mediaTypes.ociIndex }));
}

function layoutReader(tree: FileTree, first: () => RawManifest): ManifestReader {
  return {
    manifest: (digest) => Promise.resolve(digest === undefined ? first() : readBlob(tree, digest)),
    blob: (blob) => Promise.resolve(locateBlob(tree, blob)),
    bytes: (blob, { limit }) => Promise.resolve(tree.read(blobPath(blob.digest), { limit })),
  };
}

function readBlob(tree: FileTree, digest: Digest): RawManifest {
  return { bytes: tree.read(blobPath(digest), { limit: maximumManifestSize }) };
}

function locateBlob(tree: FileTree, blob: Descriptor): FileRange {
  const found = tree.locate(blobPath(blob.digest));
  if (found === undefined) throw new EngineError("corrupt", `blob ${blob.digest}: not found in ${tree.path}`);
  if (found.size === blob.size) return found;
  throw new EngineError("corrupt", `blob ${blob.digest}: ${found.size} bytes, expected ${blob.size}`);
}

/** Where a layout keeps a blob. */
export function blobPath(digest: Digest): string {
  return `blobs/${digestAlgorithm(digest)}/${digestHex(digest)}`;
}
