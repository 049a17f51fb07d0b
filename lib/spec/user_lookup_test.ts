import assert from "node:assert/strict";
import { EngineError } from "../errors.ts";
import { lookUpUser, maximumUserFile } from "./user_lookup.ts";

const passwd =
  "root:x:0:0:root:/root:/bin/sh\n# comment\nbroken\napp:x:1000:1000::/home/app:/bin/sh\n7:x:70:70::rel:/bin/sh\n";
const group = "root:x:0:\napp:x:1000:\nwheel:x:10:app,bob\nnum:x:77:\n";
const look = (user: string, groups: readonly string[] = []) => lookUpUser({ user, groups, passwd, group });

Deno.test("lookUpUser() finds names, numbers and groups", () => {
  const cases: readonly (readonly [string, readonly string[], number, number, readonly number[], string])[] = [
    ["", [], 0, 0, [], "/root"],
    ["root", [], 0, 0, [], "/root"],
    ["app", [], 1000, 1000, [1000, 10], "/home/app"],
    ["1000", [], 1000, 1000, [1000, 10], "/home/app"],
    ["app:num", [], 1000, 77, [], "/home/app"],
    ["5:6", [], 5, 6, [], "/"],
    ["5", [], 5, 0, [], "/"],
    [":wheel", [], 0, 10, [], "/root"],
    ["5", ["wheel", "99"], 5, 0, [10, 99], "/"],
    // A name that looks like a number is a name first.
    ["7", [], 70, 70, [70], "/"],
  ];
  for (const [user, groups, uid, gid, additionalGids, home] of cases) {
    const found = look(user, groups);
    assert.deepEqual([found.uid, found.gid, found.additionalGids, found.home], [uid, gid, additionalGids, home], user);
  }
});

Deno.test("lookUpUser() fails in Podman's words", () => {
  assert.throws(() => look("nosuch"), { message: "unable to find user nosuch: no matching entries in passwd file" });
  assert.throws(() => look("root:nosuch"), {
    message: "unable to find group nosuch: no matching entries in group file",
  });
  assert.throws(() => look("99999999999"), { message: "uids and gids must be in range 0-2147483647" });
});

Deno.test("lookUpUser() does without the files", () => {
  const found = lookUpUser({ user: "12:13", groups: [], passwd: "", group: "" });
  assert.deepEqual([found.uid, found.gid, found.username], [12, 13, ""]);
});

Deno.test("lookUpUser() keeps the user's own groups if told so, and nothing beside", () => {
  assert.equal(look("", ["keep-groups"]).keepGroups, true);
  assert.throws(() => look("", ["keep-groups", "wheel"]), EngineError);
});

Deno.test("lookUpUser() takes hostile files: too large ones are refused, odd ones read", () => {
  const huge = "x".repeat(maximumUserFile + 1);
  assert.throws(() => lookUpUser({ user: "a", groups: [], passwd: huge, group: "" }), EngineError);
  let seed = 3;
  const random = (limit: number) => (seed = (seed * 1103515245 + 12345) % 2147483648) % limit;
  const pieces = ["root", ":", "0", "\n", "-1", "4294967296", "x", "#", ",", "\0", "é", "99999999999999999999"];
  const text = () => Array.from({ length: random(60) }, () => pieces[random(pieces.length)]).join("");
  for (let round = 0; round < 2000; round++) {
    const input = { user: text().slice(0, 8), groups: [text().slice(0, 4)], passwd: text(), group: text() };
    try {
      const found = lookUpUser(input);
      const ids = [found.uid, found.gid, ...found.additionalGids];
      assert.ok(ids.every((id) => Number.isInteger(id) && id >= 0 && id < 2 ** 31), JSON.stringify(input));
      assert.ok(found.home.startsWith("/"));
    } catch (error) {
      assert.ok(error instanceof EngineError, String(error));
    }
  }
});
