import { deepEqual, equal, throws } from "node:assert/strict";
import { isKind } from "../errors.ts";
import { namespaceMap, toHostId } from "./id_map.ts";
import {
  autoMaps,
  automaticRanges,
  automaticRangesOfRoot,
  automaticSize,
  keepIdMaps,
  nomapMaps,
  requireRootless,
  usedRanges,
} from "./userns.ts";

const map = namespaceMap(1000, [{ start: 100000, size: 65536 }]);
const available = { uids: map, gids: map };

Deno.test("keepIdMaps() puts the user's id in its place and the others around it", () => {
  deepEqual(keepIdMaps({ available, uid: 1000, gid: 0 }), {
    uids: [
      { containerId: 0, hostId: 1, size: 1000 },
      { containerId: 1000, hostId: 0, size: 1 },
      { containerId: 1001, hostId: 1001, size: 64536 },
    ],
    gids: [{ containerId: 0, hostId: 0, size: 1 }, { containerId: 1, hostId: 1, size: 65536 }],
  });
});

Deno.test("keepIdMaps() manages an id above all subordinate ones, and a namespace of a single id", () => {
  deepEqual(keepIdMaps({ available, uid: 100000, gid: 65536 }), {
    uids: [{ containerId: 0, hostId: 1, size: 65536 }, { containerId: 100000, hostId: 0, size: 1 }],
    gids: [{ containerId: 0, hostId: 1, size: 65536 }, { containerId: 65536, hostId: 0, size: 1 }],
  });
  const single = { uids: namespaceMap(1000, []), gids: namespaceMap(1000, []) };
  deepEqual(keepIdMaps({ available: single, uid: 1000, gid: 1000 }).uids, [{ containerId: 1000, hostId: 0, size: 1 }]);
});

Deno.test("nomapMaps() leaves the user out", () => {
  deepEqual(nomapMaps(available).uids, [{ containerId: 0, hostId: 1, size: 65536 }]);
  throws(() => nomapMaps({ uids: namespaceMap(1, []), gids: map }), (error: unknown) => {
    return isKind(error, "invalidArgument");
  });
});

Deno.test("autoMaps() takes ids that nobody has, around those in use", () => {
  const free = automaticRanges(map);
  const first = autoMaps({ available: { uids: free, gids: free }, used: { uids: [], gids: [] }, size: 1024 });
  deepEqual(first.uids, [{ containerId: 0, hostId: 1, size: 1024 }]);
  const used = { uids: [{ start: 10, size: 1000 }], gids: usedRanges(first.gids) };
  const second = autoMaps({ available: { uids: free, gids: free }, used, size: 1024 });
  deepEqual(second, {
    uids: [{ containerId: 0, hostId: 1, size: 9 }, { containerId: 9, hostId: 1010, size: 1015 }],
    gids: [{ containerId: 0, hostId: 1025, size: 1024 }],
  });
});

Deno.test("autoMaps() keeps the lines that the user asked for", () => {
  const free = automaticRanges(map);
  const { uids } = autoMaps({
    available: { uids: free, gids: free },
    used: { uids: [], gids: [] },
    size: 10,
    uidMappings: [{ containerId: 3, hostId: 0, size: 1 }, { containerId: 5, hostId: 2, size: 1 }],
  });
  equal(toHostId(uids, 3), 0);
  equal(toHostId(uids, 5), 2);
  const hosts = Array.from({ length: 10 }, (_, id) => toHostId(uids, id));
  equal(new Set(hosts).size, 10);
  equal(hosts.includes(undefined), false);
});

Deno.test("autoMaps() says how many ids are left when they do not suffice", () => {
  const few = [{ start: 1, size: 10 }];
  throws(
    () => autoMaps({ available: { uids: few, gids: few }, used: { uids: [], gids: [] }, size: 11 }),
    /userns auto: not enough unused ids: 11 user ids wanted, 10 are free/,
  );
});

Deno.test("root's automatic ids come from the user that storage names", () => {
  const ranges = [{ start: 1_000_000, size: 65536 }];
  deepEqual(automaticRangesOfRoot({ uids: ranges, gids: ranges }, "containers"), { uids: ranges, gids: ranges });
  throws(
    () => automaticRangesOfRoot({ uids: [], gids: ranges }, "containers"),
    /cannot find mappings for user "containers": no subuid ranges found for user "containers" in \/etc\/subuid/,
  );
});

Deno.test("automaticSize() fits the image, within bounds", () => {
  equal(automaticSize({}), 1024);
  equal(automaticSize({ largestId: 5000, userId: 6000 }), 6001);
  equal(automaticSize({ largestId: 65534, userId: 4_000_000 }), 65536);
  equal(automaticSize({ asked: 10, largestId: 5000 }), 10);
});

Deno.test("keep-id and nomap are for rootless users", () => {
  requireRootless("keep-id", true);
  throws(() => requireRootless("keep-id", false), /keep-id is only supported in rootless mode/);
});
