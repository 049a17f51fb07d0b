/** Devices and cgroup limits. */

import type { ContainerDevice } from "../engine/container.ts";
import type {
  LinuxBlockIO,
  LinuxDeviceCgroup,
  LinuxResources,
  LinuxThrottleDevice,
  LinuxWeightDevice,
} from "../engine/types/spec.ts";
import { type DeviceRequest, parseDevice } from "./devices.ts";
import { cut, invalid } from "./invalid.ts";
import { checkMemory } from "./resources.ts";
import type { HostView, ResolveInput } from "./resolve_input.ts";

export type ResolvedDevices = {
  readonly devices: readonly ContainerDevice[];
  readonly rules: readonly LinuxDeviceCgroup[];
};

/** Directories of devices are not gone into deeper than this. */
const deepest = 4;

/** Devices asked for, with their numbers, and the rules that were given. Throws `stat X: no such file or directory`. */
export function resolveDevices({ spec, config, host }: ResolveInput): ResolvedDevices {
  const privileged = spec.privileged ?? config.containers.privileged;
  const texts = [...(privileged ? [] : config.containers.devices), ...(spec.devices ?? []).map(({ path }) => path)];
  const rules = spec.device_cgroup_rule ?? [];
  if (rules.length > 0 && host.rootless) {
    throw invalid("device cgroup rules are not supported in rootless mode or in a user namespace");
  }
  const devices = texts.flatMap((text) => findDevices(parseDevice(text), host, { depth: 0 }));
  return { devices: [...new Map(devices.map((one) => [one.path, one])).values()], rules };
}

function findDevices(request: DeviceRequest, host: HostView, { depth }: { depth: number }): readonly ContainerDevice[] {
  const { source, destination, access } = request;
  const node = host.device(source);
  if (node === null) {
    if (depth > 0) return [];
    throw invalid(`stat ${source}: no such file or directory`);
  }
  if (node.type !== "directory") {
    const { mode, ...numbers } = node;
    return [{ path: destination, ...numbers, fileMode: mode & 0o7777, hostPath: source, access }];
  }
  if (depth >= deepest) return [];
  return host.listDevices(source).flatMap((name) =>
    findDevices({ source: `${source}/${name}`, destination: `${destination}/${name}`, access }, host, {
      depth: depth + 1,
    })
  );
}

/** Limits with defaults, and with the numbers of devices that were named by path. */
export function resolveResources(input: ResolveInput): LinuxResources {
  const { spec, config, host } = input;
  const given = spec.resource_limits ?? {};
  const pids = given.pids?.limit ?? config.containers.pids_limit;
  const blockIO = resolveBlockIo(input);
  const unified = unifiedOf(input);
  const memory = given.memory === undefined ? undefined : withSwap(given.memory);
  if (Object.keys(unified).length > 0 && host.cgroupVersion === 1) {
    throw invalid("cgroup-conf: files of cgroup v2 cannot be set on a host with cgroup v1");
  }
  return {
    ...(given.devices && { devices: given.devices }),
    ...(memory && { memory }),
    ...(given.cpu && { cpu: given.cpu }),
    ...(pids > 0 && { pids: { limit: pids } }),
    ...(blockIO && { blockIO }),
    ...(given.hugepageLimits && { hugepageLimits: given.hugepageLimits }),
    ...(given.network && { network: given.network }),
    ...(given.rdma && { rdma: given.rdma }),
    ...(Object.keys(unified).length > 0 && { unified }),
  };
}

type Memory = NonNullable<LinuxResources["memory"]>;

/** As much swap as memory again, unless said otherwise. */
function withSwap(memory: Memory): Memory {
  checkMemory(memory);
  const { limit = 0, swap = 0 } = memory;
  return limit > 0 && swap === 0 ? { ...memory, swap: 2 * limit } : memory;
}

function unifiedOf({ spec, config }: ResolveInput): Readonly<Record<string, string>> {
  const configured = config.containers.cgroup_conf.map((text) => {
    const [key, value = ""] = cut(text, "=");
    return [key, value] as const;
  });
  return { ...Object.fromEntries(configured), ...spec.unified, ...spec.resource_limits?.unified };
}

function resolveBlockIo({ spec, host }: ResolveInput): LinuxBlockIO | undefined {
  const at = <T extends object>(devices: Readonly<Record<string, T>> | undefined) =>
    Object.entries(devices ?? {}).map(([path, one]) => ({ ...one, ...numbersOf(path, host) }));
  const weights: readonly LinuxWeightDevice[] = at(spec.weightDevice);
  const throttles: Readonly<Record<string, readonly LinuxThrottleDevice[]>> = {
    throttleReadBpsDevice: at(spec.throttleReadBpsDevice),
    throttleWriteBpsDevice: at(spec.throttleWriteBpsDevice),
    throttleReadIOPSDevice: at(spec.throttleReadIOPSDevice),
    throttleWriteIOPSDevice: at(spec.throttleWriteIOPSDevice),
  };
  const blockIO: LinuxBlockIO = {
    ...spec.resource_limits?.blockIO,
    ...(weights.length > 0 && { weightDevice: weights }),
    ...Object.fromEntries(Object.entries(throttles).filter(([, list]) => list.length > 0)),
  };
  return Object.keys(blockIO).length === 0 ? undefined : blockIO;
}

function numbersOf(path: string, host: HostView): { readonly major: number; readonly minor: number } {
  const node = host.device(path);
  if (node === null) throw invalid(`stat ${path}: no such file or directory`);
  if (node.type === "directory") throw invalid(`not a block device: ${path}`);
  return { major: node.major, minor: node.minor };
}
