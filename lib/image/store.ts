import type { Digest } from "../oci/mod.ts";

/** Bytes that go into the store: a stream, or a part of a file (all of it without `offset` and `size`). */
export type BlobSource =
  | ReadableStream<Uint8Array>
  | { readonly path: string; readonly offset?: number; readonly size?: number };

export type IngestInput = {
  readonly source: BlobSource;
  /** What the bytes must be, where it is known: a difference rejects with `corrupt` and leaves nothing behind. */
  readonly digest?: Digest;
  readonly size?: number;
  /** The digest of the uncompressed tar. */
  readonly diffId?: Digest;
  /** Called with the number of bytes taken from `source` so far. */
  readonly onProgress?: (current: number) => void;
  readonly signal?: AbortSignal;
};

export type IngestedLayer = {
  readonly diffId: Digest;
  /** Of the bytes as they came, compressed or not. */
  readonly digest: Digest;
  readonly size: number;
  readonly uncompressedSize: number;
};

/** A layer of an image: its tar, and the blob that a manifest knows it by. */
export type ImageLayer = {
  readonly diffId: Digest;
  readonly digest: Digest;
  readonly size: number;
  readonly mediaType: string;
};

export type CommitInput = {
  readonly manifest: Uint8Array;
  readonly manifestType: string;
  /** Of `manifest`. */
  readonly digest: Digest;
  /** Of the index that `manifest` was chosen from; the image answers to this digest too. */
  readonly indexDigest?: Digest;
  readonly config: Uint8Array;
  /** Full references, `docker.io/library/alpine:latest`; they move here from other images. */
  readonly names: readonly string[];
  /** The lowest first; all of them ingested. */
  readonly layers: readonly ImageLayer[];
};

export type StoredImage = {
  readonly id: string;
  readonly manifest: Uint8Array;
  readonly manifestType: string;
  readonly digest: Digest;
  readonly config: Uint8Array;
  readonly names: readonly string[];
  readonly layers: readonly ImageLayer[];
};

/** An image to write somewhere, and the names that it takes along. */
export type SavedImage = { readonly image: StoredImage; readonly names: readonly string[] };

/**
 * Where images are kept, as this folder needs it. Layers are shared and named by diffID; what was ingested and never
 * committed is garbage for `prune`.
 */
export type ImageStore = {
  readonly hasLayer: (diffId: Digest) => boolean;
  /** Bytes of the uncompressed tar of a layer that is there. */
  readonly layerSize: (diffId: Digest) => number;
  /** Verifies, inflates and extracts a layer; gzip, zstd and plain tars are told apart by their first bytes. */
  readonly ingest: (input: IngestInput) => Promise<IngestedLayer>;
  /** Makes an image visible, in one step. The id is the configuration's digest. */
  readonly commit: (input: CommitInput) => Promise<string>;
  /** By full id. */
  readonly find: (id: string) => StoredImage | null;
  /** The uncompressed tar of a layer, byte for byte: `layerSize` bytes. */
  readonly openLayer: (diffId: Digest) => Promise<ReadableStream<Uint8Array>>;
};
