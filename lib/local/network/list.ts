import type { Filters } from "../../engine/containers.ts";
import type { Network } from "../../engine/types/network.ts";
import { isKind } from "../../errors.ts";
import type { Local } from "../context.ts";
import { allNetworks, getNetwork } from "./definitions.ts";

/** The definitions that pass the filters, by name. */
export async function listNetworks(local: Local, filters: Filters = {}): Promise<readonly Network[]> {
  const { matchesNetworkFilters } = await import("../../network/filter.ts");
  return (await allNetworks(local)).filter((network) => matchesNetworkFilters(network, filters));
}

export async function networkExists(local: Local, name: string): Promise<boolean> {
  try {
    await getNetwork(local, name);
    return true;
  } catch (error) {
    if (isKind(error, "noSuchNetwork")) return false;
    throw error;
  }
}
