import { EngineError, isKind } from "../errors.ts";
import { formatReference, imageIdOfConfig, parseReference, type PlatformWish, withDefaultTag } from "../oci/mod.ts";
import type { PullEvent } from "../engine/mod.ts";
import { Archive } from "./archive.ts";
import { copyImage } from "./copy.ts";
import { openDirectoryTree } from "./directory_tree.ts";
import { dockerArchiveImages } from "./docker_archive/docker_archive_source.ts";
import { dockerDirImage } from "./docker_dir/docker_dir_source.ts";
import type { FileTree } from "./file_tree.ts";
import { ociLayoutImage, ociLayoutImages } from "./oci_layout/oci_layout_source.ts";
import { localReference } from "./short_name.ts";
import type { LocalImage } from "./source.ts";
import { spoolArchive } from "./spool.ts";
import type { ImageStore } from "./store.ts";
import type { TransportName } from "./transport.ts";

/** A transport whose images are files. */
export type FileTransportName = Exclude<TransportName, { readonly transport: "docker" }>;

/** Images on disk, for as long as they are not disposed. */
export type OpenImages = Disposable & { readonly transport: string; readonly images: readonly LocalImage[] };

type Found = { readonly transport: string; readonly images: readonly LocalImage[] };

export type OpenOptions = {
  /** Where compressed archives are unpacked to. */
  readonly directory: string;
  readonly signal?: AbortSignal;
};

/** The image that a transport names. */
export async function openTransport(name: FileTransportName, options: OpenOptions): Promise<OpenImages> {
  switch (name.transport) {
    case "dir":
      return withoutEnd({ transport: "dir", images: [dockerDirImage(openDirectoryTree(name.path))] });
    case "oci": {
      const image = ociLayoutImage(openDirectoryTree(name.path), name.tag);
      return withoutEnd({ transport: "oci", images: [named(image, name.tag)] });
    }
    case "oci-archive":
      return await openArchive(name, {
        ...options,
        choose: (tree) => ({ transport: "oci-archive", images: [ociLayoutImage(tree, name.tag)] }),
      });
    case "docker-archive":
      return await openArchive(name, {
        ...options,
        choose: (tree) => ({
          transport: "docker-archive",
          images: [chooseFromArchive(dockerArchiveImages(tree), name)],
        }),
      });
    default:
      return name satisfies never;
  }
}

/** All images of an archive or a directory of any kind, as `load` takes them. */
export async function openAnything(
  input: ReadableStream<Uint8Array> | { readonly path: string },
  options: OpenOptions,
): Promise<OpenImages> {
  if (!(input instanceof ReadableStream) && isDirectory(input.path)) {
    const { transport, images } = imagesOf(openDirectoryTree(input.path));
    return withoutEnd({ transport: transport === "oci-archive" ? "oci" : transport, images });
  }
  try {
    return await openArchive(input, { ...options, choose: imagesOf });
  } catch (error) {
    if (!isKind(error, "corrupt")) throw error;
    const what = "payload does not match any of the supported image formats";
    throw new EngineError("corrupt", `${what}: ${error.message}`, { cause: error });
  }
}

/** Copies one image into the store; its id, and the names that it got. */
export async function importImage(
  image: LocalImage,
  options: {
    readonly store: ImageStore;
    readonly wish: PlatformWish;
    readonly emit?: (event: PullEvent) => void;
    readonly signal?: AbortSignal;
  },
): Promise<{ readonly id: string; readonly names: readonly string[] }> {
  const { store, wish, emit, signal } = options;
  const source = await image.open(wish, signal);
  imageIdOfConfig(source.configDigest); // refuses what could get no id before anything is fetched
  emit?.({ stream: "Getting image source signatures\n" });
  const id = await copyImage(source, { store, names: image.names, emit, signal });
  return { id, names: image.names };
}

async function openArchive(
  input: ReadableStream<Uint8Array> | { readonly path: string },
  options: OpenOptions & { readonly choose: (tree: FileTree) => Found },
): Promise<OpenImages> {
  using stack = new DisposableStack();
  const spooled = stack.use(await spoolArchive(input, options));
  const found = options.choose(stack.use(Archive.open(spooled.path)));
  const kept = stack.move();
  return { ...found, [Symbol.dispose]: () => kept.dispose() };
}

/** Docker's newer archives are OCI layouts as well, and then keep more that way. */
function imagesOf(tree: FileTree): Found {
  if (tree.locate("oci-layout") !== undefined && tree.locate("index.json") !== undefined) {
    return { transport: "oci-archive", images: ociLayoutImages(tree) };
  }
  if (tree.locate("version") !== undefined) return { transport: "dir", images: [dockerDirImage(tree)] };
  return { transport: "docker-archive", images: dockerArchiveImages(tree) };
}

/** A directory needs no end. */
function withoutEnd(found: Found): OpenImages {
  return { ...found, [Symbol.dispose]: () => {} };
}

/** A tag that was asked for is the name. */
function named(image: LocalImage, tag: string | undefined): LocalImage {
  return tag === undefined ? image : { ...image, names: [formatReference(localReference(tag))] };
}

function chooseFromArchive(
  images: readonly LocalImage[],
  wanted: Extract<TransportName, { readonly transport: "docker-archive" }>,
): LocalImage {
  const what = `docker-archive:${wanted.path}`;
  if (wanted.reference !== undefined) {
    const name = formatReference(withDefaultTag(parseReference(wanted.reference)));
    const found = images.find((image) => image.names.includes(name));
    if (found !== undefined) return { ...found, names: [name] };
    throw new EngineError("noSuchImage", `tag ${JSON.stringify(wanted.reference)} not found in ${what}`);
  }
  const found = images[wanted.index ?? 0];
  if (found === undefined) throw new EngineError("noSuchImage", `invalid source index @${wanted.index} in ${what}`);
  if (wanted.index !== undefined || images.length === 1) return found;
  throw new EngineError("noSuchImage", `unexpected tar manifest.json: expected 1 item, got ${images.length}`);
}

function isDirectory(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false; // opening it tells why
  }
}
