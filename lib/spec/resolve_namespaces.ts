/** Which namespaces a container has of its own, shares with the host or joins. */

import type { Container, ContainerNamespaces, IdMappings } from "../engine/container.ts";
import type { Namespace } from "../engine/types/spec.ts";
import { keepIdMap, noMap, noMappings, parseUserNamespaceOptions } from "./id_maps.ts";
import { invalid } from "./invalid.ts";
import { parseNamespace, parseUserNamespace } from "./namespaces.ts";
import { parseNetworks } from "./networks.ts";
import type { ResolveInput } from "./resolve_input.ts";
import { parseDecimalBytes } from "./units.ts";
import { messageOf } from "../errors.ts";

export type ResolvedNamespaces = Pick<Container, "namespaces" | "idMappings" | "dependencies" | "shmSize"> & {
  readonly namespaces: ContainerNamespaces;
};

/** Names of kinds as Podman has them in messages. */
type Kind = "pid" | "uts" | "ipc" | "user" | "cgroup" | "net";

const modes: Readonly<Record<Kind, readonly string[]>> = {
  pid: ["private", "host", "container", "path"],
  uts: ["private", "host", "container", "path"],
  ipc: ["private", "shareable", "none", "host", "container", "path"],
  user: ["host", "private", "auto", "keep-id", "no-map", "container", "path"],
  cgroup: ["private", "host", "container", "path"],
  net: ["private", "none", "host", "bridge", "slirp4netns", "pasta", "container", "path"],
};

/** All namespaces, id maps, the containers that they make us depend on, and the size of /dev/shm. */
export function resolveNamespaces(input: ResolveInput): ResolvedNamespaces {
  const { spec, config } = input;
  const defaults = config.containers;
  const user = pick(input, "user", { given: spec.userns, fallback: () => defaultUser(input) });
  const namespaces: ContainerNamespaces = {
    pid: pick(input, "pid", { given: spec.pidns, fallback: () => parseNamespace(defaults.pidns, "pid") }),
    uts: pick(input, "uts", { given: spec.utsns, fallback: () => parseNamespace(defaults.utsns, "uts") }),
    ipc: pick(input, "ipc", { given: spec.ipcns, fallback: () => parseNamespace(defaults.ipcns, "ipc") }),
    user,
    cgroup: pick(input, "cgroup", { given: spec.cgroupns, fallback: () => defaultCgroup(input) }),
    net: privateNetwork(
      input,
      pick(input, "net", { given: spec.netns, fallback: () => parseNetworks([defaults.netns]).netns ?? {} }),
    ),
  };
  const donor = namespaces.ipc.nsmode === "container" ? input.host.container(namespaces.ipc.value ?? "") : null;
  if (donor?.namespaces.ipc.nsmode === "private") {
    throw invalid(`container ${donor.id}: non-shareable IPC (hint: use IpcMode:shareable for the donor container)`);
  }
  return {
    namespaces,
    idMappings: idMappings(input, user),
    dependencies: dependencies(input, namespaces),
    shmSize: ["private", "shareable"].includes(namespaces.ipc.nsmode ?? "") ? shmSize(input) : 0,
  };
}

type Choice = { readonly given: Namespace | undefined; readonly fallback: () => Namespace };

function pick(input: ResolveInput, kind: Kind, { given, fallback }: Choice): Namespace {
  const isDefault = !given?.nsmode || given.nsmode === "default";
  const chosen = isDefault ? fallback() : given;
  const mode = !chosen.nsmode || chosen.nsmode === "default" ? "private" : chosen.nsmode;
  if (!modes[kind].includes(mode)) throw invalid(`unrecognized namespace mode ${mode} passed`);
  if (mode === "container") return { nsmode: mode, value: lookUp(input, kind, { name: chosen.value ?? "" }).id };
  if (mode === "path" && !chosen.value?.startsWith("/")) {
    throw invalid(`invalid namespace path ${JSON.stringify(chosen.value)}`);
  }
  return chosen.value ? { nsmode: mode, value: chosen.value } : { nsmode: mode };
}

