import assert from "node:assert/strict";
import { MS } from "../../sys/mount.ts";
import { fuseArgv } from "./fuse.ts";
import { hostIds, mapText, toHost } from "./id_map.ts";
import { parseMountOptions, withDefaults } from "./overlay.ts";

Deno.test("parseMountOptions() separates flags from options of overlay", () => {
  assert.deepEqual(parseMountOptions("nodev, metacopy=on,defaults,rw"), { flags: MS.NODEV, data: ["metacopy=on"] });
  assert.deepEqual(parseMountOptions(""), { flags: 0, data: [] });
});

Deno.test("withDefaults() adds only what the user leaves open", () => {
  const none = { flags: 0, data: [] };
  assert.deepEqual(withDefaults(none, { userNamespace: false }).data, ["index=off", "redirect_dir=nofollow"]);
  assert.deepEqual(withDefaults(none, { userNamespace: true }).data.at(-1), "userxattr");
  const own = { flags: 0, data: ["metacopy=on", "index=on"] };
  assert.deepEqual(withDefaults(own, { userNamespace: false }).data, own.data);
});

Deno.test("fuseArgv() escapes paths and leaves out what only the kernel knows", () => {
  const argv = fuseArgv("/bin/fuse", {
    lower: ["/a:b", "/c,d"],
    upper: "/u",
    work: "/w\\x",
    target: "/m",
    options: { flags: MS.NODEV, data: ["index=off", "userxattr", "volatile", "squash_to_uid=1"] },
  });
  const options = "nodev,volatile,squash_to_uid=1,lowerdir=/a\\:b:/c\\,d,upperdir=/u,workdir=/w\\\\x";
  assert.deepEqual(argv, ["/bin/fuse", "-o", options, "/m"]);
});

Deno.test("toHost() maps ranges, and what is in none to the overflow id", () => {
  const map = [{ container_id: 0, host_id: 1000, size: 1 }, { container_id: 1, host_id: 100_000, size: 10 }];
  assert.deepEqual([0, 1, 10, 11].map((id) => toHost(id, map)), [1000, 100_000, 100_009, 65534]);
  assert.deepEqual(hostIds({ uid: 0, gid: 2 }, { uid: map, gid: map }), { uid: 1000, gid: 100_001 });
  assert.equal(mapText(map), "0 1000 1\n1 100000 10\n");
});
