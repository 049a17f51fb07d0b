/** Images in files and in the store: load, save, tag, rmi, what is printed about them. */

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { mustExecute } from "../support/execute.ts";
import { assertFails, assertResult, lines, suite } from "../support/suite.ts";
import { isPodman, type Place, twoPlaces } from "../support/place.ts";
import {
  box,
  boxImage,
  dirFiles,
  dockerArchive,
  entriesImage,
  imageId,
  loadBox,
  ociArchive,
  ociFiles,
  sha256,
  writeArchive,
  writeFiles,
} from "../support/images.ts";
import { footprint } from "../support/footprint.ts";

const test = suite("images", { wheres: twoPlaces, prepare: loadBox });
const small = entriesImage("localhost/small:latest", [{ path: "one", content: "1" }], [{ path: "two", content: "2" }]);
const smallId = imageId(small);

async function removeSmall(place: Place): Promise<void> {
  await place.must(["rmi", "-f", smallId]);
}

test("load reads docker archives, from a file and from its input", async (place) => {
  const archive = dockerArchive(small);
  const file = writeArchive(place, archive);
  assertResult(await place.run(["load", "-i", file]), { stdout: "Loaded image: localhost/small:latest\n" });
  await removeSmall(place);
  assertResult(await place.run(["load"], { input: archive }), { stdout: "Loaded image: localhost/small:latest\n" });
  assert.equal(await place.must(["image", "inspect", "-f", "{{.Id}}", "small"]), smallId);
  await removeSmall(place);
});

const sources: readonly (readonly [string, (place: Place) => string])[] = [
  ["docker-archive:", (place) => writeArchive(place, dockerArchive(small), { name: "docker.tar" })],
  ["oci-archive:", (place) => writeArchive(place, ociArchive(small), { name: "oci.tar" })],
  ["oci:", (place) => `${writeFiles(place.folder("layout"), ociFiles(small))}:latest`],
  ["dir:", (place) => writeFiles(place.folder("directory"), dirFiles(small))],
];

for (const [transport, write] of sources) {
  test(`pull reads ${transport}`, async (place) => {
    const result = await place.run(["pull", "-q", `${transport}${write(place)}`]);
    assertResult(result, { stdout: `${smallId}\n` });
    await removeSmall(place);
  });
}

for (const format of ["docker-archive", "oci-archive", "oci-dir", "docker-dir"]) {
  test(`save --format ${format} gives back what was loaded`, async (place) => {
    await place.must(["load", "-i", writeArchive(place, dockerArchive(small))]);
    const out = place.path(`saved-${format}`);
    await place.must(["save", "-q", "--format", format, "-o", out, "small"]);
    const transport = { "oci-dir": "oci", "docker-dir": "dir" }[format] ?? format;
    const seen = JSON.parse(await mustExecute(["skopeo", "inspect", "--config", `${transport}:${out}`]));
    assert.deepEqual(seen.rootfs.diff_ids, small.layers.map((layer) => `sha256:${sha256(layer)}`));
    await removeSmall(place);
    const pulled = await place.must(["pull", "-q", `${transport}:${out}`]);
    // Podman writes a configuration anew when it goes from Docker's format to OCI's.
    if (!isPodman || format.startsWith("docker")) assert.equal(pulled, smallId);
    await place.must(["rmi", "-f", pulled]);
    await place.host(["rm", "-rf", out]);
  });
}

test("save without -o writes to its output", async (place) => {
  const file = place.path("piped.tar");
  const words = place.argv(["save", box]).map((word) => `'${word}'`).join(" ");
  await mustExecute(["sh", "-c", `${words} >${file}`], { env: place.environment });
  assert.equal(
    await mustExecute(["skopeo", "inspect", "--format", "{{.Name}}{{.Os}}", `docker-archive:${file}`]),
    "linux",
  );
});

test("load, save, load elsewhere keep the image's id, and the layers byte for byte", async (place) => {
  const out = place.path("saved.tar");
  await place.must(["save", "-q", "-o", out, box]);
  assert.equal(imageId(boxImage()), await place.must(["image", "inspect", "-f", "{{.Id}}", box]));
  const other = ["--root", place.path("other"), "--runroot", place.path("other-run")];
  await place.must([...other, "load", "-q", "-i", out], { bare: true });
  assert.equal(
    await place.must([...other, "images", "-q", "--no-trunc"], { bare: true }),
    `sha256:${imageId(boxImage())}`,
  );
  const layer = sha256(boxImage().layers[0] ?? "");
  const listing = lines(await mustExecute(["tar", "-tf", out]));
  const name = listing.find((entry) => entry.includes(layer)) ?? "";
  assert.equal(await mustExecute(["sh", "-c", `tar -xOf ${out} ${name} | sha256sum`]), `${layer}  -`);
});

