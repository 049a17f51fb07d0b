/** Privileges: capabilities, seccomp, masks, sysctls. An image has no say in any of it. */

import type { ContainerNamespaces, ContainerSecurity } from "../engine/container.ts";
import { mergeCapabilities } from "./capabilities.ts";
import { invalid } from "./invalid.ts";
import type { ResolveInput } from "./resolve_input.ts";
import { parseSysctls, sysctlNamespace } from "./security.ts";

export function resolveSecurity({ spec, config, host }: ResolveInput): ContainerSecurity {
  const defaults = config.containers;
  const privileged = spec.privileged ?? defaults.privileged;
  const readOnly = spec.read_only_filesystem ?? defaults.read_only;
  const bounding = host.boundingCapabilities;
  const change = { add: spec.cap_add ?? [], drop: spec.cap_drop ?? [], bounding };
  const capabilities = privileged ? bounding.toSorted() : mergeCapabilities(defaults.default_capabilities, change);
  const added = mergeCapabilities([], { add: change.add, drop: [], bounding });
  return {
    privileged,
    capabilities: capabilities.filter((name) => bounding.includes(name)),
    addedCapabilities: added.filter((name) => bounding.includes(name)),
    noNewPrivileges: spec.no_new_privileges ?? false,
    seccomp: spec.seccomp_profile_path || (privileged ? "unconfined" : defaults.seccomp_profile || "default"),
    apparmor: resolveAppArmor(spec.apparmor_profile || defaults.apparmor_profile, {
      privileged,
      enabled: host.apparmor,
    }),
    labels: spec.selinux_opts ?? [],
    mask: absolutePaths(spec.mask ?? [], "mask"),
    unmask: spec.unmask ?? [],
    readOnly,
    readWriteTmpfs: readOnly && (spec.read_write_tmpfs ?? true),
  };
}

type AppArmorFacts = { readonly privileged: boolean; readonly enabled: boolean };

/** The profile's name; empty: none asked for. */
function resolveAppArmor(profile: string, { privileged, enabled }: AppArmorFacts): string {
  if (profile === "" || profile === "unconfined") return enabled && (privileged || profile !== "") ? "unconfined" : "";
  if (enabled) return privileged ? "unconfined" : profile;
  throw invalid(`apparmor profile ${JSON.stringify(profile)} specified, but Apparmor is not enabled on this system`);
}

function absolutePaths(paths: readonly string[], what: string): readonly string[] {
  const wrong = paths.find((path) => path !== "" && !path.startsWith("/"));
  if (wrong !== undefined) throw invalid(`${what} path ${JSON.stringify(wrong)} is not an absolute path`);
  return paths.filter((path) => path !== "");
}

const words = { net: "Network", ipc: "IPC", uts: "UTS" } as const;

/** Given sysctls must belong to a namespace of the container; configured ones that do not are left out. */
export function resolveSysctl(
  { spec, config }: ResolveInput,
  namespaces: ContainerNamespaces,
): Readonly<Record<string, string>> {
  const hostShared = (name: string) => {
    const kind = sysctlNamespace(name.replaceAll("/", "."));
    return kind !== undefined && namespaces[kind].nsmode === "host" ? kind : undefined;
  };
  const given = Object.entries(spec.sysctl ?? {});
  parseSysctls(given.map(([name, value]) => `${name}=${value}`));
  for (const [name, value] of given) {
    const kind = hostShared(name);
    if (kind === undefined) continue;
    throw invalid(`sysctl ${name}=${value} can't be set since ${words[kind]} Namespace set to host: invalid argument`);
  }
  const configured = Object.entries(parseSysctls(config.containers.default_sysctls));
  return Object.fromEntries([...configured.filter(([name]) => hostShared(name) === undefined), ...given]);
}
