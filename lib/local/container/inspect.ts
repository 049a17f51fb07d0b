import type { InspectContainerInput } from "../../engine/containers.ts";
import type {
  InspectAdditionalNetwork,
  InspectContainerData,
  InspectHostPort,
  InspectNetworkSettings,
} from "../../engine/types/container_inspect.ts";
import type { Container } from "../../engine/container.ts";
import type { NetworkStatus, StatusBlock } from "../../network/types.ts";
import { inspectContainer as describe, type InspectFacts } from "../../spec/inspect.ts";
import type { ContainerRecord } from "../../state/mod.ts";
import type { Local } from "../context.ts";
import { dataDirectory, rootDirectories, runDirectory } from "../paths.ts";
import { readNetworkStatus } from "./network_status.ts";
import { observe } from "./observe.ts";
import { cgroupManager, ociRuntime } from "./runtime.ts";

/** `container inspect`. */
export async function inspectContainer(local: Local, input: InspectContainerInput): Promise<InspectContainerData> {
  const record = await observe(local, local.state.containers.get(input.name));
  return describe(record.container, record.state, await factsOf(local, { record, withSize: input.size === true }));
}

type Wanted = { readonly record: ContainerRecord; readonly withSize: boolean };

async function factsOf(local: Local, { record, withSize }: Wanted): Promise<InspectFacts> {
  const { container, run } = record;
  const { upper, work, merged } = rootDirectories(local.config.paths, container.id);
  const lower = (container.image?.diffIds ?? []).map((diffId) =>
    `${local.config.paths.root}/layers/${diffId.replace("sha256:", "")}/diff`
  );
  const sizes = withSize ? (await local.storage()).containerSizes(container.id) : undefined;
  const network = readNetworkStatus(run);
  return {
    restarts: run.restarts,
    stoppedByUser: run.stoppedByUser,
    execIds: local.state.execSessions.of(container.id).map(({ id }) => id),
    paths: pathsOf(local, container),
    runtime: (await ociRuntime(local, run.runtime || container.runtime).catch(() => null))?.name ?? container.runtime,
    cgroupManager: cgroupManager(local),
    cgroupPath: run.cgroup,
    driver: local.config.storage.driver || "overlay",
    graph: {
      ...(lower.length > 0 ? { LowerDir: lower.toReversed().join(":") } : {}),
      ...(run.mountPoint ? { MergedDir: merged } : {}),
      UpperDir: upper,
      WorkDir: work,
    },
    volumes: volumesOf(local, container),
    network: networkSettings(container, network),
    ...(sizes ? { size: { rootFs: sizes.rootFs, rw: sizes.rw } } : {}),
  };
}

function pathsOf({ config: { paths } }: Local, container: Container): InspectFacts["paths"] {
  const run = runDirectory(paths, container.id);
  return {
    staticDir: dataDirectory(paths, container.id),
    config: `${run}/config.json`,
    resolvConf: `${run}/resolv.conf`,
    hostname: `${run}/hostname`,
    hosts: `${run}/hosts`,
    conmonPid: `${run}/conmon.pid`,
    pidFile: `${run}/pidfile`,
    log: container.log.path ?? "",
  };
}

function volumesOf(local: Local, { volumes }: Container): InspectFacts["volumes"] {
  return new Map(volumes.flatMap(({ name }) => {
    const volume = local.state.volumes.find(name);
    return volume ? [[name, { mountpoint: volume.Mountpoint, driver: volume.Driver }] as const] : [];
  }));
}

type Address = { readonly address: string; readonly prefix: number; readonly gateway: string; readonly mac: string };

const noAddress: Address = { address: "", prefix: 0, gateway: "", mac: "" };

/** The first address of each family of a network's interface. */
function addressOf(block: StatusBlock | undefined, family: 4 | 6): Address {
  for (const { mac_address, subnets } of Object.values(block?.interfaces ?? {})) {
    const found = subnets.find(({ ipnet }) => ipnet.includes(":") === (family === 6));
    if (!found) continue;
    const [address = "", prefix = "0"] = found.ipnet.split("/");
    return { address, prefix: Number(prefix), gateway: found.gateway ?? "", mac: mac_address };
  }
  return noAddress;
}

function networkSettings(container: Container, status: NetworkStatus | null): InspectNetworkSettings {
  const names = Object.keys(container.network.networks);
  const bridged = container.namespaces.net.nsmode === "bridge";
  // As in Podman, the flat fields are those of the only network, if it is the default one.
  const single = names.length === 1 ? status?.networks[names[0] ?? ""] : undefined;
  const v4 = addressOf(single, 4);
  const v6 = addressOf(single, 6);
  return {
    EndpointID: "",
    Gateway: v4.gateway,
    IPAddress: v4.address,
    IPPrefixLen: v4.prefix,
    IPv6Gateway: v6.gateway,
    GlobalIPv6Address: v6.address,
    GlobalIPv6PrefixLen: v6.prefix,
    MacAddress: v4.mac,
    Bridge: "",
    SandboxID: "",
    HairpinMode: false,
    LinkLocalIPv6Address: "",
    LinkLocalIPv6PrefixLen: 0,
    Ports: portsOf(container, status),
    SandboxKey: status?.netnsPath ?? "",
    ...(bridged
      ? { Networks: Object.fromEntries(names.map((name) => [name, networkEntry(container, { name, status })])) }
      : {}),
  };
}

function portsOf(container: Container, status: NetworkStatus | null): InspectNetworkSettings["Ports"] {
  const ports: Record<string, InspectHostPort[]> = {};
  for (const { container_port, host_ip, host_port, protocol } of status?.ports ?? container.network.ports) {
    const key = `${container_port}/${protocol || "tcp"}`;
    ports[key] = [...(ports[key] ?? []), { HostIp: host_ip || "0.0.0.0", HostPort: String(host_port) }];
  }
  for (const exposed of container.network.exposed) ports[exposed] ??= [];
  return ports;
}

type Entry = { readonly name: string; readonly status: NetworkStatus | null };

function networkEntry(container: Container, { name, status }: Entry): InspectAdditionalNetwork {
  const v4 = addressOf(status?.networks[name], 4);
  const v6 = addressOf(status?.networks[name], 6);
  return {
    EndpointID: "",
    Gateway: v4.gateway,
    IPAddress: v4.address,
    IPPrefixLen: v4.prefix,
    IPv6Gateway: v6.gateway,
    GlobalIPv6Address: v6.address,
    GlobalIPv6PrefixLen: v6.prefix,
    MacAddress: v4.mac,
    NetworkID: name,
    DriverOpts: {},
    IPAMConfig: {},
    Links: [],
    Aliases: [...(container.network.networks[name]?.aliases ?? []), container.id.slice(0, 12)],
  };
}
