import { deepEqual, equal, throws } from "node:assert/strict";
import { isSysError, SysError } from "./errno.ts";
import { recordSys } from "./fake.ts";
import { parseMountinfo, readMountinfo } from "./mountinfo.ts";
import { mount, MS, umount } from "./mount.ts";

Deno.test("parseMountinfo() reads escapes, propagation and optional fields", () => {
  const [first, second, ...rest] = parseMountinfo([
    "36 35 98:0 /mnt1 /mnt\\0402 rw,noatime master:1 shared:7 - ext3 /dev/root rw,errors=continue",
    "37 35 0:5 / / rw - overlay overlay rw,lowerdir=/a:/b",
    "damaged",
    "",
  ].join("\n"));
  deepEqual(first, {
    id: 36,
    parent: 35,
    device: "98:0",
    root: "/mnt1",
    target: "/mnt 2",
    options: ["rw", "noatime"],
    propagation: ["master:1", "shared:7"],
    type: "ext3",
    source: "/dev/root",
    superOptions: ["rw", "errors=continue"],
  });
  deepEqual([second?.type, second?.propagation, rest], ["overlay", [], []]);
});

Deno.test("readMountinfo() finds /proc", () => {
  equal(readMountinfo().some((mount) => mount.target === "/proc" && mount.type === "proc"), true);
});

Deno.test("mount() and umount() name the target that failed", () => {
  throws(() => mount({ target: "/nowhere", source: "/", flags: MS.BIND }), (error: unknown) => {
    return isSysError(error, "ENOENT", "EPERM") && error.path === "/nowhere";
  });
  throws(() => umount("/nowhere"), (error: unknown) => isSysError(error, "ENOENT", "EPERM"));
});

Deno.test("the recorder notes calls in order and answers by its script", () => {
  const { sys, calls } = recordSys({
    mount: () => {},
    umount: () => {
      throw new SysError("umount", 16, "/x");
    },
  });
  sys.mount({ target: "/x", type: "tmpfs" });
  throws(() => sys.umount("/x"), (error: unknown) => isSysError(error, "EBUSY"));
  deepEqual(calls, [{ name: "mount", args: [{ target: "/x", type: "tmpfs" }] }, { name: "umount", args: ["/x"] }]);
});