function lookUp({ host }: ResolveInput, kind: Kind, { name }: { readonly name: string }): Container {
  const container = host.container(name);
  if (container !== null) return container;
  throw invalid(
    `looking up container to share ${kind} namespace with: no container with name or ID ${
      JSON.stringify(name)
    } found: ` +
      "no such container",
  );
}

function defaultUser({ config }: ResolveInput): Namespace {
  return config.containers.userns === "" ? { nsmode: "host" } : parseUserNamespace(config.containers.userns);
}

/** cgroup v1 has no use for a namespace of its own. */
function defaultCgroup({ config, host, spec }: ResolveInput): Namespace {
  if (config.containers.cgroupns !== "") return parseNamespace(config.containers.cgroupns, "cgroup");
  return { nsmode: host.cgroupVersion === 2 && spec.cgroups_mode !== "split" ? "private" : "host" };
}

/** `private` is a bridge for root, and what needs no privileges for others. */
function privateNetwork({ host, spec }: ResolveInput, net: Namespace): Namespace {
  if (net.nsmode !== "private") return net;
  const named = Object.keys(spec.Networks ?? {}).length > 0;
  return { nsmode: host.rootless && !named ? host.rootlessNetwork : "bridge" };
}

function idMappings(input: ResolveInput, user: Namespace): IdMappings {
  const { spec, host } = input;
  switch (user.nsmode) {
    case "private": {
      const { UIDMap = [], GIDMap = [] } = spec.idmappings ?? {};
      if (UIDMap.length === 0 || GIDMap.length === 0) {
        throw invalid("must provide at least one UID or GID mapping to configure a user namespace");
      }
      return { uid: UIDMap, gid: GIDMap };
    }
    case "keep-id":
      return keepIds(input, user);
    case "no-map": {
      if (!host.rootless) throw invalid("nomap is only supported in rootless mode");
      const available = host.availableIds();
      return { uid: noMap(available.uid), gid: noMap(available.gid) };
    }
    case "auto": {
      const options = parseUserNamespaceOptions(user);
      const size = options.size ?? spec.idmappings?.AutoUserNsOpts?.Size ?? 0;
      const found = host.allocateIds(size);
      return { uid: [...found.uid, ...options.uidmapping], gid: [...found.gid, ...options.gidmapping] };
    }
    case "container":
      return host.container(user.value ?? "")?.idMappings ?? noMappings;
    default:
      return noMappings;
  }
}

function keepIds({ host }: ResolveInput, user: Namespace): IdMappings {
  if (!host.rootless) throw invalid("keep-id is only supported in rootless mode");
  const { uid = host.uid, gid = host.gid, size } = parseUserNamespaceOptions(user);
  const available = host.availableIds();
  return {
    uid: keepIdMap({ id: uid, available: size === undefined ? available.uid : Math.min(size, available.uid) }),
    gid: keepIdMap({ id: gid, available: size === undefined ? available.gid : Math.min(size, available.gid) }),
  };
}

function dependencies({ spec, host }: ResolveInput, namespaces: ContainerNamespaces): readonly string[] {
  const joined = Object.values(namespaces).flatMap(({ nsmode, value }) =>
    nsmode === "container" && value ? [value] : []
  );
  const asked = (spec.dependencyContainers ?? []).map((name) => {
    const container = host.container(name);
    if (container !== null) return container.id;
    const quoted = JSON.stringify(name);
    throw invalid(
      `${quoted} is not a valid container, cannot be used as a dependency: no container with name or ID ${quoted} found: ` +
        "no such container",
    );
  });
  return [...new Set<string>([...joined, ...asked])];
}

function shmSize({ spec, config }: ResolveInput): number {
  if (spec.shm_size !== undefined && spec.shm_size > 0) return spec.shm_size;
  try {
    return parseDecimalBytes(config.containers.shm_size);
  } catch (error) {
    throw invalid(`containers.conf: shm_size: ${messageOf(error)}`, error);
  }
}
