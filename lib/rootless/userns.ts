/**
 * The id maps behind `--userns keep-id`, `nomap` and `auto`: pure arithmetic.
 *
 * Three kinds of ids meet here. The host's; those of the rootless namespace ("intermediate": 0 is the user, 1… are its
 * subordinate ids), which for root are the host's own; and the container's. A container's map leads from its ids to
 * intermediate ones, because the runtime sets it up from inside the rootless namespace.
 */
import { EngineError } from "../errors.ts";
import { type IdMap, type IdMapping, type IdRange, mapSize, mergeRanges, subtractRanges } from "./id_map.ts";

/** Maps of users and groups. */
export type IdMaps = { readonly uids: IdMap; readonly gids: IdMap };

export type KeepIdInput = {
  /** The map of the namespace we are in: `/proc/self/uid_map` and `gid_map`. */
  readonly available: IdMaps;
  /** Ids that the user shall have in the container. */
  readonly uid: number;
  readonly gid: number;
};

/** The user keeps its ids: its own id (intermediate 0) shows up as `uid` and `gid`; the others fill up around it. */
export function keepIdMaps(input: KeepIdInput): IdMaps {
  return {
    uids: keepId(mapSize(input.available.uids) - 1, input.uid),
    gids: keepId(mapSize(input.available.gids) - 1, input.gid),
  };
}

/** `subordinate` ids follow the user's own, as intermediate 1 to `subordinate`. */
function keepId(subordinate: number, id: number): IdMapping[] {
  const below = Math.min(id, subordinate);
  const map: IdMapping[] = [
    { containerId: 0, hostId: 1, size: below },
    { containerId: id, hostId: 0, size: 1 },
    { containerId: id + 1, hostId: below + 1, size: subordinate - below },
  ];
  return map.filter((part) => part.size > 0);
}

/** The user's own id is not in the container at all: root there is its first subordinate id. */
export function nomapMaps(available: IdMaps): IdMaps {
  const map = (ids: IdMap): IdMap => {
    const size = mapSize(ids) - 1;
    if (size < 1) throw new EngineError("invalidArgument", "userns nomap: the user has no subordinate ids");
    return [{ containerId: 0, hostId: 1, size }];
  };
  return { uids: map(available.uids), gids: map(available.gids) };
}

export type AutoInput = {
  /** Ids that may be given to containers, as intermediate ids. */
  readonly available: { readonly uids: readonly IdRange[]; readonly gids: readonly IdRange[] };
  /** Ids that other containers with automatic maps have. */
  readonly used: { readonly uids: readonly IdRange[]; readonly gids: readonly IdRange[] };
  /** How many ids the container needs. */
  readonly size: number;
  /** Lines that the map must have, from `auto:uidmapping=…` and `gidmapping=…`. */
  readonly uidMappings?: IdMap;
  readonly gidMappings?: IdMap;
};

/** Ids that nobody else has, for container ids 0 to `size` − 1; fails when there are not enough left. */
export function autoMaps(input: AutoInput): IdMaps {
  return {
    uids: autoMap("user", {
      free: subtractRanges(input.available.uids, input.used.uids),
      size: input.size,
      fixed: input.uidMappings ?? [],
    }),
    gids: autoMap("group", {
      free: subtractRanges(input.available.gids, input.used.gids),
      size: input.size,
      fixed: input.gidMappings ?? [],
    }),
  };
}

type AutoMapInput = { readonly free: readonly IdRange[]; readonly size: number; readonly fixed: IdMap };

function autoMap(kind: "user" | "group", input: AutoMapInput): IdMapping[] {
  const { size, fixed } = input;
  const wanted = subtractRanges(
    [{ start: 0, size }],
    fixed.map((part) => ({ start: part.containerId, size: part.size })),
  );
  const free = subtractRanges(input.free, fixed.map((part) => ({ start: part.hostId, size: part.size })));
  const count = wanted.reduce((sum, range) => sum + range.size, 0);
  const left = free.reduce((sum, range) => sum + range.size, 0);
  if (left < count) {
    const reason = `${count} ${kind} ids wanted, ${left} are free`;
    throw new EngineError("invalidArgument", `userns auto: not enough unused ids: ${reason}`);
  }
  return [...fixed, ...pair(wanted, free)].sort((a, b) => a.containerId - b.containerId);
}

/** Lays `wanted` container ids over `free` ids, in order; pieces end where either side has a gap. */
function pair(wanted: readonly IdRange[], free: readonly IdRange[]): IdMapping[] {
  const map: IdMapping[] = [];
  const rest = free.map((range) => ({ ...range }));
  for (const range of wanted) {
    for (let done = 0; done < range.size;) {
      const [next] = rest;
      if (next === undefined) return map;
      const size = Math.min(next.size, range.size - done);
      map.push({ containerId: range.start + done, hostId: next.start, size });
      done += size;
      next.start += size;
      next.size -= size;
      if (next.size === 0) rest.shift();
    }
  }
  return map;
}

/** Ids that automatic maps draw from when rootless: all of the namespace but 0, which is the user itself. */
export function automaticRanges(available: IdMap): IdRange[] {
  const all = available.map((part) => ({ start: part.containerId, size: part.size }));
  return subtractRanges(all, [{ start: 0, size: 1 }]);
}

/**
 * Ids that automatic maps draw from for root: what /etc/subuid and /etc/subgid grant `user` (by default "containers").
 * Fails in Podman's words when that is nothing.
 */
export function automaticRangesOfRoot(
  ranges: { readonly uids: readonly IdRange[]; readonly gids: readonly IdRange[] },
  user: string,
): { readonly uids: IdRange[]; readonly gids: IdRange[] } {
  for (const [kind, list] of [["subuid", ranges.uids], ["subgid", ranges.gids]] as const) {
    if (list.length > 0) continue;
    const reason = `no ${kind} ranges found for user ${JSON.stringify(user)} in /etc/${kind}`;
    throw new EngineError("invalidArgument", `cannot find mappings for user ${JSON.stringify(user)}: ${reason}`);
  }
  return { uids: mergeRanges(ranges.uids), gids: mergeRanges(ranges.gids) };
}

export type AutoSizeInput = {
  /** `auto:size=N` */
  readonly asked?: number;
  /** The largest id that the image's passwd and group files name. */
  readonly largestId?: number;
  /** The container's own `--user`, when it is a number. */
  readonly userId?: number;
};

/** How many ids `auto` takes: as many as asked, else enough for the image's users, at least 1024, at most 65536. */
export function automaticSize(input: AutoSizeInput): number {
  if (input.asked !== undefined && input.asked > 0) return input.asked;
  const needed = Math.max(input.largestId ?? 0, input.userId ?? 0) + 1;
  return Math.min(65536, Math.max(1024, needed));
}

/** Ids of an automatic map that are no longer free for others. */
export function usedRanges(map: IdMap): IdRange[] {
  return mergeRanges(map.map((part) => ({ start: part.hostId, size: part.size })));
}

/** `--userns keep-id` and `nomap` need a rootless user. */
export function requireRootless(mode: "keep-id" | "nomap", rootless: boolean): void {
  if (rootless) return;
  throw new EngineError("invalidArgument", `${mode} is only supported in rootless mode`);
}
