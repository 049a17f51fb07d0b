/** What is in layers: every kind of file, deletions, and archives that want to write elsewhere. */

import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { assertResult, lines, suite } from "../support/suite.ts";
import { rootlessCrun, rootRunc, twoPlaces } from "../support/place.ts";
import {
  boxEntries,
  dockerArchive,
  entriesImage,
  type Image,
  imageId,
  loadImage,
  writeArchive,
} from "../support/images.ts";
import { type Entry, tar } from "../support/tar.ts";

const test = suite("layers", { wheres: twoPlaces });
const rootTest = suite("layers", { wheres: [rootRunc] });
const rootlessTest = suite("layers", { wheres: [rootlessCrun] });

const long = `deep/${"folder-with-a-long-name/".repeat(9)}file`;

const kinds: readonly Entry[] = [
  ...boxEntries(),
  { path: "k/", type: "directory", mode: 0o2751, uid: 7, gid: 8 },
  { path: "k/file", mode: 0o4755, uid: 1234, gid: 54321, content: "content", time: 1_000_000_000 },
  { path: "k/hard", type: "hardlink", link: "k/file", mode: 0o4755, uid: 1234, gid: 54321, time: 1_000_000_000 },
  { path: "k/soft", type: "symlink", link: "/nowhere", uid: 5, gid: 6 },
  { path: "k/fifo", type: "fifo", mode: 0o600 },
  { path: "k/xattr", content: "x", pax: { "SCHILY.xattr.user.river": "pike" } },
  { path: `pax/${long}`, content: "by pax" },
  { path: `gnu/${long}`, content: "by gnu", longNames: "gnu" },
  { path: "ünï/ñame", content: "utf-8" },
];
const kindsImage: Image = {
  name: "localhost/kinds:latest",
  layers: [tar(kinds)],
  config: { Cmd: ["sh"], Env: ["PATH=/bin"] },
};

test("owners, modes, times, links, long names and extended attributes are kept", async (place) => {
  await loadImage(place, kindsImage);
  const script =
    "cd /k; stat -c '%n %u %g %a %F' . file hard soft fifo; stat -c %Y file; stat -c %i file hard | uniq | wc -l; " +
    `readlink soft; cat /pax/${long} /gnu/${long} /ünï/ñame`;
  const shown = await place.must(["run", "--rm", "--network", "none", "kinds", "sh", "-c", script]);
  assert.deepEqual(lines(shown), [
    ". 7 8 2751 directory",
    "file 1234 54321 4755 regular file",
    "hard 1234 54321 4755 regular file",
    "soft 5 6 777 symbolic link",
    "fifo 0 0 600 fifo",
    "1000000000",
    "1",
    "/nowhere",
    "by paxby gnuutf-8",
  ]);
  await place.must(["rmi", "-f", "kinds"]);
});

test("load, save and load keep ids for every kind of file", async (place) => {
  await loadImage(place, kindsImage);
  const out = place.path("kinds.tar");
  await place.must(["save", "-q", "-o", out, "kinds"]);
  await place.must(["rmi", "-f", "kinds"]);
  await place.must(["load", "-q", "-i", out]);
  assert.equal(await place.must(["image", "inspect", "-f", "{{.Id}}", "kinds"]), imageId(kindsImage));
  await place.must(["rmi", "-f", "kinds"]);
});

rootTest("devices are made", async (place) => {
  const devices: readonly Entry[] = [
    { path: "d/char", type: "character", device: [1, 3], mode: 0o666 },
    { path: "d/block", type: "block", device: [7, 0] },
  ];
  await loadImage(place, { ...kindsImage, name: "localhost/devices:latest", layers: [tar([...kinds, ...devices])] });
  const shown = await place.must([
    "run",
    "--rm",
    "--network",
    "none",
    "devices",
    "stat",
    "-c",
    "%F %t:%T",
    "/d/char",
    "/d/block",
  ]);
  assert.equal(shown, "character special file 1:3\nblock special file 7:0");
});

rootlessTest("an ordinary user's layers may hold devices, which stay away or are empty", async (place) => {
  const devices: readonly Entry[] = [{ path: "d/char", type: "character", device: [1, 3], mode: 0o666 }];
  const image = { ...kindsImage, name: "localhost/devices:latest", layers: [tar([...kinds, ...devices])] };
  await loadImage(place, image);
  assertResult(await place.run(["run", "--rm", "--network", "none", "devices", "echo", "x"]), { stdout: "x\n" });
  assert.equal(await place.must(["image", "inspect", "-f", "{{.Id}}", "devices"]), imageId(image));
});

