/** The `HostConfig` of `inspect`: how a container could be made again with docker's words. */

import type { Container } from "../engine/container.ts";
import type { InspectContainerHostConfig, InspectHostPort } from "../engine/types/container_inspect.ts";
import type { PortMapping } from "../engine/types/spec.ts";
import { formatNamespace } from "./namespaces.ts";
import { cpuPeriod } from "./resources.ts";
import { formatSize } from "./units.ts";

export type HostConfigFacts = {
  readonly cgroupManager: string;
  readonly paths: { readonly log: string };
};

/** Docker's own default set: what CapAdd and CapDrop are said against. */
const dockerCapabilities =
  ("AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE NET_RAW SETFCAP " +
    "SETGID SETPCAP SETUID SYS_CHROOT").split(" ").map((name) => `CAP_${name}`);

export function inspectHostConfig(container: Container, facts: HostConfigFacts): InspectContainerHostConfig {
  const { process, security, network, namespaces, log, restart, idMappings } = container;
  return {
    Binds: binds(container),
    CgroupManager: facts.cgroupManager,
    CgroupMode: formatNamespace(namespaces.cgroup),
    ContainerIDFile: container.cidFile,
    LogConfig: {
      Type: log.driver ?? "",
      Config: {},
      Path: log.driver === "none" ? "" : facts.paths.log,
      Tag: log.options?.tag ?? "",
      Size: log.size ? formatSize(log.size) : "0B",
    },
    NetworkMode: networkMode(container),
    PortBindings: portBindings(network.ports),
    RestartPolicy: { Name: restart.name || "no", MaximumRetryCount: restart.tries },
    AutoRemove: container.autoRemove,
    AutoRemoveImage: false,
    Annotations: container.annotations,
    VolumeDriver: "",
    VolumesFrom: [],
    ...capabilityChanges(security),
    Dns: network.dnsServers,
    DnsOptions: network.dnsOptions,
    DnsSearch: network.dnsSearch,
    ExtraHosts: network.hosts,
    HostsFile: network.baseHostsFile ?? "",
    GroupAdd: process.groups,
    IpcMode: formatNamespace(namespaces.ipc),
    Cgroup: "",
    Cgroups: container.cgroupsMode === "enabled" ? "default" : container.cgroupsMode,
    Links: [],
    OomScoreAdj: process.oomScoreAdj ?? 0,
    PidMode: formatNamespace(namespaces.pid),
    Privileged: security.privileged,
    PublishAllPorts: false,
    ReadonlyRootfs: security.readOnly,
    SecurityOpt: securityOptions(security),
    Tmpfs: tmpfs(container),
    UTSMode: formatNamespace(namespaces.uts),
    UsernsMode: namespaces.user.nsmode === "host" ? "" : formatNamespace(namespaces.user),
    ...(idMappings.uid.length > 0 && {
      IDMappings: { UidMap: idMappings.uid.map(mapText), GidMap: idMappings.gid.map(mapText) },
    }),
    ShmSize: container.shmSize,
    Runtime: "oci",
    ConsoleSize: [0, 0],
    Isolation: "",
    CgroupParent: container.cgroupParent,
    Devices: container.devices.map(({ path, hostPath, access }) => ({
      PathOnHost: hostPath ?? path,
      PathInContainer: path,
      CgroupPermissions: access ?? "",
    })),
    ...(container.init && { Init: true }),
    Ulimits: process.rlimits.map(({ type, soft, hard }) => ({ Name: type, Soft: signed(soft), Hard: signed(hard) })),
    ...limits(container),
  };
}

function mapText({ container_id, host_id, size }: { container_id: number; host_id: number; size: number }): string {
  return `${container_id}:${host_id}:${size}`;
}

/** "No limit" is -1 here. */
function signed(limit: number): number {
  return limit >= 2 ** 63 ? -1 : limit;
}

function networkMode({ namespaces, network }: Container): string {
  const { net } = namespaces;
  if (net.nsmode !== "bridge") return formatNamespace({ nsmode: net.nsmode ?? "", value: net.value ?? "" });
  const names = Object.keys(network.networks);
  return names.length === 1 && names[0] !== "podman" ? names[0] ?? "bridge" : "bridge";
}

function binds({ mounts, volumes }: Container): readonly string[] {
  return [
    ...volumes.map(({ name, destination, options }) => `${name}:${destination}:${options.join(",")}`),
    ...mounts.filter(({ type }) => type === "bind")
      .map(({ source = "", destination, options = [] }) => `${source}:${destination}:${options.join(",")}`),
  ];
}

function tmpfs({ mounts }: Container): Readonly<Record<string, string>> {
  return Object.fromEntries(
    mounts.filter(({ type }) => type === "tmpfs").map((mount) => [mount.destination, (mount.options ?? []).join(",")]),
  );
}

