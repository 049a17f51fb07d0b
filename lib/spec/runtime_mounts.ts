/** Everything that is mounted in a container, in the order in which it is mounted. */

import type { Container } from "../engine/container.ts";
import type { RuntimeMount } from "../oci/runtime_spec.ts";
import { EngineError } from "../errors.ts";
import { hostId } from "./id_maps.ts";
import { cut } from "./invalid.ts";
import { runtimeOptions } from "./mount_options.ts";
import { privilegedBinds, rootlessDeviceBinds } from "./runtime_devices.ts";
import type { RuntimeFacts } from "./runtime_facts.ts";

/** Where the init program is seen. */
export const initDestination = "/run/podman-init";

/** The group of terminals. */
const ttyGroup = 5;

/** Whether the container has a user namespace besides the engine's. */
export function hasUserNamespace(container: Container): boolean {
  const mode = container.namespaces.user.nsmode;
  return mode !== "host" && mode !== "default" && mode !== undefined;
}

/** Sorted so that a mount never hides one that came before it. */
export function runtimeMounts(container: Container, facts: RuntimeFacts): readonly RuntimeMount[] {
  const given = [...userMounts(container), ...volumeMounts(container, facts)];
  const destinations = new Set(given.map(({ destination }) => destination));
  const binds = given.filter(({ type }) => type === "bind").map(({ destination }) => destination);
  const isHidden = (path: string) => destinations.has(path) || binds.some((bind) => path.startsWith(`${bind}/`));
  const defaults = defaultMounts(container, facts).filter(({ destination }) => !isHidden(destination));
  const files = generatedMounts(container, facts).filter(({ destination }) => !destinations.has(destination));
  const devices = [...rootlessDeviceBinds(container, facts), ...privilegedBinds(container, facts)]
    .filter(({ destination }) => !isHidden(destination));
  return [...defaults, ...given, ...files, ...devices].toSorted((a, b) => depth(a) - depth(b));
}

function depth({ destination }: RuntimeMount): number {
  return destination.split("/").filter(Boolean).length;
}

function userMounts(container: Container): readonly RuntimeMount[] {
  return container.mounts.map(({ destination, type, source, options }) => ({
    destination,
    type: type ?? "bind",
    source: source ?? "",
    options: runtimeOptions(options ?? []),
  }));
}

function volumeMounts(container: Container, facts: RuntimeFacts): readonly RuntimeMount[] {
  return container.volumes.map(({ name, destination, options }) => {
    const source = facts.volumes.get(`${name}:${destination}`) ?? facts.volumes.get(name);
    if (source === undefined) {
      throw new EngineError("noSuchVolume", `no volume with name ${JSON.stringify(name)} found`);
    }
    return { destination, type: "bind", source, options: runtimeOptions(options) };
  });
}

function generatedMounts(container: Container, facts: RuntimeFacts): readonly RuntimeMount[] {
  const readOnly = container.security.readOnly;
  const files = facts.files.map(({ destination, source, readOnly: always }) => ({
    destination,
    type: "bind",
    source,
    options: [
      "bind",
      "rprivate",
      ...(readOnly ? ["ro", "nosuid", "noexec", "nodev"] : always ? ["ro"] : []),
    ],
  }));
  if (!container.init) return files;
  const init = {
    destination: initDestination,
    type: "bind",
    source: facts.initPath,
    options: ["bind", "rprivate", "ro"],
  };
  return [...files, init];
}

function defaultMounts(container: Container, facts: RuntimeFacts): readonly RuntimeMount[] {
  // A read-only container without temporary directories has nothing that can be written, /dev included.
  const frozen = container.security.readOnly && !container.security.readWriteTmpfs;
  return [
    procMount(container, facts),
    {
      destination: "/dev",
      type: "tmpfs",
      source: "tmpfs",
      options: ["nosuid", "noexec", "strictatime", "mode=755", "size=65536k", ...(frozen ? ["ro"] : [])],
    },
    sysMount(container, facts),
    ptsMount(container, facts),
    mqueueMount(container, facts),
    ...shmMount(container, facts, { frozen }),
    ...cgroupMount(container, facts),
  ];
}

