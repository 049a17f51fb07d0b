import type { NetworkContainerInfo, NetworkInspectReport } from "../../engine/types/network.ts";
import type { Local } from "../context.ts";
import { getNetwork } from "./definitions.ts";

type Interfaces = Readonly<
  Record<
    string,
    {
      readonly mac_address?: string;
      readonly subnets?: readonly { readonly ipnet: string; readonly gateway?: string }[];
    }
  >
>;

/** The definition, and the containers that are up in it. */
export async function inspectNetwork(local: Local, name: string): Promise<NetworkInspectReport> {
  const network = await getNetwork(local, name);
  const containers: [string, NetworkContainerInfo][] = [];
  for (const { container, run } of local.state.containers.list()) {
    const status = joined(run.network, network.name);
    if (status) containers.push([container.id, { name: container.name, interfaces: report(status) }]);
  }
  return { ...network, containers: Object.fromEntries(containers) };
}

function joined(status: unknown, name: string): Interfaces | null {
  const networks = (status as { readonly networks?: Record<string, { readonly interfaces?: Interfaces }> } | null)
    ?.networks;
  return networks && Object.hasOwn(networks, name) ? networks[name]?.interfaces ?? {} : null;
}

function report(interfaces: Interfaces): NetworkContainerInfo["interfaces"] {
  const entries = Object.entries(interfaces).map(([name, { mac_address, subnets }]) =>
    [name, {
      mac_address: mac_address ?? "",
      subnets: (subnets ?? []).map(({ ipnet, gateway }) => ({ ipnet, gateway })),
    }] as const
  );
  return Object.fromEntries(entries);
}
