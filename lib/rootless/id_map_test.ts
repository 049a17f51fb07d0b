import { deepEqual, equal } from "node:assert/strict";
import {
  type IdRange,
  isIdentity,
  mapArguments,
  mapSize,
  mergeRanges,
  namespaceMap,
  parseGetsubids,
  parseIdMap,
  parseSubIds,
  subtractRanges,
  toContainerId,
  toHostId,
} from "./id_map.ts";

Deno.test("parseSubIds() finds a user by name and by number, and passes damaged lines over", () => {
  const text = [
    "# comment",
    "anna:100000:65536",
    "bob:200000:65536",
    "1000:300000:1000",
    "anna:x:1",
    "anna:400000:0",
    "anna:4294967290:100",
    "anna:500000",
    "annabel:1:1",
    "",
  ].join("\n");
  deepEqual(parseSubIds(text, { name: "anna", uid: 1000 }), [
    { start: 100000, size: 65536 },
    { start: 300000, size: 1000 },
  ]);
  deepEqual(parseSubIds(text, { name: "carl", uid: 1 }), []);
});

Deno.test("parseGetsubids() reads the program's lines", () => {
  deepEqual(parseGetsubids("0: anna 100000 65536\n1: anna 300000 10\nError fetching ranges\n"), [
    { start: 100000, size: 65536 },
    { start: 300000, size: 10 },
  ]);
});

Deno.test("namespaceMap() gives the user 0 and lays its subordinate ids from 1, without gaps", () => {
  const map = namespaceMap(1000, [{ start: 300000, size: 10 }, { start: 100000, size: 65536 }]);
  deepEqual(map, [
    { containerId: 0, hostId: 1000, size: 1 },
    { containerId: 1, hostId: 100000, size: 65536 },
    { containerId: 65537, hostId: 300000, size: 10 },
  ]);
  deepEqual(mapArguments(map).slice(0, 6), ["0", "1000", "1", "1", "100000", "65536"]);
  equal(mapSize(map), 65547);
});

Deno.test("namespaceMap() leaves the user's own id out of its ranges", () => {
  deepEqual(namespaceMap(1000, [{ start: 999, size: 3 }]), [
    { containerId: 0, hostId: 1000, size: 1 },
    { containerId: 1, hostId: 999, size: 1 },
    { containerId: 2, hostId: 1001, size: 1 },
  ]);
});

Deno.test("toHostId() and toContainerId() undo one another", () => {
  const map = namespaceMap(1000, [{ start: 100000, size: 5 }, { start: 50, size: 2 }]);
  for (let id = 0; id < mapSize(map); id++) equal(toContainerId(map, toHostId(map, id) ?? -1), id);
  equal(toHostId(map, mapSize(map)), undefined);
  equal(toContainerId(map, 1001), undefined);
});

Deno.test("the map of the initial user namespace is told from others", () => {
  equal(isIdentity(parseIdMap("         0          0 4294967295\n")), true);
  equal(isIdentity(parseIdMap("         0       1000          1\n         1     100000      65536\n")), false);
  equal(isIdentity(parseIdMap("0 0 65536\n")), false);
  equal(isIdentity(parseIdMap("")), false);
});

/** The ids of ranges, one by one. */
function idsOf(ranges: readonly IdRange[]): Set<number> {
  return new Set(ranges.flatMap(({ start, size }) => Array.from({ length: size }, (_, index) => start + index)));
}

/** Numbers that are random enough and the same each time. */
function* numbers(seed: number): Generator<number> {
  for (let state = seed;;) {
    state = (state * 1103515245 + 12345) % 2147483648;
    yield Math.floor(state / 65536);
  }
}

Deno.test("mergeRanges() and subtractRanges() agree with sets of single ids", () => {
  const source = numbers(7);
  const next = (limit: number): number => (source.next().value ?? 0) % limit;
  const ranges = (): IdRange[] => Array.from({ length: next(6) }, () => ({ start: next(40), size: 1 + next(10) }));
  for (let round = 0; round < 500; round++) {
    const all = ranges();
    const taken = ranges();
    deepEqual(idsOf(mergeRanges(all)), new Set([...idsOf(all)].sort((a, b) => a - b)));
    const gone = idsOf(taken);
    deepEqual(idsOf(subtractRanges(all, taken)), new Set([...idsOf(all)].filter((id) => !gone.has(id))));
    equal(mergeRanges(all).every((range, index, list) => range.start > (list[index - 1]?.start ?? -1)), true);
  }
});
