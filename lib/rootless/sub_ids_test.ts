import { deepEqual, equal } from "node:assert/strict";
import { lookUpUser, parsePasswd } from "./sub_ids.ts";

Deno.test("parsePasswd() finds an account by its number", () => {
  const text = "root:x:0:0:root:/root:/bin/sh\nanna:x:1000:1001:A:/home/anna:/bin/sh\ndamaged:1000\n";
  deepEqual(parsePasswd(text, 1000), { name: "anna", uid: 1000, gid: 1001, home: "/home/anna" });
  equal(parsePasswd(text, 1), undefined);
});

Deno.test("lookUpUser() knows root, and no such user", async () => {
  equal((await lookUpUser(0))?.name, "root");
  equal(await lookUpUser(3_999_999_999), undefined);
});
