import assert from "node:assert/strict";
import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { EngineError } from "../../errors.ts";
import { lgetxattr, llistxattr } from "../../sys/xattr.ts";
import { archive, asRoot, bytesOf, exportLayer, extractLayer, type Item, shell, TempRoot } from "../support_test.ts";

function text(path: string): string {
  return readFileSync(path, "utf8");
}

function failure(items: readonly Item[]): EngineError {
  using root = new TempRoot();
  try {
    extractLayer(root, archive(...items));
  } catch (error) {
    assert.ok(error instanceof EngineError, String(error));
    return error;
  }
  throw new Error("it was extracted");
}

Deno.test("extraction sets modes, times, links, owners and set-id bits", asRoot, () => {
  using root = new TempRoot();
  const mtime = { sec: 1_000_000_000, nsec: 123_456_789 };
  const { diff, facts } = extractLayer(
    root,
    archive(
      { path: "./", type: "directory", mode: 0o711, uid: 1, gid: 2, mtime },
      { path: "d", type: "directory", mode: 0o500, mtime },
      { path: "d/suid", type: "file", mode: 0o4755, uid: 1000, gid: 4_000_000_000, content: "x", mtime },
      { path: "d/hard", type: "hardlink", linkPath: "/d/suid" },
      { path: "s", type: "symlink", linkPath: "/nowhere", uid: 7, mtime },
      { path: "p", type: "fifo", mode: 0o622 },
      { path: "dev", type: "character", mode: 0o620, major: 1, minor: 3 },
    ),
  );
  const suid = statSync(`${diff}/d/suid`);
  assert.equal(suid.mode & 0o7777, 0o4755);
  assert.deepEqual([suid.uid, suid.gid, suid.nlink], [1000, 4_000_000_000, 2]);
  assert.equal(Math.round(suid.mtimeMs), 1_000_000_000_123);
  const directory = statSync(`${diff}/d`);
  assert.deepEqual([directory.mode & 0o7777, Math.round(directory.mtimeMs)], [0o500, 1_000_000_000_123]);
  assert.equal(readlinkSync(`${diff}/s`), "/nowhere");
  assert.deepEqual([lstatSync(`${diff}/s`).uid, Math.round(lstatSync(`${diff}/s`).mtimeMs)], [7, 1_000_000_000_123]);
  assert.equal(statSync(`${diff}/p`).mode, 0o10622);
  assert.equal(statSync(`${diff}/dev`).rdev, 0x103);
  assert.deepEqual(facts.root, { uid: 1, gid: 2, mode: 0o711 });
  assert.equal(statSync(diff).mode & 0o7777, 0o711);
});

/** Everything outside of the layer that the attacks aim at must be as before. */
function attack(...items: readonly Item[]): void {
  using root = new TempRoot();
  const victim = root.directory("victim");
  Deno.writeTextFileSync(`${victim}/file`, "untouched", { mode: 0o640 });
  const before = snapshot(root);
  const tar = archive(...items.map((item) => JSON.parse(JSON.stringify(item).replaceAll("@ROOT@", root.path))));
  try {
    extractLayer(root, tar);
  } catch (error) {
    assert.ok(error instanceof EngineError && error.kind === "corrupt", String(error));
  }
  assert.equal(snapshot(root), before);
}

function snapshot(root: TempRoot): string {
  return shell(
    "ls -lA --time-style=full-iso victim; ls -ld --time-style=full-iso victim; cat victim/*; ls -a . | grep -v layer",
    root.path,
  );
}

Deno.test("extraction never leaves its directory", () => {
  const file = { type: "file", content: "evil", mode: 0o777 } as const;
  const link = { type: "symlink", path: "l" } as const;
  attack({ ...file, path: "../../victim/file" });
  attack({ ...file, path: "@ROOT@/victim/file" });
  attack({ ...file, path: "a/../../../victim/file" });
  attack({ ...link, linkPath: "@ROOT@/victim" }, { ...file, path: "l/file" });
  attack({ ...link, linkPath: "../../victim" }, { ...file, path: "l/file" }, { ...file, path: "l/new" });
  attack({ ...link, linkPath: "../../victim/file" }, { ...file, path: "l" });
  attack({ ...link, linkPath: "../../victim" }, { path: "l", type: "directory", mode: 0o777, uid: 9 });
  attack({ ...link, linkPath: "../../victim" }, { path: "l/", type: "directory", mode: 0o777, uid: 9 });
  attack({ path: "h", type: "hardlink", linkPath: "../../victim/file" }, { ...file, path: "h" });
  attack({ path: "h", type: "hardlink", linkPath: "@ROOT@/victim/file" }, { ...file, path: "h" });
  attack({ ...link, linkPath: "@ROOT@/victim" }, { path: "h", type: "hardlink", linkPath: "l/file" });
  attack({ ...link, linkPath: "../../victim" }, { path: "l/.wh.file", type: "file" });
  attack({ ...link, linkPath: "../../victim" }, { path: "l/.wh..wh..opq", type: "file" });
  attack({ path: ".wh...", type: "file" });
  attack({ path: "a/.wh...", type: "file" });
  // The directory whose time is set at the end has become a link.
  attack(
    { path: "a/b", type: "directory", mtime: { sec: 1, nsec: 0 } },
    { path: "a", type: "symlink", linkPath: "../../victim" },
  );
  attack(
    { path: "a", type: "directory" },
    { path: "a/x", type: "directory" },
    { path: "a", type: "symlink", linkPath: "../../" },
    { ...file, path: "a/victim/file" },
  );
  attack({ ...link, linkPath: "l" }, { ...file, path: "l/file" });
  attack({ ...link, linkPath: "/proc/self/cwd" }, { ...file, path: "l/file" });
});