test("later layers delete, replace and hide", async (place) => {
  const image = entriesImage(
    "localhost/stacked:latest",
    [
      ...boxEntries(),
      { path: "a/one", content: "1" },
      { path: "a/two", content: "2" },
      { path: "b/old", content: "o" },
      { path: "c/x", content: "x" },
      { path: "kind", content: "file" },
    ],
    [{ path: "a/.wh.one" }, { path: "b/.wh..wh..opq" }, { path: "b/new", content: "n" }, { path: ".wh.c" }, {
      path: "kind/",
      type: "directory",
    }, { path: "kind/in", content: "in" }],
    [{ path: "a/one", content: "back" }],
  );
  await loadImage(place, image);
  const script = "cat a/one a/two kind/in; echo; ls b; test -e c || echo none";
  assert.equal(
    await place.must(["run", "--rm", "--network", "none", "stacked", "sh", "-c", script]),
    "back2in\nnew\nnone",
  );
  const out = place.path("stacked.tar");
  await place.must(["save", "-q", "-o", out, "stacked"]);
  await place.must(["rmi", "-f", "stacked"]);
  await place.must(["load", "-q", "-i", out]);
  assert.equal(await place.must(["image", "inspect", "-f", "{{.Id}}", "stacked"]), imageId(image));
  await place.must(["rmi", "-f", "stacked"]);
});

test("twenty layers are stacked", async (place) => {
  const layers = Array.from(
    { length: 19 },
    (_, index): readonly Entry[] => [{ path: `n/${index}`, content: "x" }, { path: "last", content: String(index) }],
  );
  await loadImage(place, entriesImage("localhost/many:latest", boxEntries(), ...layers));
  assert.equal(
    await place.must(["run", "--rm", "--network", "none", "many", "sh", "-c", "ls n | wc -l; cat last"]),
    "19\n18",
  );
  await place.must(["rmi", "-f", "many"]);
});

const hostile: readonly (readonly [string, (victim: string) => readonly Entry[]])[] = [
  ["..", (victim) => [{ path: `../../../../../../../../..${victim}/in`, content: "x" }]],
  ["an absolute name", (victim) => [{ path: `${victim}/in`, content: "x" }]],
  [
    "a link to a folder outside",
    (victim) => [{ path: "way", type: "symlink", link: victim }, { path: "way/in", content: "x" }],
  ],
  [
    "a link up",
    (
      victim,
    ) => [{ path: "way", type: "symlink", link: `../../../../../../../../..${victim}` }, {
      path: "way/in",
      content: "x",
    }],
  ],
  [
    "a hard link outside",
    (
      victim,
    ) => [{ path: "hard", type: "hardlink", link: `../../../../../../../../..${victim}/kept` }, {
      path: "hard",
      content: "changed",
    }],
  ],
  [
    "a hard link through a link",
    (victim) => [{ path: "way", type: "symlink", link: victim }, { path: "hard", type: "hardlink", link: "way/kept" }],
  ],
  [
    "a folder over a link",
    (
      victim,
    ) => [{ path: "way", type: "symlink", link: victim }, { path: "way/", type: "directory", mode: 0o777 }, {
      path: "way/in",
      content: "x",
    }],
  ],
  ["a deletion outside", (victim) => [{ path: "way", type: "symlink", link: victim }, { path: "way/.wh.kept" }]],
];

for (const [what, entries] of hostile) {
  test(`${what} in an archive touches nothing outside`, async (place) => {
    const victim = place.folder("victim");
    Deno.writeTextFileSync(`${victim}/kept`, "untouched");
    Deno.chmodSync(victim, 0o711);
    const image = entriesImage("localhost/hostile:latest", [...boxEntries(), ...entries(victim)]);
    const second = entriesImage(
      "localhost/hostile2:latest",
      boxEntries(),
      entries(victim).slice(0, 1),
      entries(victim).slice(1),
    );
    for (const one of [image, second]) {
      const result = await place.run(["load", "-q", "-i", writeArchive(place, dockerArchive(one))]);
      if (result.code === 0) await place.run(["run", "--rm", "--network", "none", one.name, "true"]);
    }
    assert.deepEqual(readdirSync(victim), ["kept"]);
    assert.equal(Deno.readTextFileSync(`${victim}/kept`), "untouched");
    assert.equal((Deno.statSync(victim).mode ?? 0) & 0o777, 0o711);
    await place.run(["rmi", "-f", "hostile", "hostile2"]);
  });
}

test("an image's users file can't lead outside", async (place) => {
  const secret = place.path("secret-passwd");
  Deno.writeTextFileSync(secret, "intruder:x:4242:4242::/:/bin/sh\n");
  const entries = boxEntries().filter(({ path }) => path !== "etc/passwd");
  await loadImage(
    place,
    entriesImage("localhost/users:latest", [...entries, { path: "etc/passwd", type: "symlink", link: secret }]),
  );
  const result = await place.run(["run", "--rm", "--network", "none", "-u", "intruder", "users", "id", "-u"]);
  assert.notEqual(result.stdout, "4242\n");
  assert.notEqual(result.code, 0);
  assert.equal(existsSync(secret), true);
  await place.must(["rmi", "-f", "users"]);
});