test("tag adds a name, rmi takes one away, the last one with the image", async (place) => {
  await place.must(["load", "-i", writeArchive(place, dockerArchive(small))]);
  await place.must(["tag", "small", "other:v2"]);
  const names = await place.must(["image", "inspect", "-f", "{{json .RepoTags}}", "other:v2"]);
  assert.deepEqual(JSON.parse(names).toSorted(), ["localhost/other:v2", "localhost/small:latest"]);
  const untagged = await place.must(["rmi", "other:v2"]);
  assert.equal(untagged, "Untagged: localhost/other:v2");
  const removed = lines(await place.must(["rmi", "small"]));
  assert.deepEqual([removed[0], removed.at(-1)], ["Untagged: localhost/small:latest", `Deleted: ${smallId}`]);
  assert.equal((await place.run(["image", "exists", smallId])).code, 1);
});

test("images tells names, ids and sizes", async (place) => {
  const [head, row] = lines(await place.must(["images", "box"]));
  assert.match(head ?? "", /^REPOSITORY\s+TAG\s+IMAGE ID\s+CREATED\s+SIZE$/);
  assert.match(
    row ?? "",
    new RegExp(`^localhost/box\\s+latest\\s+${imageId(boxImage()).slice(0, 12)}\\s+.* years ago\\s+[\\d.]+ MB$`),
  );
  assert.equal(await place.must(["images", "-q", "box"]), imageId(boxImage()).slice(0, 12));
  const [told] = JSON.parse(await place.must(["images", "--format", "json", "box"]));
  assert.deepEqual([told.Id, told.Names], [imageId(boxImage()), [box]]);
});

test("inspect tells the configuration", async (place) => {
  const [told] = JSON.parse(await place.must(["image", "inspect", box]));
  assert.equal(told.Architecture, Deno.build.arch === "aarch64" ? "arm64" : "amd64");
  assert.deepEqual(told.Config.Cmd, ["/bin/sh"]);
  assert.deepEqual(told.RootFS.Layers, boxImage().layers.map((layer) => `sha256:${sha256(layer)}`));
  assert.deepEqual(told.RepoTags, [box]);
});

test("rmi refuses an image that a container uses, with 2; -f removes both", async (place) => {
  await place.must(["load", "-i", writeArchive(place, dockerArchive(small))]);
  const id = await place.must(["create", "small", "x"]);
  const refused = await place.run(["rmi", "small"]);
  assertFails(refused, { code: 2, error: new RegExp(`image used by ${id}: image is in use by a container`) });
  await place.must(["rmi", "-f", "small"]);
  assert.equal(await place.must(["ps", "-aq"]), "");
});

test("rmi of an unknown image ends with 1", async (place) => {
  assertFails(await place.run(["rmi", "nonesuch"]), { code: 1, error: /nonesuch: image not known/ });
});

test("archives that are cut short, changed or no archives are refused and leave nothing", async (place) => {
  const archive = dockerArchive(entriesImage("localhost/bad:latest", [{ path: "file", content: crypto.randomUUID() }]));
  const layers = archive.slice();
  layers[512] = 0x58;
  const bad = {
    cut: archive.subarray(0, archive.length / 2),
    layers,
    text: new TextEncoder().encode("no archive\n".repeat(100)),
    empty: new Uint8Array(),
  };
  const before = [footprint(place).folders, await place.must(["images", "-aq"])];
  for (const [name, data] of Object.entries(bad)) {
    const file = place.path(`bad-${name}.tar`);
    writeFileSync(file, data);
    const result = await place.run(["load", "-q", "-i", file]);
    assert.equal(result.code, 125, `${name}: ${result.stderr}`);
    assert.notEqual(result.stderr, "", name);
  }
  assert.deepEqual([footprint(place).folders, await place.must(["images", "-aq"])], before);
});

test("a layout whose blob is not what its digest says is refused", async (place) => {
  const files = new Map(ociFiles(small));
  const config = `blobs/sha256/${smallId}`;
  files.set(config, String(files.get(config)).replace("2020-09-13", "2020-09-14"));
  const folder = writeFiles(place.folder("changed"), files);
  const result = await place.run(["pull", "-q", `oci:${folder}:latest`]);
  assert.equal(result.code, 125);
  assert.match(result.stderr, /digest/i);
});

test("a file that is not there is named", async (place) => {
  assertFails(await place.run(["load", "-i", place.path("nonesuch.tar")]), {
    code: 125,
    error: /nonesuch\.tar.*no such file or directory/,
  });
});

test("what is loaded twice is there once", async (place) => {
  const file = writeArchive(place, dockerArchive(small));
  await place.must(["load", "-q", "-i", file]);
  const before = footprint(place).folders;
  await place.must(["load", "-q", "-i", file]);
  assert.deepEqual(footprint(place).folders, before);
  await removeSmall(place);
});
