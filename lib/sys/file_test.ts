import { deepEqual, equal, throws } from "node:assert/strict";
import { isSysError } from "./errno.ts";
import { O, open, openat, type OwnedFd } from "./fd.ts";
import {
  chmodAt,
  chmodPathFd,
  chownAt,
  fchmod,
  fgetxattr,
  flistxattr,
  fremovexattr,
  fsetxattr,
  fsMagic,
  fstat,
  futimens,
  lgetxattr,
  linkAt,
  linkFd,
  lsetxattr,
  mkdirAt,
  mknodAt,
  readDir,
  readlinkAt,
  removeTree,
  RENAME,
  renameAt,
  statAt,
  statfs,
  symlinkAt,
  tryStatAt,
  tryUnlinkAt,
  unlinkAt,
  utimensAt,
} from "./file.ts";
import { geteuid } from "./id.ts";

const asRoot = { ignore: geteuid() !== 0 };

function temporary(): { readonly path: string; readonly dir: OwnedFd } & Disposable {
  const path = Deno.makeTempDirSync({ prefix: "beluga-sys-" });
  const dir = open(path, O.RDONLY | O.DIRECTORY);
  const dispose = () => {
    dir[Symbol.dispose]();
    Deno.removeSync(path, { recursive: true });
  };
  return { path, dir, [Symbol.dispose]: dispose };
}

function touch(dir: OwnedFd, name: string): void {
  openat(dir, name, { flags: O.WRONLY | O.CREAT })[Symbol.dispose]();
}

Deno.test("statAt() tells a link from what it leads to", () => {
  using root = temporary();
  mkdirAt(root.dir, "folder", { mode: 0o750 });
  symlinkAt(root.dir, "link", { target: "folder" });
  equal(statAt(root.dir, "link").type, "symlink");
  const folder = statAt(root.dir, "link", { follow: true });
  deepEqual([folder.type, folder.mode], ["directory", 0o750]);
  equal(readlinkAt(root.dir, "link"), "folder");
});

Deno.test("statAt() agrees with Deno's own stat", () => {
  using root = temporary();
  Deno.writeTextFileSync(`${root.path}/file`, "12345");
  const theirs = Deno.lstatSync(`${root.path}/file`);
  const ours = statAt(root.dir, "file");
  deepEqual([ours.size, ours.uid, ours.gid, Number(ours.ino), ours.nlink], [
    theirs.size,
    theirs.uid,
    theirs.gid,
    theirs.ino,
    theirs.nlink,
  ]);
});

Deno.test("tryStatAt() answers nothing where nothing is", () => {
  using root = temporary();
  equal(tryStatAt(root.dir, "nothing"), undefined);
  throws(() => statAt(root.dir, "nothing"), (error: unknown) => isSysError(error, "ENOENT"));
});

Deno.test("times before 1970 and nanoseconds survive", () => {
  using root = temporary();
  touch(root.dir, "file");
  symlinkAt(root.dir, "link", { target: "file" });
  utimensAt(root.dir, "link", { mtime: { sec: -86400, nsec: 999_999_999 }, nofollow: true });
  deepEqual(statAt(root.dir, "link").mtime, { sec: -86400, nsec: 999_999_999 });
  using file = openat(root.dir, "file", { flags: O.RDONLY });
  const { atime } = fstat(file);
  futimens(file, { mtime: { sec: 5_000_000_000, nsec: 1 } });
  deepEqual(fstat(file).mtime, { sec: 5_000_000_000, nsec: 1 });
  deepEqual(fstat(file).atime, atime);
});

Deno.test("modes with set-id and sticky bits are set and read back", () => {
  using root = temporary();
  touch(root.dir, "file");
  chmodAt(root.dir, "file", { mode: 0o4755 });
  equal(statAt(root.dir, "file").mode, 0o4755);
  using handle = openat(root.dir, "file", { flags: O.PATH });
  throws(() => fchmod(handle, 0o600), (error: unknown) => isSysError(error, "EBADF"));
  chmodPathFd(handle, 0o600);
  equal(fstat(handle).mode, 0o600);
});

Deno.test("chownAt() changes a link itself, to any id", asRoot, () => {
  using root = temporary();
  symlinkAt(root.dir, "link", { target: "/etc/passwd" });
  chownAt(root.dir, "link", { uid: 4_000_000_000, gid: 7 });
  const link = statAt(root.dir, "link");
  deepEqual([link.uid, link.gid], [4_000_000_000, 7]);
  chownAt(root.dir, "link", { gid: 8 });
  equal(statAt(root.dir, "link").uid, 4_000_000_000);
});

Deno.test("mknodAt() makes devices with large numbers, and fifos", asRoot, () => {
  using root = temporary();
  mknodAt(root.dir, "device", { type: "character", mode: 0o600, major: 259, minor: 70000 });
  const device = statAt(root.dir, "device");
  deepEqual([device.type, device.rdevMajor, device.rdevMinor], ["character", 259, 70000]);
  mknodAt(root.dir, "fifo", { type: "fifo", mode: 0o600 });
  equal(statAt(root.dir, "fifo").type, "fifo");
});

