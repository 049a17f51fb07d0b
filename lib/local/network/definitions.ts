/** The networks that are there, the default one among them without ever having been made. */

import { EngineError } from "../../errors.ts";
import type { Network } from "../../engine/types/network.ts";
import type { NetworkConfig } from "../../network/types.ts";
import type { Local } from "../context.ts";

/** The default network was never made; its file's age would say nothing either. */
const neverMade = "0001-01-01T00:00:00Z";

/** What containers.conf says about networks. */
export function networkConfig(local: Local): NetworkConfig {
  const { default_network, default_subnet, default_subnet_pools } = local.config.network;
  return { defaultNetwork: default_network, defaultSubnet: default_subnet, subnetPools: default_subnet_pools };
}

/** All networks, by name. */
export async function allNetworks(local: Local): Promise<readonly Network[]> {
  const { defaultNetwork } = await import("../../network/define.ts");
  const stored = local.state.networks.list();
  const fallback = defaultNetwork(networkConfig(local), neverMade);
  const networks = stored.some(({ name }) => name === fallback.name) ? stored : [fallback, ...stored];
  return networks.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** By name, id or unambiguous beginning of an id. Throws `noSuchNetwork`. */
export async function getNetwork(local: Local, name: string): Promise<Network> {
  const stored = local.state.networks.find(name);
  if (stored) return stored;
  const { defaultNetwork } = await import("../../network/define.ts");
  const fallback = defaultNetwork(networkConfig(local), neverMade);
  if (fallback.name === name || (name.length > 0 && fallback.id.startsWith(name))) return fallback;
  throw new EngineError("noSuchNetwork", `unable to find network with name or ID ${name}: network not found`);
}

/** Ids of containers that join the network. */
export function networkUsers(local: Local, name: string): readonly string[] {
  return local.state.containers.list()
    .filter(({ container }) => Object.hasOwn(container.network.networks, name))
    .map(({ container }) => container.id);
}
