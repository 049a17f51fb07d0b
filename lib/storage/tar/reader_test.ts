import assert from "node:assert/strict";
import { EngineError } from "../../errors.ts";
import { archive, type Bytes, bytesOf, concat, TempRoot } from "../support_test.ts";
import { shell } from "../support_test.ts";
import type { TarEntry } from "./entry.ts";
import { TarReader } from "./reader.ts";
import { tarEnd, tarHeader, tarPadding } from "./writer.ts";

type Read = { readonly entries: TarEntry[]; readonly contents: string[]; readonly all: Bytes };

/** Reads a tar in chunks of `step` bytes. */
function readAll(tar: Bytes, step = tar.length): Read {
  const entries: TarEntry[] = [];
  const contents: string[] = [];
  const all: Bytes[] = [];
  let content: Bytes[] = [];
  const reader = new TarReader({
    raw: (bytes) => all.push(bytes.slice()),
    entry: (entry) => entries.push(entry) > 0 && entry.type === "file",
    data: (bytes) => {
      content.push(bytes.slice());
      all.push(bytes.slice());
    },
    end: () => {
      contents.push(new TextDecoder().decode(concat(content)));
      content = [];
    },
  });
  for (let at = 0; at < tar.length; at += step) reader.push(tar.slice(at, at + step));
  reader.end();
  return { entries, contents, all: concat(all) };
}

function isCorrupt(error: unknown): boolean {
  return error instanceof EngineError && error.kind === "corrupt";
}

const long = `${"directory/".repeat(30)}file`;

Deno.test("TarReader gives back every byte, whatever the size of the chunks", () => {
  const tar = archive(
    { path: "a", type: "file", content: "hello" },
    { path: long, type: "file", content: "x".repeat(1000), mtime: { sec: 5, nsec: 500_000_000 } },
    { path: "l", type: "symlink", linkPath: long },
  );
  for (const step of [1, 7, 511, 512, 513, 100_000]) {
    const { entries, contents, all } = readAll(tar, step);
    assert.deepEqual(all, tar);
    assert.deepEqual(entries.map(({ path }) => path), ["a", long, "l"]);
    assert.deepEqual(contents, ["hello", "x".repeat(1000)]);
    assert.equal(entries[2]?.linkPath, long);
    assert.deepEqual(entries[1]?.mtime, { sec: 5, nsec: 500_000_000 });
  }
});

Deno.test("TarReader reads PAX owners, times before 1970 and extended attributes", () => {
  const xattrs = new Map([["user.a", bytesOf("one\n=two")], ["security.capability", Uint8Array.of(0, 1, 255)]]);
  const { entries: [entry] } = readAll(archive({
    path: "f\xff",
    type: "file",
    uid: 3_000_000_000,
    gid: 4_000_000_000,
    mtime: { sec: -2, nsec: 250_000_000 },
    xattrs,
  }));
  assert.equal(entry?.path, "f\xff");
  assert.equal(entry?.uid, 3_000_000_000);
  assert.equal(entry?.gid, 4_000_000_000);
  assert.deepEqual(entry?.mtime, { sec: -2, nsec: 250_000_000 });
  assert.deepEqual(entry?.xattrs, xattrs);
});

function special(flag: string, body: string): Bytes {
  const header = tarHeader({ path: "special", type: "file", size: body.length });
  header[156] = flag.charCodeAt(0);
  return concat([rehash(header), bytesOf(body), tarPadding(body.length)]);
}

