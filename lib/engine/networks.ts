/** Operations on networks. */

import type { Filters, Named } from "./containers.ts";
import type { Network, NetworkInspectReport, NetworkRmReport } from "./types/network.ts";

/** What may be left out is chosen: subnet from the pools, bridge name, id. */
export type CreateNetworkInput = {
  readonly network: Partial<Network>;
  readonly ignoreIfExists?: boolean;
};

export type RemoveNetworkInput = Named & { readonly force?: boolean; readonly timeout?: number };

export type Networks = {
  readonly create: (input: CreateNetworkInput, signal?: AbortSignal) => Promise<Network>;
  readonly list: (input: { readonly filters?: Filters }, signal?: AbortSignal) => Promise<readonly Network[]>;
  readonly inspect: (input: Named, signal?: AbortSignal) => Promise<NetworkInspectReport>;
  readonly exists: (input: Named, signal?: AbortSignal) => Promise<boolean>;
  readonly remove: (input: RemoveNetworkInput, signal?: AbortSignal) => Promise<readonly NetworkRmReport[]>;
};
