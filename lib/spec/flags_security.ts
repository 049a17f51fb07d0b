/** Privileges, security options, namespaces and cgroups. */

import type { CreateSpec, IDMappingOptions } from "../engine/types/spec.ts";
import { normalizeCapabilities } from "./capabilities.ts";
import type { FlagReader } from "./flag_reader.ts";
import { parseIdMap } from "./id_maps.ts";
import { invalid, unsupported } from "./invalid.ts";
import { parseNamespace, parseUserNamespace } from "./namespaces.ts";
import { parseSecurityOptions, parseSysctls } from "./security.ts";

export function securityFlags(flags: FlagReader): Partial<CreateSpec> {
  const choice = parseSecurityOptions(flags.list("security-opt"));
  const add = normalizeCapabilities(flags.list("cap-add"));
  const drop = normalizeCapabilities(flags.list("cap-drop"));
  const sysctl = parseSysctls(flags.list("sysctl"));
  return {
    ...(flags.has("privileged") && { privileged: flags.flag("privileged") }),
    ...(add.length > 0 && { cap_add: add }),
    ...(drop.length > 0 && { cap_drop: drop }),
    ...(choice.seccomp !== undefined && { seccomp_profile_path: choice.seccomp }),
    ...(choice.apparmor !== undefined && { apparmor_profile: choice.apparmor }),
    ...(choice.labels.length > 0 && { selinux_opts: choice.labels }),
    ...(choice.labelNested && { label_nested: true }),
    ...(choice.noNewPrivileges !== undefined && { no_new_privileges: choice.noNewPrivileges }),
    ...(choice.mask.length > 0 && { mask: choice.mask }),
    ...(choice.unmask.length > 0 && { unmask: choice.unmask }),
    ...(choice.procOptions.length > 0 && { procfs_opts: choice.procOptions }),
    ...(flags.has("seccomp-policy") && { seccomp_policy: flags.text("seccomp-policy") }),
    ...(Object.keys(sysctl).length > 0 && { sysctl }),
  };
}

export function namespaceFlags(
  flags: FlagReader,
  env: Readonly<Record<string, string | undefined>>,
): Partial<CreateSpec> {
  const cgroups = flags.has("cgroups") ? checkCgroups(flags.text("cgroups")) : "";
  return {
    ...(flags.has("pid") && { pidns: parseNamespace(flags.text("pid"), "pid") }),
    ...(flags.has("ipc") && { ipcns: parseNamespace(flags.text("ipc"), "ipc") }),
    ...(flags.has("uts") && { utsns: parseNamespace(flags.text("uts"), "uts") }),
    ...(flags.has("cgroupns") && { cgroupns: parseNamespace(flags.text("cgroupns"), "cgroup") }),
    ...(cgroups !== "" && { cgroups_mode: cgroups }),
    ...(flags.text("cgroup-parent") !== "" && { cgroup_parent: flags.text("cgroup-parent") }),
    ...userNamespace(flags, env.PODMAN_USERNS ?? ""),
  };
}

function checkCgroups(text: string): string {
  if (["enabled", "disabled", "no-conmon", "split"].includes(text)) return text;
  throw invalid(`running container create option: invalid cgroup mode ${JSON.stringify(text)}: invalid argument`);
}

function userNamespace(flags: FlagReader, fromEnv: string): Partial<CreateSpec> {
  const mapped = ["uidmap", "gidmap"].some((name) => flags.list(name).length > 0);
  const named = ["subuidname", "subgidname"].find((name) => flags.text(name) !== "");
  if (flags.has("userns") && (mapped || named !== undefined)) {
    throw invalid("--userns and --uidmap/--gidmap/--subuidname/--subgidname are mutually exclusive");
  }
  if (named !== undefined) throw unsupported(`--${named}`);
  if (mapped) return { userns: { nsmode: "private" }, idmappings: explicitMappings(flags) };
  const text = flags.has("userns") ? flags.text("userns") : fromEnv;
  return text === "" ? {} : { userns: parseUserNamespace(text) };
}

/** With only one of the two flags, the other takes the same maps. */
function explicitMappings(flags: FlagReader): IDMappingOptions {
  const uid = flags.list("uidmap").map(parseIdMap);
  const gid = flags.list("gidmap").map(parseIdMap);
  return {
    HostUIDMapping: false,
    HostGIDMapping: false,
    UIDMap: uid.length > 0 ? uid : gid,
    GIDMap: gid.length > 0 ? gid : uid,
    AutoUserNs: false,
    AutoUserNsOpts: {
      Size: 0,
      InitialSize: 0,
      PasswdFile: "",
      GroupFile: "",
      AdditionalUIDMappings: [],
      AdditionalGIDMappings: [],
    },
  };
}
