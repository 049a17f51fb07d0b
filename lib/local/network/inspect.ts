import type { NetworkContainerInfo, NetworkInspectReport } from "../../engine/types/network.ts";
import type { NetworkStatus, StatusBlock } from "../../network/types.ts";
import { readNetworkStatus } from "../container/network_status.ts";
import type { Local } from "../context.ts";
import { getNetwork } from "./definitions.ts";

type Interfaces = NonNullable<StatusBlock["interfaces"]>;

/** The definition, and the containers that are up in it. */
export async function inspectNetwork(local: Local, name: string): Promise<NetworkInspectReport> {
  const network = await getNetwork(local, name);
  const containers: [string, NetworkContainerInfo][] = [];
  for (const { container, run } of local.state.containers.list()) {
    const status = joined(readNetworkStatus(run), network.name);
    if (status) containers.push([container.id, { name: container.name, interfaces: report(status) }]);
  }
  return { ...network, containers: Object.fromEntries(containers) };
}

function joined(status: NetworkStatus | null, name: string): Interfaces | null {
  const { networks = {} } = status ?? {};
  return Object.hasOwn(networks, name) ? networks[name]?.interfaces ?? {} : null;
}

function report(interfaces: Interfaces): NetworkContainerInfo["interfaces"] {
  const entries = Object.entries(interfaces).map(([name, { mac_address, subnets }]) =>
    [name, {
      mac_address,
      subnets: subnets.map(({ ipnet, gateway }) => ({ ipnet, gateway })),
    }] as const
  );
  return Object.fromEntries(entries);
}