Deno.test("extraction follows links inside the layer as if it were the root", () => {
  using root = new TempRoot();
  const { diff } = extractLayer(
    root,
    archive(
      { path: "usr/lib", type: "directory" },
      { path: "lib", type: "symlink", linkPath: "/usr/lib" },
      { path: "lib/file", type: "file", content: "x" },
      { path: "run", type: "symlink", linkPath: "var/../made/later" },
      { path: "run/file", type: "file", content: "y" },
      { path: "up", type: "symlink", linkPath: "../../../usr" },
      { path: "up/lib/other", type: "hardlink", linkPath: "lib/file" },
    ),
  );
  assert.equal(text(`${diff}/usr/lib/file`), "x");
  assert.equal(text(`${diff}/usr/lib/other`), "x");
  assert.equal(text(`${diff}/made/later/file`), "y");
  assert.ok(lstatSync(`${diff}/lib`).isSymbolicLink());
});

Deno.test("extraction writes deletions as overlay wants them", asRoot, () => {
  using root = new TempRoot();
  const { diff } = extractLayer(
    root,
    archive(
      { path: "d/.wh.gone", type: "file" },
      { path: "d/.wh..wh..opq", type: "file" },
      { path: ".wh.remade", type: "file" },
      { path: "remade/new", type: "file", content: "x" },
      { path: "both/file", type: "file", content: "x" },
      { path: ".wh.both", type: "file" },
      { path: ".wh..wh.plnk/1.2", type: "file", content: "x" },
      { path: "f", type: "file", content: "x" },
      { path: ".wh.f", type: "file" },
    ),
  );
  const gone = lstatSync(`${diff}/d/gone`);
  assert.ok(gone.isCharacterDevice() && gone.rdev === 0);
  for (const opaque of ["d", "remade", "both"]) {
    assert.deepEqual(lgetxattr(`${diff}/${opaque}`, "trusted.overlay.opaque"), bytesOf("y"), opaque);
  }
  assert.equal(text(`${diff}/both/file`), "x");
  assert.equal(text(`${diff}/f`), "x");
  assert.deepEqual(readdirSync(diff).sort(), ["both", "d", "f", "remade"]);
});

