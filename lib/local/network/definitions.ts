/** The networks that are there, the default one among them without ever having been made. */

import { EngineError } from "../../errors.ts";
import type { Network } from "../../engine/types/network.ts";
import type { NetworkConfig } from "../../network/types.ts";
import type { Local } from "../context.ts";
import { readDefinitions, removeDefinition, writeDefinition } from "./definition_files.ts";

/** The default network was never made; its file's age would say nothing either. */
const neverMade = "0001-01-01T00:00:00Z";

/** What containers.conf says about networks. */
export function networkConfig(local: Local): NetworkConfig {
  const { default_network, default_subnet, default_subnet_pools } = local.config.network;
  return { defaultNetwork: default_network, defaultSubnet: default_subnet, subnetPools: default_subnet_pools };
}

/** What was made, in the database or as files where a directory for them is configured. */
function storedNetworks(local: Local): readonly Network[] {
  const { networkConfigDir } = local.config.paths;
  if (networkConfigDir === "") return local.state.networks.list();
  return readDefinitions(networkConfigDir, (text) => local.log("warning", text));
}

/** By name, id or unambiguous beginning of an id; not the default network unless it was made. */
export function findStored(local: Local, name: string): Network | null {
  if (local.config.paths.networkConfigDir === "") return local.state.networks.find(name);
  const networks = storedNetworks(local);
  const exact = networks.find((network) => network.name === name) ?? networks.find(({ id }) => id === name);
  const begun = exact || name === "" ? [] : networks.filter(({ id }) => id.startsWith(name));
  if (begun.length > 1) throw new EngineError("invalidArgument", `more than one result for network ID ${name}`);
  return exact ?? begun[0] ?? null;
}

/** Keeps a new network; to be called within the transaction, under the lock of the networks. */
export function storeNetwork(local: Local, network: Network): void {
  const { networkConfigDir } = local.config.paths;
  if (networkConfigDir === "") return local.state.networks.insert(network);
  if (findStored(local, network.name)?.name === network.name) {
    throw new EngineError("networkExists", `network name ${network.name} already used: network already exists`);
  }
  writeDefinition(networkConfigDir, network);
}

/** Forgets a network and its leases; to be called within the transaction, under the lock of the networks. */
export function dropNetwork(local: Local, network: Network): void {
  const { networkConfigDir } = local.config.paths;
  local.state.networks.remove(network.id);
  if (networkConfigDir !== "") removeDefinition(networkConfigDir, network.name);
}

/** All networks, by name. */
export async function allNetworks(local: Local): Promise<readonly Network[]> {
  const { defaultNetwork } = await import("../../network/define.ts");
  const stored = storedNetworks(local);
  const fallback = defaultNetwork(networkConfig(local), neverMade);
  const networks = stored.some(({ name }) => name === fallback.name) ? stored : [fallback, ...stored];
  return networks.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** By name, id or unambiguous beginning of an id. Throws `noSuchNetwork`. */
export async function getNetwork(local: Local, name: string): Promise<Network> {
  const stored = findStored(local, name);
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