function inUserNamespace(container: Container, facts: RuntimeFacts): boolean {
  return facts.rootless || hasUserNamespace(container);
}

/** A fresh proc needs a pid namespace of one's own user namespace. */
function procMount(container: Container, facts: RuntimeFacts): RuntimeMount {
  if (inUserNamespace(container, facts) && container.namespaces.pid.nsmode === "host") {
    return { destination: "/proc", type: "bind", source: "/proc", options: ["rbind", "nosuid", "noexec", "nodev"] };
  }
  return { destination: "/proc", type: "proc", source: "proc", options: ["nosuid", "noexec", "nodev"] };
}

/** A fresh sysfs needs a network namespace that belongs to the container's user namespace. */
function canMountSys(container: Container, facts: RuntimeFacts): boolean {
  const net = container.namespaces.net.nsmode ?? "";
  const isOwnUser = hasUserNamespace(container);
  if (net === "host" && (facts.rootless || isOwnUser)) return false;
  if (!isOwnUser) return true;
  return facts.namespaces.net === undefined;
}

function sysMount(container: Container, facts: RuntimeFacts): RuntimeMount {
  const access = container.security.privileged ? "rw" : "ro";
  if (!canMountSys(container, facts)) {
    const options = ["rprivate", "nosuid", "noexec", "nodev", access, "rbind"];
    return { destination: "/sys", type: "bind", source: "/sys", options };
  }
  const options = ["nosuid", "noexec", "nodev", access];
  return {
    destination: "/sys",
    type: "sysfs",
    source: "sysfs",
    options: container.security.privileged ? ["rprivate", ...options] : options,
  };
}

function ptsMount(container: Container, facts: RuntimeFacts): RuntimeMount {
  const maps = container.idMappings.gid;
  const isMapped = (!facts.rootless || facts.availableGids > ttyGroup) && hostId(maps, ttyGroup) !== undefined;
  const options = ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"];
  return {
    destination: "/dev/pts",
    type: "devpts",
    source: "devpts",
    options: isMapped ? [...options, `gid=${ttyGroup}`] : ["rprivate", ...options],
  };
}

function mqueueMount(container: Container, facts: RuntimeFacts): RuntimeMount {
  const options = ["nosuid", "noexec", "nodev"];
  if (inUserNamespace(container, facts) && container.namespaces.ipc.nsmode === "host") {
    return { destination: "/dev/mqueue", type: "bind", source: "/dev/mqueue", options: ["bind", ...options] };
  }
  return { destination: "/dev/mqueue", type: "mqueue", source: "mqueue", options };
}

function shmMount(
  container: Container,
  { shm }: RuntimeFacts,
  { frozen }: { readonly frozen: boolean },
): readonly RuntimeMount[] {
  const destination = "/dev/shm";
  const options = ["nosuid", "noexec", "nodev", ...(frozen ? ["ro"] : [])];
  switch (shm.tag) {
    case "none":
      return [];
    case "bind":
      return [{ destination, type: "bind", source: shm.source, options: ["bind", "rprivate", ...options] }];
    case "tmpfs":
      return [{
        destination,
        type: "tmpfs",
        source: "shm",
        options: [...options, "mode=1777", `size=${container.shmSize}`],
      }];
  }
}

/** With the host's /sys bound in, its cgroups are there already. */
function cgroupMount(container: Container, facts: RuntimeFacts): readonly RuntimeMount[] {
  if (!canMountSys(container, facts)) return [];
  const access = container.security.privileged ? "rw" : "ro";
  return [{
    destination: "/sys/fs/cgroup",
    type: "cgroup",
    source: "cgroup",
    options: ["rprivate", "nosuid", "noexec", "nodev", "relatime", access],
  }];
}

/** Options of a mount as key → value, for what the engine itself must do with it (`U`, `copy`, `z`, …). */
export function mountWords(options: readonly string[]): ReadonlyMap<string, string> {
  return new Map(options.map((option) => {
    const [key, value = ""] = cut(option, "=");
    return [key, value];
  }));
}
