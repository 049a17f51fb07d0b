import type { CreateNetworkInput } from "../../engine/networks.ts";
import type { Network } from "../../engine/types/network.ts";
import { EngineError } from "../../errors.ts";
import { timestamp } from "../clock.ts";
import type { Local } from "../context.ts";
import { allNetworks, networkConfig, storeNetwork } from "./definitions.ts";

/** Defines a network; nothing is set up before a container joins. */
export async function createNetwork(
  local: Local,
  { network: wanted, ignoreIfExists }: CreateNetworkInput,
): Promise<Network> {
  if (local.rootless) {
    throw new EngineError(
      "unsupported",
      "creating network: bridge networks without root are not supported yet: use pasta or slirp4netns",
    );
  }
  using _lock = await local.lock("networks");
  const { hostInterfaces, hostSubnets } = await import("../../network/host.ts");
  const { newNetwork } = await import("../../network/define.ts");
  const existing = await allNetworks(local);
  const same = existing.find(({ name }) => name === wanted.name);
  if (same && ignoreIfExists) return same;
  const network = newNetwork(wanted, {
    existing,
    usedSubnets: hostSubnets(),
    usedInterfaces: hostInterfaces(),
    config: networkConfig(local),
    created: timestamp(),
  });
  local.state.transaction(() => {
    storeNetwork(local, network);
    local.event({ Type: "network", Action: "create", Actor: { ID: network.id, Attributes: { name: network.name } } });
  }, { durable: true });
  return network;
}
