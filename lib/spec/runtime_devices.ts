/** Devices of a container and its cgroup limits, as the runtime takes them. */

import type { Container } from "../engine/container.ts";
import type { LinuxDeviceCgroup, LinuxResources } from "../engine/types/spec.ts";
import type { RuntimeDevice, RuntimeDeviceRule, RuntimeMount, RuntimeResources } from "../oci/runtime_spec.ts";
import type { RuntimeFacts } from "./runtime_facts.ts";

export type RuntimeDevices = {
  readonly devices: readonly RuntimeDevice[];
  readonly rules: readonly RuntimeDeviceRule[];
};

function isMapped(container: Container): boolean {
  const mode = container.namespaces.user.nsmode;
  return mode !== undefined && mode !== "host" && mode !== "default";
}

/** Where device nodes cannot be made, they are bound from the host; device cgroups are out of reach there, too. */
function bindsDevices(container: Container, facts: RuntimeFacts): boolean {
  return facts.rootless || isMapped(container);
}

/** Nodes to make and rules of the device cgroup. */
export function runtimeDevices(container: Container, facts: RuntimeFacts): RuntimeDevices {
  const { privileged } = container.security;
  if (bindsDevices(container, facts)) return { devices: [], rules: [] };
  const asked = container.devices.map(deviceNode);
  if (privileged) {
    const paths = new Set(asked.map(({ path }) => path));
    const host = facts.hostDevices().filter(({ path }) => !paths.has(path));
    return { devices: [...host, ...asked], rules: [{ allow: true, access: "rwm" }] };
  }
  const ofDevices = container.devices.map(({ type, major, minor, access }): RuntimeDeviceRule => ({
    allow: true,
    type: type === "b" ? "b" : "c",
    major,
    minor,
    access: access ?? "rwm",
  }));
  const given = [...container.deviceCgroupRules, ...(container.resources.devices ?? [])].map(deviceRule);
  return { devices: asked, rules: [{ allow: false, access: "rwm" }, ...ofDevices, ...given] };
}

function deviceNode({ path, type, major, minor, fileMode, uid, gid }: Container["devices"][number]): RuntimeDevice {
  return {
    path,
    type: type === "b" ? "b" : "c",
    major,
    minor,
    ...(fileMode !== undefined && { fileMode }),
    ...(uid !== undefined && { uid }),
    ...(gid !== undefined && { gid }),
  };
}

function deviceRule({ allow, type, major, minor, access }: LinuxDeviceCgroup): RuntimeDeviceRule {
  return {
    allow,
    ...((type === "a" || type === "b" || type === "c") && { type }),
    ...(major !== undefined && { major }),
    ...(minor !== undefined && { minor }),
    ...(access !== undefined && { access }),
  };
}

/** Asked-for devices as bind mounts. */
export function rootlessDeviceBinds(container: Container, facts: RuntimeFacts): readonly RuntimeMount[] {
  if (!bindsDevices(container, facts)) return [];
  return container.devices.map(({ path, hostPath, access }) => ({
    destination: path,
    type: "bind",
    source: hostPath ?? path,
    options: ["slave", "nosuid", "noexec", (access ?? "rw").includes("w") ? "rw" : "ro", "rbind"],
  }));
}

/** Made by the runtime in every container. */
const ownNodes = new Set(
  ["null", "zero", "full", "random", "urandom", "tty", "ptmx", "console"].map((one) => `/dev/${one}`),
);

/** All of the host's devices as bind mounts, for a privileged container in a user namespace. */
export function privilegedBinds(container: Container, facts: RuntimeFacts): readonly RuntimeMount[] {
  if (!container.security.privileged || !bindsDevices(container, facts)) return [];
  const asked = new Set(container.devices.map(({ path }) => path));
  return facts.hostDevices().filter(({ path }) => !ownNodes.has(path) && !asked.has(path)).map(({ path }) => ({
    destination: path,
    type: "bind",
    source: path,
    options: ["slave", "nosuid", "noexec", "rw", "rbind"],
  }));
}

type Rules = { readonly rules: readonly RuntimeDeviceRule[] };

/** Controller that each kind of limit needs (cgroup v1 and v2 names). */
const controllers: readonly (readonly [keyof LinuxResources, readonly string[]])[] = [
  ["memory", ["memory"]],
  ["cpu", ["cpu", "cpuset"]],
  ["pids", ["pids"]],
  ["blockIO", ["blkio", "io"]],
  ["hugepageLimits", ["hugetlb"]],
  ["rdma", ["rdma"]],
];

/** Limits that this host can enforce: none for a normal user on cgroup v1, none of controllers that are not ours. */
export function runtimeResources(container: Container, facts: RuntimeFacts, { rules }: Rules): RuntimeResources {
  const devices = rules.length > 0 ? { devices: rules } : {};
  if (container.cgroupsMode === "disabled") return devices;
  if (facts.rootless && facts.cgroups.version === 1) return devices;
  const kept = controllers
    .filter(([kind, names]) =>
      container.resources[kind] !== undefined && names.some((name) => facts.cgroups.controllers.includes(name))
    )
    .map(([kind]) => [kind, container.resources[kind]]);
  const { network, unified } = container.resources;
  return {
    ...devices,
    ...Object.fromEntries(kept),
    ...(network && facts.cgroups.version === 1 && { network }),
    ...(unified && { unified }),
  };
}
