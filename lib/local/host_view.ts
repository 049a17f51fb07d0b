/** This machine, as `lib/spec` asks for it. Every answer is looked up when it is asked for. */

import { existsSync, readdirSync } from "node:fs";
import { hostname } from "node:os";
import type { Container, IdMappings } from "../engine/container.ts";
import type { IDMap } from "../engine/types/spec.ts";
import type { IdMap, IdRange } from "../rootless/id_map.ts";
import type { HostView } from "../spec/resolve_input.ts";
import { capabilitiesOfMask } from "../spec/capabilities.ts";
import { cgroupMode } from "../runtime/cgroup_layout.ts";
import { stat } from "../sys/file.ts";
import { isSysError } from "../sys/errno.ts";
import { readMountinfo } from "../sys/mountinfo.ts";
import type { Local } from "./context.ts";
import { readOr, security } from "./system/host.ts";

export type HostFacts = {
  /** What serves a rootless container's network. */
  readonly rootlessNetwork: "pasta" | "slirp4netns";
  readonly ids: IdAllocator;
};

/** Ids for `--userns`; reading the maps is left to the caller, who can wait for files and programs. */
export type IdAllocator = {
  readonly available: () => { readonly uid: number; readonly gid: number };
  readonly allocate: (size: number) => IdMappings;
};

export function hostView(local: Local, facts: HostFacts): HostView {
  return {
    rootless: local.rootless,
    uid: local.config.uid,
    gid: Number(local.env._BELUGA_ROOTLESS_GID ?? Deno.gid() ?? 0),
    hostname: hostname(),
    cgroupVersion: cgroupMode() === "v2" ? 2 : 1,
    apparmor: security.apparmor(),
    boundingCapabilities: boundingCapabilities(),
    env: local.env,
    rootlessNetwork: facts.rootlessNetwork,
    availableIds: facts.ids.available,
    allocateIds: facts.ids.allocate,
    device,
    listDevices: (path) => readdirSync(path).toSorted(),
    mountFlags,
    container: (name) => local.state.containers.find(name)?.container ?? null,
  };
}

/** Capabilities that this process and its children can have. */
export function boundingCapabilities(): readonly string[] {
  const mask = /^CapBnd:\s*([0-9a-f]+)$/m.exec(readOr("/proc/self/status"))?.[1] ?? "0";
  return capabilitiesOfMask(mask);
}

function device(path: string): ReturnType<HostView["device"]> {
  try {
    const { type, rdevMajor, rdevMinor, mode, uid, gid } = stat(path);
    if (type === "directory") return { type };
    if (type !== "block" && type !== "character") return null;
    return { type: type === "block" ? "b" : "c", major: rdevMajor, minor: rdevMinor, mode, uid, gid };
  } catch (error) {
    if (isSysError(error, "ENOENT") || isSysError(error, "ENOTDIR")) return null;
    throw error;
  }
}

/** Of the mount that holds the path: the one whose point is the longest beginning of it. */
function mountFlags(path: string): ReturnType<HostView["mountFlags"]> {
  if (!existsSync(path)) return null;
  let best = "";
  let options: readonly string[] = [];
  for (const mount of readMountinfo()) {
    const holds = mount.target === "/" || path === mount.target || path.startsWith(`${mount.target}/`);
    if (!holds || mount.target.length < best.length) continue;
    best = mount.target;
    options = mount.options;
  }
  return { nosuid: options.includes("nosuid"), nodev: options.includes("nodev"), noexec: options.includes("noexec") };
}

/** Ids of this process's namespace, and of /etc/subuid for `auto` as root. */
export async function idAllocator(local: Local): Promise<IdAllocator> {
  const { currentMaps } = await import("../rootless/inside.ts");
  const { mapSize } = await import("../rootless/id_map.ts");
  const userns = await import("../rootless/userns.ts");
  const { subordinateIds } = await import("../rootless/sub_ids.ts");
  const maps = currentMaps();
  const user = local.config.storage.rootAutoUserNamespaceUser;
  const ranges = local.rootless ? null : await subordinateIds({ name: user, uid: -1 });
  return {
    available: () => ({ uid: mapSize(maps.uids), gid: mapSize(maps.gids) }),
    allocate: (size) => {
      const available = ranges
        ? userns.automaticRangesOfRoot(ranges, user)
        : { uids: userns.automaticRanges(maps.uids), gids: userns.automaticRanges(maps.gids) };
      const found = userns.autoMaps({ available, used: usedIds(local), size: userns.automaticSize({ asked: size }) });
      return { uid: found.uids.map(toSpec), gid: found.gids.map(toSpec) };
    },
  };
}

function toSpec({ containerId, hostId, size }: IdMap[number]): IDMap {
  return { container_id: containerId, host_id: hostId, size };
}

function usedIds(local: Local): { readonly uids: readonly IdRange[]; readonly gids: readonly IdRange[] } {
  const automatic = local.state.containers.list()
    .map(({ container }) => container)
    .filter(({ namespaces }: Container) => namespaces.user.nsmode === "auto");
  const ranges = (maps: readonly (readonly IDMap[])[]) =>
    maps.flat().map(({ host_id, size }) => ({ start: host_id, size }));
  return {
    uids: ranges(automatic.map(({ idMappings }) => idMappings.uid)),
    gids: ranges(automatic.map(({ idMappings }) => idMappings.gid)),
  };
}
