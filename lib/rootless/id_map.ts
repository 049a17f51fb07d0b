/** One line of an id map: `size` ids from `containerId` inside are those from `hostId` outside. */
export type IdMapping = { readonly containerId: number; readonly hostId: number; readonly size: number };

/** A whole map, in ascending order of `containerId`. */
export type IdMap = readonly IdMapping[];

/** `size` consecutive ids. */
export type IdRange = { readonly start: number; readonly size: number };

/** The largest id that Linux gives; the one above stands for "no id". */
export const maxId = 0xffff_fffe;

/**
 * The ranges that /etc/subuid or /etc/subgid (subuid(5): `name-or-uid:start:count`) grants a user. Lines that are
 * damaged or grant nothing are passed over, as newuidmap does.
 */
export function parseSubIds(text: string, user: { readonly name: string; readonly uid: number }): IdRange[] {
  const ranges: IdRange[] = [];
  for (const line of text.split("\n")) {
    const match = /^([^:#]+):(\d+):(\d+)\s*$/.exec(line);
    if (match === null || (match[1] !== user.name && match[1] !== String(user.uid))) continue;
    const range = { start: Number(match[2]), size: Number(match[3]) };
    if (range.size > 0 && range.start + range.size - 1 <= maxId) ranges.push(range);
  }
  return ranges;
}

/** What `getsubids` prints: a line `0: name start count` per range. */
export function parseGetsubids(text: string): IdRange[] {
  const ranges: IdRange[] = [];
  for (const line of text.split("\n")) {
    const match = /^\d+:\s+\S+\s+(\d+)\s+(\d+)\s*$/.exec(line);
    if (match !== null) ranges.push({ start: Number(match[1]), size: Number(match[2]) });
  }
  return ranges;
}

/** /proc/PID/uid_map or gid_map. */
export function parseIdMap(text: string): IdMapping[] {
  const map: IdMapping[] = [];
  for (const line of text.split("\n")) {
    const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s*$/.exec(line);
    if (match === null) continue;
    map.push({ containerId: Number(match[1]), hostId: Number(match[2]), size: Number(match[3]) });
  }
  return map;
}

/** The map of a user namespace of ours: the user's own id becomes 0, its subordinate ids follow from 1. */
export function namespaceMap(ownId: number, ranges: readonly IdRange[]): IdMapping[] {
  const map: IdMapping[] = [{ containerId: 0, hostId: ownId, size: 1 }];
  let next = 1;
  for (const range of withoutId(mergeRanges(ranges), ownId)) {
    map.push({ containerId: next, hostId: range.start, size: range.size });
    next += range.size;
  }
  return map;
}

/** A range that (by a mistake of the administrator) holds the user's own id would map it twice, which is refused. */
function withoutId(ranges: readonly IdRange[], id: number): IdRange[] {
  return subtractRanges(ranges, [{ start: id, size: 1 }]);
}

/** Sorted, with overlapping and adjacent ranges made one. */
export function mergeRanges(ranges: readonly IdRange[]): IdRange[] {
  const merged: IdRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last === undefined || range.start > last.start + last.size) {
      merged.push(range);
    } else {
      const end = Math.max(last.start + last.size, range.start + range.size);
      merged[merged.length - 1] = { start: last.start, size: end - last.start };
    }
  }
  return merged;
}

/** What remains of `ranges` without the ids in `taken`. */
export function subtractRanges(ranges: readonly IdRange[], taken: readonly IdRange[]): IdRange[] {
  let rest = mergeRanges(ranges);
  for (const hole of mergeRanges(taken)) {
    rest = rest.flatMap((range) => cutOut(range, hole));
  }
  return rest;
}

function cutOut(range: IdRange, hole: IdRange): IdRange[] {
  const end = range.start + range.size;
  const holeEnd = hole.start + hole.size;
  if (hole.start >= end || holeEnd <= range.start) return [range];
  return [
    { start: range.start, size: hole.start - range.start },
    { start: holeEnd, size: end - holeEnd },
  ].filter((part) => part.size > 0);
}

/** How many ids a map has. */
export function mapSize(map: IdMap): number {
  return map.reduce((sum, part) => sum + part.size, 0);
}

/** The id inside that an id outside has; `undefined` when it is not mapped. */
export function toContainerId(map: IdMap, hostId: number): number | undefined {
  const part = map.find((line) => hostId >= line.hostId && hostId < line.hostId + line.size);
  return part && part.containerId + hostId - part.hostId;
}

/** The id outside that an id inside has; `undefined` when it is not mapped. */
export function toHostId(map: IdMap, containerId: number): number | undefined {
  const part = map.find((line) => containerId >= line.containerId && containerId < line.containerId + line.size);
  return part && part.hostId + containerId - part.containerId;
}

/** True for the map of the initial user namespace: every id is itself. */
export function isIdentity(map: IdMap): boolean {
  const [first] = map;
  return map.length === 1 && first !== undefined && first.containerId === 0 && first.hostId === 0 &&
    first.size >= 0xffff_ffff;
}

/** newuidmap's and newgidmap's arguments after the pid: three words per line. */
export function mapArguments(map: IdMap): string[] {
  return map.flatMap((part) => [String(part.containerId), String(part.hostId), String(part.size)]);
}