/** Puts the right checksum into a header. */
function rehash(header: Bytes): Bytes {
  header.fill(32, 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.set(bytesOf(`${sum.toString(8).padStart(6, "0")}\0 `), 148);
  return header;
}

Deno.test("TarReader reads GNU long names and libarchive's attributes", () => {
  const record = "LIBARCHIVE.xattr.user%2Eb=aGk\n";
  const pax = `${record.length + 3} ${record}`;
  const tar = concat([
    special("L", `${long}\0`),
    special("K", "target\0"),
    special("x", pax),
    tarHeader({ path: "short", type: "symlink", linkPath: "short" }),
    tarEnd,
  ]);
  const { entries: [entry] } = readAll(tar);
  assert.equal(entry?.path, long);
  assert.equal(entry?.linkPath, "target");
  assert.deepEqual(entry?.xattrs, new Map([["user.b", bytesOf("hi")]]));
});

Deno.test("TarReader applies global headers until they are taken back", () => {
  const tar = concat([
    special("g", "11 uid=1234\n".replace("11", "12")),
    tarHeader({ path: "a", type: "file" }),
    special("x", "10 uid=77\n"),
    tarHeader({ path: "b", type: "file" }),
    special("x", "7 uid=\n"),
    tarHeader({ path: "c", type: "file", uid: 5 }),
    tarEnd,
  ]);
  assert.deepEqual(readAll(tar).entries.map(({ uid }) => uid), [1234, 77, 5]);
});

Deno.test("TarReader reads base-256 numbers", () => {
  const header = tarHeader({ path: "a", type: "directory" });
  header.set([0x80, 0, 0, 0, 0x89, 0xab, 0xcd, 0xef], 108);
  header.fill(0xff, 136, 148);
  const { entries: [entry] } = readAll(concat([rehash(header), tarEnd]));
  assert.equal(entry?.uid, 0x89abcdef);
  assert.deepEqual(entry?.mtime, { sec: -1, nsec: 0 });
});

Deno.test("TarReader refuses what is no tar", () => {
  const file = archive({ path: "a", type: "file", content: "x".repeat(600) });
  const cases: readonly (readonly [string, Bytes])[] = [
    ["text", bytesOf("not a tar at all ".repeat(40))],
    ["cut in a header", file.slice(0, 300)],
    ["cut in a file", file.slice(0, 800)],
    ["a wrong checksum", ((copy) => (copy[3] = 66, copy))(file.slice())],
    ["a single zero block", concat([new Uint8Array(512), file])],
    ["a PAX record without end", concat([special("x", "90 path=a\n"), file])],
    ["a PAX record without length", concat([special("x", "path=a\n"), file])],
    ["a PAX number", concat([special("x", "9 uid=zz\n"), file])],
    ["a name with a NUL", concat([special("x", "11 path=a\0b\n".replace("11", "12")), file])],
    ["an unknown type", special("?", "")],
    ["a header for nothing", special("x", "10 uid=77\n")],
  ];
  for (const [what, tar] of cases) assert.throws(() => readAll(tar), isCorrupt, what);
});

Deno.test("TarReader accepts an archive without an end mark, an empty one, and garbage behind the end", () => {
  const file = archive({ path: "a", type: "file", content: "x" });
  assert.equal(readAll(file.slice(0, -1024)).entries.length, 1);
  assert.equal(readAll(file.slice(0, -512)).entries.length, 1);
  assert.equal(readAll(new Uint8Array(0), 1).entries.length, 0);
  const garbage = concat([file, bytesOf("garbage")]);
  assert.deepEqual(readAll(garbage).all, garbage);
});

Deno.test('TarReader never fails but with "corrupt", and always comes to an end', () => {
  const seed = concat([
    special("L", `${long}\0`),
    special("x", "28 GNU.sparse.map=0,1,100,1\n22 GNU.sparse.size=900\n"),
    archive({ path: "a", type: "file", content: "xy", xattrs: new Map([["user.a", bytesOf("b")]]) }),
  ]);
  let random = 12345;
  const next = (limit: number) => {
    random = (Math.imul(random, 1103515245) + 12345) & 0x7fffffff;
    return random % limit;
  };
  for (let round = 0; round < 3000; round++) {
    const tar = seed.slice(0, round % 3 === 0 ? next(seed.length) : seed.length);
    for (let i = 0; i < 1 + next(6) && tar.length > 0; i++) tar[next(tar.length)] = next(256);
    // Half of the damaged headers get a right checksum, so that the damage is looked at.
    if (round % 2 === 0) { for (let at = 0; at + 512 <= tar.length; at += 512) rehash(tar.subarray(at, at + 512)); }
    try {
      readAll(tar, 1 + next(700));
    } catch (error) {
      assert.ok(isCorrupt(error), String(error));
    }
  }
});

const formats = ["v7", "oldgnu", "gnu", "ustar", "posix"];

Deno.test("TarReader reads GNU tar's formats", () => {
  using root = new TempRoot();
  const tree = root.directory("tree/sub");
  Deno.writeTextFileSync(`${tree}/file`, "content");
  Deno.symlinkSync("file", `${tree}/link`);
  Deno.linkSync(`${tree}/file`, `${tree}/zz-hard`);
  for (const format of formats) {
    shell(`tar --sort=name --format=${format} -cf ${format}.tar -C tree sub`, root.path);
    const { entries, contents } = readAll(Deno.readFileSync(`${root.path}/${format}.tar`), 1000);
    assert.deepEqual(entries.map(({ path, type }) => `${type} ${path}`), [
      "directory sub/",
      "file sub/file",
      "symlink sub/link",
      "hardlink sub/zz-hard",
    ], format);
    assert.deepEqual(contents, ["content"]);
  }
});

Deno.test("TarReader reads GNU tar's sparse files in every version", () => {
  using root = new TempRoot();
  root.directory("tree");
  // More pieces than fit into an old header and its first extension.
  const pieces = Array.from(
    { length: 40 },
    (_, i) => `printf p${i % 10} | dd of=s bs=1 seek=${i * 65536} conv=notrunc`,
  );
  shell(`${pieces.join("; ")}; truncate -s 3000000 s`, `${root.path}/tree`);
  const versions = ["--format=gnu", "--sparse-version=0.0", "--sparse-version=0.1", "--sparse-version=1.0"];
  for (const version of versions) {
    shell(`tar -S ${version} -cf s.tar -C tree s`, root.path);
    const tar = Deno.readFileSync(`${root.path}/s.tar`);
    const { entries: [entry], contents: [content], all } = readAll(tar, 1234);
    assert.deepEqual(all, tar);
    assert.equal(entry?.path, "s", version);
    assert.equal(entry?.sparse?.size, 3000000, version);
    assert.equal(content?.length, entry?.size, version);
    assert.ok((entry?.sparse?.pieces.length ?? 0) >= 80, version);
  }
});
