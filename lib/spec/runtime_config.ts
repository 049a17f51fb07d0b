/**
 * `Container` → the runtime's config.json. The same decisions as Podman's, compared side by side in the tests: default
 * mounts, masks, capabilities, devices, and what changes in a user namespace.
 */

import type { Container } from "../engine/container.ts";
import type {
  RuntimeCapabilities,
  RuntimeLinux,
  RuntimeMount,
  RuntimeNamespace,
  RuntimeNamespaceType,
  RuntimeProcess,
  RuntimeRlimit,
  RuntimeSpec,
} from "../oci/runtime_spec.ts";
import { runtimeDevices, runtimeResources } from "./runtime_devices.ts";
import type { NamespacePaths, RuntimeFacts } from "./runtime_facts.ts";
import { maskedPaths, readonlyPaths } from "./runtime_masks.ts";
import { hasUserNamespace, initDestination, runtimeMounts } from "./runtime_mounts.ts";
import { unlimited } from "./ulimits.ts";

/** Makes config.json for one start. Pure and quick: it is on the way of every `run`. */
export function runtimeConfig(container: Container, facts: RuntimeFacts): RuntimeSpec {
  const { namespaces, security, network } = container;
  const ownHostname = namespaces.uts.nsmode === "private";
  const mounts = runtimeMounts(container, facts);
  return {
    ociVersion: "1.0.2",
    process: runtimeProcess(container, facts),
    root: { path: facts.rootfs, ...(security.readOnly && { readonly: true }) },
    ...(ownHostname && { hostname: network.hostname }),
    mounts,
    annotations: annotations(container, facts),
    linux: runtimeLinux(container, facts, { mounts }),
  };
}

/**
 * The text of config.json. JavaScript has no 2^64-1, which is "no limit": it stands as 2^64 in the object and is put right
 * here. The pattern cannot match inside a string, where the quotes would be escaped.
 */
export function encodeRuntimeConfig(spec: RuntimeSpec): string {
  return JSON.stringify(spec).replace(/"(hard|soft)":18446744073709552000/g, '"$1":18446744073709551615');
}

type Mounts = { readonly mounts: readonly RuntimeMount[] };

function runtimeLinux(container: Container, facts: RuntimeFacts, { mounts }: Mounts): RuntimeLinux {
  const { security, sysctl, cgroupsMode } = container;
  const rootfsPropagation = container.rootfsPropagation || propagationFor(mounts);
  const maps = container.idMappings;
  const mapped = facts.namespaces.user === undefined && hasUserNamespace(container);
  const { devices, rules } = runtimeDevices(container, facts);
  const hostPid = container.namespaces.pid.nsmode === "host";
  return {
    ...(mapped && { uidMappings: maps.uid.map(runtimeMap), gidMappings: maps.gid.map(runtimeMap) }),
    ...(Object.keys(sysctl).length > 0 && { sysctl }),
    resources: runtimeResources(container, facts, { rules }),
    ...(cgroupsMode !== "disabled" && facts.cgroupsPath !== "" && { cgroupsPath: facts.cgroupsPath }),
    namespaces: runtimeNamespaces(container, facts.namespaces),
    ...(devices.length > 0 && { devices }),
    ...(facts.seccomp && { seccomp: facts.seccomp }),
    ...(rootfsPropagation !== "" && { rootfsPropagation }),
    maskedPaths: maskedPaths(security),
    readonlyPaths: readonlyPaths(security, { withoutDefaults: facts.rootless && hostPid }),
  };
}

/** What the root must be for its mounts to be shared with the host, or to follow it; empty: neither is wanted. */
function propagationFor(mounts: readonly RuntimeMount[]): string {
  const wants = (...words: readonly string[]) =>
    mounts.some(({ options }) => options?.some((one) => words.includes(one)));
  if (wants("shared", "rshared")) return "shared";
  return wants("slave", "rslave") ? "rslave" : "";
}

function runtimeMap(map: { container_id: number; host_id: number; size: number }) {
  return { containerID: map.container_id, hostID: map.host_id, size: map.size };
}