/** `PORT/PROTOCOL` → where it is published. Ranges are unfolded. */
export function portBindings(ports: readonly PortMapping[]): Readonly<Record<string, readonly InspectHostPort[]>> {
  const bindings = new Map<string, InspectHostPort[]>();
  for (const { host_ip, host_port, container_port, range, protocol } of ports) {
    for (let offset = 0; offset < Math.max(1, range); offset++) {
      const key = `${container_port + offset}/${protocol}`;
      const HostPort = host_port === 0 ? "" : String(host_port + offset);
      bindings.set(key, [...(bindings.get(key) ?? []), { HostIp: host_ip || "0.0.0.0", HostPort }]);
    }
  }
  return Object.fromEntries(bindings);
}

type Security = Container["security"];

function capabilityChanges(
  { privileged, capabilities }: Security,
): { CapAdd: readonly string[]; CapDrop: readonly string[] } {
  if (privileged) return { CapAdd: [], CapDrop: [] };
  return {
    CapAdd: capabilities.filter((name) => !dockerCapabilities.includes(name)),
    CapDrop: dockerCapabilities.filter((name) => !capabilities.includes(name)),
  };
}

function securityOptions(
  { labels, noNewPrivileges, seccomp, privileged, apparmor, mask, unmask }: Security,
): readonly string[] {
  return [
    ...labels.map((label) => `label=${label}`),
    ...(noNewPrivileges ? ["no-new-privileges"] : []),
    ...(seccomp === "default" || (privileged && seccomp === "unconfined") ? [] : [`seccomp=${seccomp}`]),
    ...(apparmor === "" || (privileged && apparmor === "unconfined") ? [] : [`apparmor=${apparmor}`]),
    ...(mask.length > 0 ? [`mask=${mask.join(":")}`] : []),
    ...(unmask.length > 0 ? [`unmask=${unmask.join(":")}`] : []),
  ];
}

/** Names of the fields that say limits, besides `Ulimits`. */
type LimitFields =
  | `Cpu${"Shares" | "Period" | "Quota" | "RealtimePeriod" | "RealtimeRuntime" | "Count" | "Percent"}`
  | `Cpuset${"Cpus" | "Mems"}`
  | `Memory${"" | "Reservation" | "Swap" | "Swappiness"}`
  | `Blkio${"Weight" | "WeightDevice"}`
  | `BlkioDevice${"Read" | "Write"}${"Bps" | "IOps"}`
  | `IOMaximum${"IOps" | "Bandwidth"}`
  | "NanoCpus"
  | "DiskQuota"
  | "KernelMemory"
  | "OomKillDisable"
  | "PidsLimit"
  | "CgroupConf";

function limits({ resources }: Container): Pick<InspectContainerHostConfig, LimitFields> {
  const { memory = {}, cpu = {}, blockIO = {}, pids, unified = {} } = resources;
  const rate = (devices: readonly { major: number; minor: number; rate: number }[] | undefined) =>
    (devices ?? []).map(({ major, minor, rate }) => ({ Path: `${major}:${minor}`, Rate: rate }));
  return {
    CpuShares: cpu.shares ?? 0,
    Memory: memory.limit ?? 0,
    NanoCpus: cpu.quota && cpu.period === cpuPeriod ? Math.round((cpu.quota / cpu.period) * 1e9) : 0,
    BlkioWeight: blockIO.weight ?? 0,
    BlkioWeightDevice: (blockIO.weightDevice ?? []).map(({ major, minor, weight = 0 }) => ({
      Path: `${major}:${minor}`,
      Weight: weight,
    })),
    BlkioDeviceReadBps: rate(blockIO.throttleReadBpsDevice),
    BlkioDeviceWriteBps: rate(blockIO.throttleWriteBpsDevice),
    BlkioDeviceReadIOps: rate(blockIO.throttleReadIOPSDevice),
    BlkioDeviceWriteIOps: rate(blockIO.throttleWriteIOPSDevice),
    CpuPeriod: cpu.period ?? 0,
    CpuQuota: cpu.quota ?? 0,
    CpuRealtimePeriod: cpu.realtimePeriod ?? 0,
    CpuRealtimeRuntime: cpu.realtimeRuntime ?? 0,
    CpusetCpus: cpu.cpus ?? "",
    CpusetMems: cpu.mems ?? "",
    DiskQuota: 0,
    KernelMemory: memory.kernel ?? 0,
    MemoryReservation: memory.reservation ?? 0,
    MemorySwap: memory.swap ?? 0,
    MemorySwappiness: memory.limit !== undefined && memory.swappiness === undefined ? -1 : memory.swappiness ?? 0,
    OomKillDisable: memory.disableOOMKiller ?? false,
    PidsLimit: pids?.limit ?? 0,
    CpuCount: 0,
    CpuPercent: 0,
    IOMaximumIOps: 0,
    IOMaximumBandwidth: 0,
    CgroupConf: unified,
  };
}
