/** A container's network, from nothing to addresses: leases, namespace, interfaces, ports. */

import type { Container } from "../../engine/container.ts";
import type { PerNetworkOptions } from "../../engine/types/spec.ts";
import type { Attachment, NetworkMode, NetworkStatus, ResolvedPort } from "../../network/types.ts";
import type { OwnedFd } from "../../sys/fd.ts";
import type { Local } from "../context.ts";
import { getNetwork } from "../network/definitions.ts";
import { namespaceFile, runDirectory } from "../paths.ts";

/** Published ports; `held` are sockets that keep them from others while the container lives. */
export type NetworkPorts = { readonly ports: readonly ResolvedPort[]; readonly held: readonly OwnedFd[] };

const ownNetworks = ["bridge", "slirp4netns", "pasta"];

/** True if the container has a network of its own that must be set up; `none`, `host` and joined ones need nothing. */
export function hasOwnNetwork({ namespaces: { net } }: Container): boolean {
  return ownNetworks.includes(net.nsmode ?? "");
}

/** Chooses the host ports that were left open, and takes hold of all. Throws `portInUse`. */
export async function takePorts({ network, namespaces }: Container): Promise<NetworkPorts> {
  const { reservePorts, resolvePorts } = await import("../../network/ports.ts");
  const ports = resolvePorts(network.ports);
  return { ports, held: namespaces.net.nsmode === "bridge" ? reservePorts(ports) : [] };
}

export type SetUpOptions = {
  readonly ports: readonly ResolvedPort[];
  /** A process whose network namespace is the one to set up; absent: a new one is made. */
  readonly pid?: number;
  readonly signal?: AbortSignal;
};

/** Sets the network up. What fails is undone here; afterwards `teardownNetwork` with the status undoes all. */
export async function setUpNetwork(
  local: Local,
  container: Container,
  { ports, pid, signal }: SetUpOptions,
): Promise<NetworkStatus> {
  const { bindNetns, createNetns, deleteNetns } = await import("../../network/netns.ts");
  await using undo = new AsyncDisposableStack();
  const place = { runRoot: local.config.paths.runRoot, id: container.id };
  const mode = await networkMode(local, container, undo);
  if (mode.tag === "bridge") {
    const { plannedStatus } = await import("../../network/setup.ts");
    writeDown(local, place.id, plannedStatus({ mode, netnsPath: namespaceFile(local.config.paths, place.id), ports }));
    undo.defer(() => writeDown(local, place.id, null));
  }
  const netnsPath = pid === undefined ? await createNetns(place) : bindNetns({ ...place, pid });
  undo.defer(() => deleteNetns(netnsPath));
  const status = await setUp(local, container, { netnsPath, mode, ports, signal });
  undo.move();
  return status;
}

/** Kept before anything is done, so that a crash leaves nothing that could not be taken back. */
function writeDown(local: Local, id: string, network: NetworkStatus | null): void {
  local.state.transaction(() => {
    const { run } = local.state.containers.get(id);
    local.state.containers.setRun(id, { ...run, network });
  });
}

type Plan = {
  readonly netnsPath: string;
  readonly mode: NetworkMode;
  readonly ports: readonly ResolvedPort[];
  readonly signal?: AbortSignal;
};

async function setUp(
  local: Local,
  container: Container,
  { netnsPath, mode, ports, signal }: Plan,
): Promise<NetworkStatus> {
  const { setupNetwork } = await import("../../network/setup.ts");
  const { paths, engine, network } = local.config;
  return await setupNetwork({
    id: container.id,
    name: container.name,
    runRoot: paths.runRoot,
    containerRunDir: runDirectory(paths, container.id),
    netnsPath,
    mode,
    ports,
    hostname: container.network.hostname,
    rootless: local.rootless,
    helperDirs: engine.helper_binaries_dir,
    slirp4netns: engine.network_cmd_path,
    firewallDriver: network.firewall_driver,
    dnsPort: network.dns_bind_port,
  }, signal);
}

async function networkMode(local: Local, container: Container, undo: AsyncDisposableStack): Promise<NetworkMode> {
  const { namespaces: { net }, network } = container;
  const tag = net.nsmode ?? "";
  if (tag === "slirp4netns" || tag === "pasta") return { tag, options: network.options[tag] ?? [] };
  const attachments: Attachment[] = [];
  undo.defer(() => local.state.networks.release(container.id));
  for (const [name, options] of Object.entries(network.networks)) {
    attachments.push(await attach(local, container, { name, options }));
  }
  return { tag: "bridge", attachments, dnsServers: network.dnsServers };
}

/** Chooses the addresses and writes them down in one transaction, so that no two containers get the same. */
async function attach(
  local: Local,
  container: Container,
  { name, options }: { readonly name: string; readonly options: PerNetworkOptions },
): Promise<Attachment> {
  const { allocate, randomMac } = await import("../../network/ipam.ts");
  const network = await getNetwork(local, name);
  const addresses = local.state.transaction(() => {
    const taken = local.state.networks.leases(network.id);
    const chosen = allocate({ network, options, taken, last: local.state.networks.lastLeases(network.id) });
    for (const address of chosen) {
      local.state.networks.lease({ networkId: network.id, address, containerId: container.id });
    }
    return chosen;
  });
  const own = { ...options, static_ips: addresses, static_mac: options.static_mac || randomMac() };
  return { network, options: { ...own, aliases: [...(options.aliases ?? []), container.id.slice(0, 12)] } };
}
