import type { StoragePaths } from "../paths.ts";
import type { IdMappings } from "./id_map.ts";
import type { Driver } from "./driver.ts";
import type { MountOptions } from "./overlay.ts";

/** How this storage mounts. */
export type Mounter = {
  /** Found out when first needed. */
  readonly driver: () => Promise<Driver>;
  readonly options: MountOptions;
  readonly ignoreChownErrors: boolean;
  /** True for a root that was copied instead of stacked. */
  readonly isCopied: (paths: { readonly directory: string }) => boolean;
};

/** One container to be mounted. */
export type MountInput = {
  readonly diffIds: readonly string[];
  readonly idMappings?: IdMappings;
  readonly volatile?: boolean;
  readonly paths: {
    readonly directory: string;
    readonly merged: string;
    readonly upper: string;
    readonly work: string;
  };
  readonly storage: StoragePaths;
};

/** Stands in a container's directory once its root has been copied; holds the bytes that the copy took. */
export const copiedMark = "copied";