Deno.test("extraction sets extended attributes but none that speak to overlay", asRoot, () => {
  using root = new TempRoot();
  const capability = Uint8Array.of(1, 0, 0, 2, 0, 32, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  const xattrs = new Map([
    ["security.capability", capability],
    ["user.note", bytesOf("hi")],
    ["trusted.overlay.redirect", bytesOf("/etc")],
    ["trusted.overlay.opaque", bytesOf("y")],
    ["user.overlay.opaque", bytesOf("y")],
    ["unknown.space", bytesOf("x")],
  ]);
  const { diff } = extractLayer(
    root,
    archive({ path: "f", type: "file", uid: 5, content: "x", xattrs }, { path: "d", type: "directory", xattrs }),
  );
  assert.deepEqual(llistxattr(`${diff}/f`).sort(), ["security.capability", "user.note"]);
  assert.deepEqual(lgetxattr(`${diff}/f`, "security.capability"), capability);
  assert.deepEqual(llistxattr(`${diff}/d`).includes("trusted.overlay.opaque"), false);
});

Deno.test("what a later entry replaces is gone from the tree, and still in the archive", async () => {
  using root = new TempRoot();
  const tar = archive(
    { path: "f", type: "file", content: "one" },
    { path: "f", type: "file", content: "two" },
    { path: "d/deep/file", type: "file", content: "three" },
    { path: "d/other", type: "hardlink", linkPath: "f" },
    { path: "d", type: "file", content: "four" },
    { path: "d", type: "directory" },
    { path: "d/deep", type: "file", content: "five" },
    { path: "l", type: "symlink", linkPath: "d" },
    { path: "l/six", type: "file", content: "six" },
    { path: "l", type: "file", content: "seven" },
    { path: "f", type: "hardlink", linkPath: "f" },
    { path: "self", type: "file", content: "eight" },
    { path: "self", type: "symlink", linkPath: "self" },
    { path: "e", type: "file" },
    { path: "e", type: "directory" },
  );
  const { path, diff } = extractLayer(root, tar, { step: 100 });
  assert.deepEqual(readdirSync(diff).sort(), ["d", "e", "f", "l", "self"]);
  assert.equal(text(`${diff}/f`), "two");
  assert.deepEqual(readdirSync(`${diff}/d`).sort(), ["deep", "six"]);
  assert.equal(text(`${diff}/l`), "seven");
  assert.deepEqual(await exportLayer(path), tar);
});

Deno.test("sparse files keep their holes", async () => {
  using root = new TempRoot();
  root.directory("tree");
  shell(
    "truncate -s 5000000 tree/s; printf x | dd of=tree/s bs=1 seek=3000000 conv=notrunc; tar -Scf s.tar -C tree s",
    root.path,
  );
  const tar = Deno.readFileSync(`${root.path}/s.tar`);
  const { path, diff } = extractLayer(root, tar, { step: 1000 });
  const stat = statSync(`${diff}/s`);
  assert.equal(stat.size, 5000000);
  assert.ok(stat.blocks * 512 < 100000);
  assert.equal(readFileSync(`${diff}/s`)[3000000], 120);
  assert.deepEqual(await exportLayer(path), tar);
});

Deno.test("extraction says what is wrong with an archive", () => {
  const missing = failure([{ path: "h", type: "hardlink", linkPath: "nothing" }]);
  assert.equal(missing.kind, "corrupt");
  assert.match(missing.message, /"h".*"nothing"/);
  assert.equal(failure([{ path: "d/../", type: "file" }]).kind, "corrupt");
  assert.equal(failure([{ path: "x".repeat(300), type: "file" }]).kind, "corrupt");
  assert.equal(failure([{ path: "f", type: "file" }, { path: "f/g", type: "file" }]).kind, "corrupt");
  assert.equal(failure([{ path: "s", type: "symlink", linkPath: "" }]).kind, "corrupt");
  assert.equal(
    failure([{ path: "d", type: "directory" }, { path: "h", type: "hardlink", linkPath: "d" }]).kind,
    "corrupt",
  );
  assert.equal(failure([{ path: "f", type: "file", uid: 2 ** 40 }]).kind, "corrupt");
});

Deno.test("extraction copes with many directories and deep ones", () => {
  using root = new TempRoot();
  const many = Array.from({ length: 200 }, (_, i): Item => ({ path: `d${i}/f`, type: "file", content: `${i}` }));
  const deep: Item = { path: `${"x/".repeat(300)}f`, type: "file", content: "deep" };
  const { diff } = extractLayer(root, archive(...many, ...many, deep));
  assert.equal(text(`${diff}/d199/f`), "199");
  assert.equal(text(`${diff}/${"x/".repeat(300)}f`), "deep");
});

Deno.test("a user namespace gets no devices, and the archive is whole all the same", asRoot, async () => {
  using root = new TempRoot();
  const tar = archive(
    { path: "null", type: "character", major: 1, minor: 3 },
    { path: "link", type: "hardlink", linkPath: "null" },
    { path: "f", type: "file", content: "x", xattrs: new Map([["trusted.x", bytesOf("y")]]) },
  );
  const extract = { whiteouts: "user", inUserNamespace: true, ignoreChownErrors: false } as const;
  const { path, diff } = extractLayer(root, tar, { extract });
  assert.deepEqual(readdirSync(diff), ["f"]);
  assert.deepEqual(await exportLayer(path), tar);
});

Deno.test("names that are not UTF-8 survive", async () => {
  using root = new TempRoot();
  const tar = archive(
    { path: "d\xe9/f\xff", type: "file", content: "x" },
    { path: "d\xe9/l", type: "symlink", linkPath: "f\xff" },
    { path: "h\xfe", type: "hardlink", linkPath: "d\xe9/f\xff" },
  );
  const { path, diff } = extractLayer(root, tar);
  assert.equal(shell("cat d*/l h*", diff), "xx");
  assert.deepEqual(await exportLayer(path), tar);
});

Deno.test("an export fails where files were changed behind our back", async () => {
  using root = new TempRoot();
  const { path, diff } = extractLayer(root, archive({ path: "f", type: "file", content: "one" }));
  Deno.writeTextFileSync(`${diff}/f`, "two");
  await assert.rejects(exportLayer(path), { kind: "corrupt" });
  Deno.removeSync(`${diff}/f`);
  mkdirSync(`${diff}/f`);
  await assert.rejects(exportLayer(path), { kind: "corrupt" });
});