Deno.test("linkAt() gives a second name; renameAt() can refuse to replace, and swap", () => {
  using root = temporary();
  touch(root.dir, "a");
  linkAt({ dir: root.dir, name: "a" }, { dir: root.dir, name: "b" });
  equal(statAt(root.dir, "a").nlink, 2);
  mkdirAt(root.dir, "c");
  throws(
    () => renameAt({ dir: root.dir, name: "a" }, { dir: root.dir, name: "c" }, { flags: RENAME.NOREPLACE }),
    (error: unknown) => isSysError(error, "EEXIST"),
  );
  renameAt({ dir: root.dir, name: "a" }, { dir: root.dir, name: "c" }, { flags: RENAME.EXCHANGE });
  equal(statAt(root.dir, "a").type, "directory");
});

Deno.test("a file without a name gets one by linkFd()", () => {
  using root = temporary();
  using file = openat(root.dir, ".", { flags: O.WRONLY | O.TMPFILE, mode: 0o640 });
  linkFd(file, { dir: root.dir, name: "named" });
  equal(statAt(root.dir, "named").mode, 0o640);
});

Deno.test("unlinkAt() of nothing throws, tryUnlinkAt() says false", () => {
  using root = temporary();
  throws(() => unlinkAt(root.dir, "nothing"), (error: unknown) => isSysError(error, "ENOENT"));
  equal(tryUnlinkAt(root.dir, "nothing"), false);
});

Deno.test("extended attributes are set, listed, read and removed", () => {
  using root = temporary();
  touch(root.dir, "file");
  using file = openat(root.dir, "file", { flags: O.RDONLY });
  const value = new Uint8Array([0, 1, 2, 255]);
  fsetxattr(file, "user.test", { value });
  deepEqual(flistxattr(file), ["user.test"]);
  deepEqual(fgetxattr(file, "user.test"), value);
  deepEqual(lgetxattr(`/proc/self/fd/${root.dir.value}/file`, "user.test"), value);
  fremovexattr(file, "user.test");
  equal(fgetxattr(file, "user.test"), undefined);
});

Deno.test("lsetxattr() does not follow a link", asRoot, () => {
  using root = temporary();
  touch(root.dir, "file");
  symlinkAt(root.dir, "link", { target: "file" });
  lsetxattr(`${root.path}/link`, "trusted.test", { value: new Uint8Array([1]) });
  equal(lgetxattr(`${root.path}/file`, "trusted.test"), undefined);
});

Deno.test("readDir() lists all entries each time, with types and odd names", () => {
  using root = temporary();
  for (let index = 0; index < 500; index++) touch(root.dir, `file-with-a-rather-long-name-${index}`);
  const odd = new Uint8Array([0xff, 0x41]);
  openat(root.dir, odd, { flags: O.WRONLY | O.CREAT })[Symbol.dispose]();
  equal(readDir(root.dir).length, 501);
  const entry = readDir(root.dir).find((item) => typeof item.raw !== "string");
  deepEqual(entry, { name: "\ufffdA", raw: odd, type: "file" });
});

Deno.test("removeTree() removes what is below, and links without following them", () => {
  using root = temporary();
  using outside = temporary();
  touch(outside.dir, "keep");
  mkdirAt(root.dir, "tree");
  using tree = openat(root.dir, "tree", { flags: O.RDONLY });
  symlinkAt(tree, "link", { target: outside.path });
  openat(tree, new Uint8Array([0xfe]), { flags: O.WRONLY | O.CREAT })[Symbol.dispose]();
  mkdirAt(tree, "sub", { mode: 0o000 });
  removeTree(root.dir, "tree");
  removeTree(root.dir, "tree");
  symlinkAt(root.dir, "link", { target: outside.path });
  removeTree(root.dir, "link");
  deepEqual(readDir(root.dir), []);
  equal(statAt(outside.dir, "keep").type, "file");
});

Deno.test("removeTree() manages a tree that is deeper than a path can be", () => {
  using root = temporary();
  const name = "d".repeat(200);
  let dir = openat(root.dir, ".", { flags: O.RDONLY });
  for (let depth = 0; depth < 300; depth++) {
    mkdirAt(dir, name);
    touch(dir, "file");
    const next = openat(dir, name, { flags: O.RDONLY });
    dir[Symbol.dispose]();
    dir = next;
  }
  dir[Symbol.dispose]();
  removeTree(root.dir, name);
  deepEqual(readDir(root.dir).map((entry) => entry.name), ["file"]);
});

Deno.test("statfs() knows the file system of /proc", () => {
  equal(statfs("/proc").type, fsMagic.proc);
  equal(statfs("/").total > 0, true);
});
