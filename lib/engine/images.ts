/** Operations on images. `name` is a reference, an id or an unambiguous beginning of an id. */

import type { Filters, Named } from "./containers.ts";
import type {
  ImageData,
  ImageLoadReport,
  ImagePullReport,
  ImageSummary,
  LibpodImagesRemoveReport,
} from "./types/image.ts";

/** User name and password; never printed, never in argv. */
export type Credentials = { readonly username: string; readonly password: string };

/** Choice from an index; absent fields are the host's. */
export type PlatformChoice = { readonly os?: string; readonly arch?: string; readonly variant?: string };

export type PullPolicy = "always" | "missing" | "never" | "newer";

export type PullImageInput = PlatformChoice & {
  /** A short or full reference, or `transport:…`. */
  readonly reference: string;
  readonly policy?: PullPolicy;
  readonly allTags?: boolean;
  /** Absent: as registries.conf says. */
  readonly tlsVerify?: boolean;
  readonly credentials?: Credentials;
  readonly authfile?: string;
  readonly certDir?: string;
  readonly quiet?: boolean;
  readonly retry?: number;
  readonly retryDelay?: string;
};

/** How far a blob is. `total` is 0 where it is not known; `done` once it is verified and in the store. */
export type BlobProgress = {
  readonly digest: string;
  readonly what: "blob" | "config";
  readonly current: number;
  readonly total: number;
  readonly state: "running" | "done" | "present";
};

/** libpod's line (`stream`, `error`, `id`, `images`), with the progress of a blob where there is one. */
export type PullEvent = Partial<ImagePullReport> & { readonly progress?: BlobProgress };

export type ListImagesInput = { readonly all?: boolean; readonly filters?: Filters };

export type RemoveImagesInput = {
  /** Ignored with `all`. */
  readonly names: readonly string[];
  readonly all?: boolean;
  /** Containers that use it too. */
  readonly force?: boolean;
  readonly ignore?: boolean;
  readonly noPrune?: boolean;
};

export type TagImageInput = Named & { readonly targets: readonly string[] };

export type LoadImagesInput = {
  /** A docker-archive or oci-archive, plain or compressed. */
  readonly archive: ReadableStream<Uint8Array>;
};

export type SaveFormat = "docker-archive" | "oci-archive" | "docker-dir" | "oci-dir";

export type SaveImagesInput = {
  readonly names: readonly string[];
  readonly format?: SaveFormat;
  /** Of a directory format: compress the layers. */
  readonly compress?: boolean;
};

export type Images = {
  /** Ends with an event that has `id` and `images`; failures reject. */
  readonly pull: (input: PullImageInput, signal?: AbortSignal) => AsyncIterable<PullEvent>;
  readonly list: (input: ListImagesInput, signal?: AbortSignal) => Promise<readonly ImageSummary[]>;
  readonly inspect: (input: Named & { readonly size?: boolean }, signal?: AbortSignal) => Promise<ImageData>;
  readonly exists: (input: Named, signal?: AbortSignal) => Promise<boolean>;
  readonly remove: (input: RemoveImagesInput, signal?: AbortSignal) => Promise<LibpodImagesRemoveReport>;
  readonly tag: (input: TagImageInput, signal?: AbortSignal) => Promise<void>;
  readonly load: (input: LoadImagesInput, signal?: AbortSignal) => Promise<ImageLoadReport>;
  /** The archive; of a directory format, a tar of the directory. */
  readonly save: (input: SaveImagesInput, signal?: AbortSignal) => Promise<ReadableStream<Uint8Array>>;
};
