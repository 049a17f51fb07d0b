import assert from "node:assert/strict";
import {
  archive,
  asRoot,
  concat,
  exportLayer,
  extractLayer,
  type Item,
  sha256,
  shell,
  TempRoot,
} from "../support_test.ts";

const formats = ["--format=v7 --exclude=./pipe", "--format=oldgnu", "--format=gnu", "--format=ustar", "--format=posix"];

/** A tree with everything that a tar can hold. */
function makeTree(root: TempRoot): void {
  root.directory("tree/dir/empty");
  shell(
    `head -c 700000 /dev/urandom > dir/big; printf small > small; : > dir/none
     ln small hard; ln -s small soft; mkfifo pipe; chmod 4755 small; chmod 1777 dir/empty
     truncate -s 1000000 sparse; printf end >> sparse`,
    `${root.path}/tree`,
  );
}

Deno.test("a layer gives back the exact tar that it was made of", asRoot, async () => {
  using root = new TempRoot();
  makeTree(root);
  const variants = [...formats, "--format=gnu -S", "--format=posix -S", "--format=posix --xattrs -b 1"];
  for (const [index, variant] of variants.entries()) {
    shell(`tar ${variant} -cf a.tar -C tree .`, root.path);
    const tar = Deno.readFileSync(`${root.path}/a.tar`);
    const { path, diff, facts } = extractLayer(root, tar, { name: `layer${index}`, step: 65_536 });
    assert.equal(facts.diffId, sha256(tar), variant);
    assert.equal(facts.uncompressedSize, tar.length);
    assert.equal(sha256(await exportLayer(path)), facts.diffId, variant);
    const script =
      `diff -r --no-dereference ${root.path}/tree ${diff} 2>&1 | grep -vi "fifo" | grep -v "pipe$" || true`;
    assert.equal(shell(script, "/"), "", variant);
  }
});

Deno.test("a layer keeps what follows the end of a tar, and a tar without an end", async () => {
  using root = new TempRoot();
  const tar = archive({ path: "f", type: "file", content: "x".repeat(2000) });
  const tails = [tar.slice(0, -1024), concat([tar, new Uint8Array(10_000)]), concat([tar, new Uint8Array(7).fill(1)])];
  for (const [index, tail] of tails.entries()) {
    assert.deepEqual(await exportLayer(extractLayer(root, tail, { name: `${index}` }).path), tail);
  }
  assert.deepEqual(
    await exportLayer(extractLayer(root, new Uint8Array(0), { name: "none", step: 1 }).path),
    tails[0]?.slice(0, 0),
  );
});

Deno.test("round trip of random archives in random chunks", async () => {
  let random = 7;
  const next = (limit: number) => {
    random = (Math.imul(random, 1103515245) + 12345) & 0x7fffffff;
    return random % limit;
  };
  const names = ["a", "b", "a/c", "a/d/e", "b/c", "f"];
  const types = ["file", "file", "file", "directory", "symlink", "hardlink"] as const;
  using root = new TempRoot();
  let extracted = 0;
  for (let round = 0; round < 60; round++) {
    const items = Array.from({ length: 1 + next(12) }, (): Item => {
      const type = types[next(types.length)] ?? "file";
      const path = names[next(names.length)] ?? "a";
      return {
        path,
        type,
        linkPath: names[next(names.length)],
        content: type === "file" ? "z".repeat(next(1500)) : "",
      };
    });
    const tar = archive(...items);
    try {
      const { path } = extractLayer(root, tar, { name: `${round}`, step: 1 + next(5000) });
      extracted++;
      assert.deepEqual(await exportLayer(path), tar);
    } catch (error) {
      // Links to nothing, files below files.
      assert.equal((error as { readonly kind?: string }).kind, "corrupt", String(error));
    }
  }
  assert.ok(extracted > 10);
});
