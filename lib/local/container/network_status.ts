import type { NetworkStatus } from "../../network/types.ts";
import type { ContainerRun } from "../../state/mod.ts";

/** What the network driver said when it set the network up: kept as it was, so read back as it was. */
export function readNetworkStatus({ network }: ContainerRun): NetworkStatus | null {
  return network as NetworkStatus | null;
}
