/** Operations on volumes. */

import type { Filters, Named } from "./containers.ts";
import type { VolumeConfigResponse, VolumeCreateOptions } from "./types/volume.ts";

export type RemoveVolumeInput = Named & { readonly force?: boolean; readonly timeout?: number };

export type Volumes = {
  readonly create: (
    input: { readonly options: VolumeCreateOptions },
    signal?: AbortSignal,
  ) => Promise<VolumeConfigResponse>;
  readonly list: (
    input: { readonly filters?: Filters },
    signal?: AbortSignal,
  ) => Promise<readonly VolumeConfigResponse[]>;
  readonly inspect: (input: Named, signal?: AbortSignal) => Promise<VolumeConfigResponse>;
  readonly exists: (input: Named, signal?: AbortSignal) => Promise<boolean>;
  readonly remove: (input: RemoveVolumeInput, signal?: AbortSignal) => Promise<void>;
};