function runtimeProcess(container: Container, facts: RuntimeFacts): RuntimeProcess {
  const { process, security, network } = container;
  const args = container.init ? [initDestination, "--", ...process.args] : process.args;
  const additionalGids = facts.user.additionalGids;
  return {
    ...(process.terminal && { terminal: true }),
    user: {
      uid: facts.user.uid,
      gid: facts.user.gid,
      umask: parseInt(process.umask, 8),
      ...(additionalGids.length > 0 && { additionalGids }),
    },
    args,
    env: environment(process.env, { HOME: facts.user.home, HOSTNAME: network.hostname }),
    cwd: process.cwd,
    capabilities: runtimeCapabilities(security, facts.user),
    rlimits: clampLimits(process.rlimits, facts.limits),
    ...(security.noNewPrivileges && { noNewPrivileges: true }),
    ...(security.apparmor !== "" && { apparmorProfile: security.apparmor }),
    ...(process.oomScoreAdj !== null && { oomScoreAdj: process.oomScoreAdj }),
  };
}

/** `NAME=VALUE` lines; what is not given gets its default. */
export function environment(
  env: Readonly<Record<string, string>>,
  defaults: Readonly<Record<string, string>>,
): readonly string[] {
  const missing = Object.entries(defaults).filter(([name]) => !Object.hasOwn(env, name));
  return [...Object.entries(env), ...missing].map(([name, value]) => `${name}=${value}`);
}

/** Root has what the container has; others only what was asked for by name, and that so that it survives execve. */
export function runtimeCapabilities(
  security: Pick<Container["security"], "capabilities" | "addedCapabilities">,
  { uid }: { readonly uid: number },
): RuntimeCapabilities {
  const bounding = security.capabilities;
  if (uid === 0) return { bounding, effective: bounding, permitted: bounding };
  const own = (security.addedCapabilities ?? []).filter((name) => bounding.includes(name));
  return { bounding, effective: own, inheritable: own, permitted: own, ambient: own };
}

type Limits = Container["process"]["rlimits"];

/** The limits as far as the engine may set them: no hard limit above its own. */
export function clampLimits(limits: Limits, own: RuntimeFacts["limits"]): readonly RuntimeRlimit[] {
  return limits.map(({ type, soft, hard }) => {
    const most = own.get(type)?.hard ?? unlimited;
    return { type, hard: atMost(hard, most), soft: atMost(soft, most) };
  });
}

/** -1 and everything beyond 63 bits are "no limit". */
function atMost(value: number, most: number): number {
  const wanted = value < 0 || value >= 2 ** 63 ? unlimited : value;
  return Math.min(wanted, most < 0 || most >= 2 ** 63 ? unlimited : most);
}

const types: readonly (readonly [keyof NamespacePaths, RuntimeNamespaceType])[] = [
  ["pid", "pid"],
  ["net", "network"],
  ["ipc", "ipc"],
  ["uts", "uts"],
  ["user", "user"],
  ["cgroup", "cgroup"],
];

function runtimeNamespaces(container: Container, paths: NamespacePaths): readonly RuntimeNamespace[] {
  const own = types.flatMap(([kind, type]): readonly RuntimeNamespace[] => {
    const path = paths[kind];
    if (path !== undefined) return [{ type, path }];
    if (kind === "user") return hasUserNamespace(container) ? [{ type }] : [];
    return container.namespaces[kind].nsmode === "host" ? [] : [{ type }];
  });
  return [...own, { type: "mount" }];
}

function annotations(container: Container, facts: RuntimeFacts): Readonly<Record<string, string>> {
  return {
    ...container.annotations,
    "io.container.manager": "libpod",
    "io.kubernetes.cri-o.Created": container.created,
    "io.kubernetes.cri-o.TTY": String(container.process.terminal),
    "org.opencontainers.image.stopSignal": String(container.stopSignal),
    // Only crun knows how to leave the user's own groups alone.
    ...(facts.user.keepGroups && { "run.oci.keep_original_groups": "1" }),
  };
}
