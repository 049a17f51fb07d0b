/** Maps between ids of a container and ids of the engine's own user namespace. */

import type { IDMap, Namespace } from "../engine/types/spec.ts";
import type { IdMappings } from "../engine/container.ts";
import { cut, invalid } from "./invalid.ts";

/** Parses `CONTAINER:HOST:SIZE` of `--uidmap` and `--gidmap`. */
export function parseIdMap(text: string): IDMap {
  const found = /^(\d+):@?(\d+)(?::(\d+))?$/.exec(text);
  if (found === null) {
    throw invalid(`invalid idmap ${JSON.stringify(text)}: must be container-id:host-id:size`);
  }
  const [container_id, host_id, size] = [Number(found[1]), Number(found[2]), Number(found[3] ?? 1)];
  if (size === 0 || container_id + size > 2 ** 32 || host_id + size > 2 ** 32) {
    throw invalid(`invalid idmap ${JSON.stringify(text)}: ids must be below 4294967295`);
  }
  return { container_id, host_id, size };
}

/** Options after `keep-id:` and `auto:`, as numbers and lists of maps. */
export type UserNamespaceOptions = {
  readonly uid?: number;
  readonly gid?: number;
  readonly size?: number;
  readonly uidmapping: readonly IDMap[];
  readonly gidmapping: readonly IDMap[];
};

/** Parses the value of a user namespace, such as `uid=1000,gid=1000` or `size=4096`. */
export function parseUserNamespaceOptions({ nsmode = "", value = "" }: Namespace): UserNamespaceOptions {
  const none: UserNamespaceOptions = { uidmapping: [], gidmapping: [] };
  const allowed = nsmode === "keep-id" ? ["uid", "gid", "size"] : ["size", "uidmapping", "gidmapping"];
  return value.split(",").filter(Boolean).reduce((options, text) => {
    const [key, argument = ""] = cut(text, "=");
    if (!allowed.includes(key)) throw invalid(`unknown option specified: ${JSON.stringify(text)}`);
    if (key === "uidmapping" || key === "gidmapping") {
      return { ...options, [key]: [...options[key], parseIdMap(argument)] };
    }
    if (!/^\d{1,10}$/.test(argument)) {
      throw invalid(`invalid value for ${JSON.stringify(key)}: ${JSON.stringify(argument)}`);
    }
    return { ...options, [key]: Number(argument) };
  }, none);
}

type KeepInput = {
  /** The container id that is to be the user. */
  readonly id: number;
  /** Ids in the engine's namespace, its own 0 included. */
  readonly available: number;
};

/**
 * Map of `keep-id`: `id` in the container is 0 in the engine's namespace (the user himself), all other ids take the
 * subordinate ones in order.
 */
export function keepIdMap({ id, available }: KeepInput): readonly IDMap[] {
  const others = Math.max(0, available - 1);
  const below = Math.min(id, others);
  const maps: IDMap[] = [
    { container_id: 0, host_id: 1, size: below },
    { container_id: id, host_id: 0, size: 1 },
    { container_id: id + 1, host_id: id + 1, size: others - below },
  ];
  return maps.filter(({ size }) => size > 0);
}

/** Map of `nomap`: the user is nobody in the container. */
export function noMap(available: number): readonly IDMap[] {
  return available > 1 ? [{ container_id: 0, host_id: 1, size: available - 1 }] : [];
}

type AutoInput = {
  /** Ranges of the engine's namespace that may be given away. */
  readonly available: readonly { readonly start: number; readonly size: number }[];
  /** What other containers have. */
  readonly used: readonly IDMap[];
  readonly size: number;
};

/** The first run of `size` free ids for `--userns auto`; undefined if there is none. */
export function findFreeIds({ available, used, size }: AutoInput): IDMap | undefined {
  for (const range of available) {
    let start = range.start;
    const taken = used.filter((map) => map.host_id + map.size > range.start && map.host_id < range.start + range.size);
    for (const map of taken.toSorted((a, b) => a.host_id - b.host_id)) {
      if (map.host_id >= start + size) break;
      start = Math.max(start, map.host_id + map.size);
    }
    if (start + size <= range.start + range.size) return { container_id: 0, host_id: start, size };
  }
  return undefined;
}

/** What `id` of the container is in the engine's namespace; undefined if it is not mapped. */
export function hostId(maps: readonly IDMap[], id: number): number | undefined {
  if (maps.length === 0) return id;
  const map = maps.find((one) => id >= one.container_id && id < one.container_id + one.size);
  return map === undefined ? undefined : map.host_id + id - map.container_id;
}

export const noMappings: IdMappings = { uid: [], gid: [] };
