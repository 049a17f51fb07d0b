/** Images from a registry: addresses, passwords, certificates, what is told when it fails. */

import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { assertFails, assertResult, suite } from "../support/suite.ts";
import { type Place, rootRunc, twoPlaces } from "../support/place.ts";
import { boxImage, entriesImage, imageId } from "../support/images.ts";
import { freePort, openRegistry, password, person, type Registry } from "../support/registry.ts";

const registries: { open?: Registry; locked?: Registry; secure?: Registry } = {};
const image = boxImage({ Cmd: ["echo", "pulled"] }, "box");
const small = entriesImage("small", [{ path: "one", content: "1" }], [{ path: "two", content: "2".repeat(100_000) }]);

Deno.test.beforeAll(async () => {
  registries.open = await openRegistry();
  registries.locked = await openRegistry({ password: true });
  registries.secure = await openRegistry({ tls: true });
  await registries.open.push(image, "river/box:v1");
  await registries.open.push(small, "river/small:latest");
  await registries.locked.push(small, "river/small:latest");
  await registries.secure.push(small, "river/small:latest");
});
Deno.test.afterAll(async () => {
  for (const one of Object.values(registries)) await one?.[Symbol.asyncDispose]();
});

const test = suite("registry", { wheres: twoPlaces });
const rootTest = suite("registry", { wheres: [rootRunc] });
const open = () => registries.open?.host ?? "";
const locked = () => registries.locked?.host ?? "";
const secure = () => registries.secure?.host ?? "";

test("pull prints the image's id, and the image runs", async (place) => {
  const name = `${open()}/river/box:v1`;
  const result = await place.run(["pull", "--tls-verify=false", name]);
  assertResult(result, { code: 0, stdout: `${imageId(image)}\n` });
  assert.equal(await place.must(["run", "--rm", "--network", "none", name]), "pulled");
  assert.equal(await place.must(["images", "--format", "{{.Repository}}:{{.Tag}}"]), name);
  await place.must(["rmi", name]);
});

test("pull -q prints the id alone", async (place) => {
  const result = await place.run(["pull", "-q", "--tls-verify=false", `${open()}/river/small`]);
  assertResult(result, { code: 0, stdout: `${imageId(small)}\n`, stderr: "" });
  await place.must(["rmi", imageId(small)]);
});

test("run pulls what is missing, by the policy", async (place) => {
  const name = `${open()}/river/box:v1`;
  const never = await place.run(["run", "--rm", "--pull", "never", name]);
  assertFails(never, { code: 125, error: /image not known/ });
  const flags = ["run", "--rm", "--network", "none", "--tls-verify=false"];
  assertResult(await place.run([...flags, name]), { stdout: "pulled\n" });
  assertResult(await place.run([...flags, "--pull", "always", "-q", name]), { stdout: "pulled\n" });
  await place.must(["rmi", name]);
});

test("an insecure registry of registries.conf needs no flag", async (place) => {
  const file = place.path("registries.conf");
  writeFileSync(
    file,
    `unqualified-search-registries = ["${open()}"]\n[[registry]]\nlocation = "${open()}"\ninsecure = true\n`,
  );
  const env = { CONTAINERS_REGISTRIES_CONF: file };
  assert.equal(await place.must(["pull", "-q", `${open()}/river/small`], { env }), imageId(small));
  await place.must(["rmi", imageId(small)]);
  assert.equal(await place.must(["pull", "-q", "river/small"], { env }), imageId(small));
  assert.equal(await place.must(["images", "--format", "{{.Repository}}"]), `${open()}/river/small`);
  await place.must(["rmi", imageId(small)]);
});

test("http is refused where https is meant", async (place) => {
  const result = await place.run(["pull", "-q", `${open()}/river/small`]);
  assertFails(result, { code: 125, error: /http: server gave HTTP response to HTTPS client/ });
});

test("an unknown tag and an unknown name are named", async (place) => {
  const tag = await place.run(["pull", "-q", "--tls-verify=false", `${open()}/river/small:nonesuch`]);
  assertFails(tag, { code: 125, error: /river\/small:nonesuch.*manifest unknown/ });
  const name = await place.run(["pull", "-q", "--tls-verify=false", `${open()}/river/nonesuch`]);
  assertFails(name, { code: 125, error: /river\/nonesuch.*(name unknown|manifest unknown)/ });
});

test("a registry that nobody runs is named", async (place) => {
  const host = `127.0.0.1:${freePort()}`;
  const result = await place.run(["pull", "-q", "--tls-verify=false", `${host}/river/small`]);
  assertFails(result, { code: 125, error: new RegExp(`${host}.*connection refused`) });
});

test("a name that can't be looked up is named", async (place) => {
  const result = await place.run(["pull", "-q", "registry.invalid/river/small"]);
  assertFails(result, { code: 125, error: /registry\.invalid/ });
});

test("a pull by digest gets just that", async (place) => {
  const answer = await place.host([
    "curl",
    "-sI",
    "-H",
    "Accept: application/vnd.oci.image.manifest.v1+json",
    `http://${open()}/v2/river/small/manifests/latest`,
  ]);
  const digest = /docker-content-digest: (\S+)/i.exec(answer.stdout)?.[1];
  const name = `${open()}/river/small@${digest}`;
  assert.equal(await place.must(["pull", "-q", "--tls-verify=false", name]), imageId(small));
  assert.match(
    await place.must(["image", "inspect", "-f", "{{.RepoDigests}}", imageId(small)]),
    new RegExp(String(digest)),
  );
  await place.must(["rmi", imageId(small)]);
});

test("--creds says who asks", async (place) => {
  const name = `${locked()}/river/small`;
  const flags = ["pull", "-q", "--tls-verify=false"];
  assert.equal(await place.must([...flags, "--creds", `${person}:${password}`, name]), imageId(small));
  await place.must(["rmi", name]);
});

test("nobody and a wrong password are refused", async (place) => {
  const name = `${locked()}/river/small`;
  const flags = ["pull", "-q", "--tls-verify=false"];
  assertFails(await place.run([...flags, name]), { code: 125, error: /authentication required|unauthorized/ });
  const wrong = await place.run([...flags, "--creds", `${person}:wrong`, name]);
  assertFails(wrong, { code: 125, error: /authentication required|unauthorized|invalid username\/password/ });
  assert.doesNotMatch(wrong.stderr, /wrong/, "a password is never shown");
  assert.equal(await place.must(["images", "-q"]), "");
});

test("--authfile and REGISTRY_AUTH_FILE say who asks", async (place) => {
  const name = `${locked()}/river/small`;
  const file = place.path("auth.json");
  writeFileSync(file, JSON.stringify({ auths: { [locked()]: { auth: btoa(`${person}:${password}`) } } }));
  const flags = ["pull", "-q", "--tls-verify=false"];
  assert.equal(await place.must([...flags, "--authfile", file, name]), imageId(small));
  await place.must(["rmi", name]);
  assert.equal(await place.must([...flags, name], { env: { REGISTRY_AUTH_FILE: file } }), imageId(small));
  await place.must(["rmi", name]);
});

test("the auth file of the user's run folder says who asks", async (place) => {
  const folder = place.rootless ? place.path("xdg/containers") : place.path("xdg/containers");
  mkdirSync(folder, { recursive: true });
  if (!place.rootless) return; // root's is one for the whole machine
  writeFileSync(
    `${folder}/auth.json`,
    JSON.stringify({ auths: { [locked()]: { auth: btoa(`${person}:${password}`) } } }),
  );
  const name = `${locked()}/river/small`;
  assert.equal(await place.must(["pull", "-q", "--tls-verify=false", name]), imageId(small));
  await place.must(["rmi", name]);
  Deno.removeSync(`${folder}/auth.json`);
});

test("an unknown certificate is refused, --cert-dir makes it known", async (place) => {
  const name = `${secure()}/river/small`;
  assertFails(await place.run(["pull", "-q", name]), { code: 125, error: /certificate/i });
  const folder = place.folder("certificates");
  copyFileSync(registries.secure?.certificate ?? "", `${folder}/ca.crt`);
  Deno.chmodSync(`${folder}/ca.crt`, 0o644);
  assert.equal(await place.must(["pull", "-q", "--cert-dir", folder, name]), imageId(small));
  await place.must(["rmi", name]);
  assert.equal(await place.must(["pull", "-q", "--tls-verify=false", name]), imageId(small));
  await place.must(["rmi", name]);
});

test("a blob that was changed on its way is refused and leaves nothing", async (place) => {
  const bad = entriesImage("bad", [{ path: "file", content: crypto.randomUUID() }]);
  await registries.open?.push(bad, "river/bad:latest");
  damage(imageId(bad));
  const before = await place.must(["images", "-aq"]);
  const result = await place.run(["pull", "-q", "--tls-verify=false", `${open()}/river/bad`]);
  assert.equal(result.code, 125, result.stderr);
  assert.match(result.stderr, /digest|unexpected end|checksum/i);
  assert.equal(await place.must(["images", "-aq"]), before);
});

/** Changes one byte of a blob in the registry's own store. */
function damage(hex: string): void {
  const file = registries.open?.blob(`sha256:${hex}`) ?? "";
  const data = readFileSync(file);
  data[data.length - 3] = (data[data.length - 3] ?? 0) ^ 1;
  writeFileSync(file, data);
}

test("layers compressed with zstd or not at all are read", async (place) => {
  for (const flags of [["--dest-compress-format", "zstd", "--format", "oci"], ["--dest-decompress"]]) {
    const one = boxImage({ Cmd: ["echo", flags.join(" ")] }, "compressed");
    const name =
      await registries.open?.push(one, `river/compressed:t${flags.length}`, flags.includes("zstd") ? flags : []) ?? "";
    assert.equal(await place.must(["pull", "-q", "--tls-verify=false", name]), imageId(one));
    assert.equal(await place.must(["run", "--rm", "--network", "none", name]), flags.join(" "));
    await place.must(["rmi", name]);
  }
});

test("what is there already is not fetched again", async (place) => {
  const name = `${open()}/river/small`;
  await place.must(["pull", "-q", "--tls-verify=false", name]);
  const before = registries.open?.requests().length ?? 0;
  await place.must(["pull", "-q", "--tls-verify=false", name]);
  const blobs =
    registries.open?.requests().slice(before).filter((line) => line.startsWith("GET") && line.includes("/blobs/")) ??
      [];
  assert.ok(blobs.length <= 1, `only the configuration may be asked for again: ${blobs}`);
  await place.must(["rmi", name]);
});

rootTest("a manifest list is read by platform", async (place) => {
  const images = { amd64: boxFor("amd64"), arm64: boxFor("arm64") };
  for (const [architecture, one] of Object.entries(images)) {
    await registries.open?.push(one, `river/list:${architecture}`);
  }
  await putList(place, Object.keys(images));
  const name = `${open()}/river/list:all`;
  const native = Deno.build.arch === "aarch64" ? "arm64" : "amd64";
  assert.equal(await place.must(["pull", "-q", "--tls-verify=false", name]), imageId(images[native]));
  const foreign = native === "arm64" ? "amd64" : "arm64";
  const flags = ["pull", "-q", "--tls-verify=false", "--platform", `linux/${foreign}`];
  assert.equal(await place.must([...flags, name]), imageId(images[foreign]));
  const missing = await place.run(["pull", "-q", "--tls-verify=false", "--platform", "linux/s390x", name]);
  assertFails(missing, { code: 125, error: /no image found in (manifest list|image index) for architecture "?s390x/ });
  await place.must(["rmi", "-f", ...Object.values(images).map(imageId)]);
});

function boxFor(architecture: string) {
  return { ...boxImage({ Cmd: ["echo", architecture] }, "list"), architecture };
}

async function putList(place: Place, architectures: readonly string[]): Promise<void> {
  const base = `http://${open()}/v2/river/list/manifests`;
  const manifests = [];
  for (const architecture of architectures) {
    const mediaType = "application/vnd.oci.image.manifest.v1+json";
    const answer = await fetch(`${base}/${architecture}`, { headers: { Accept: mediaType } });
    const size = (await answer.arrayBuffer()).byteLength;
    const digest = answer.headers.get("docker-content-digest");
    manifests.push({ mediaType, digest, size, platform: { os: "linux", architecture } });
  }
  const mediaType = "application/vnd.oci.image.index.v1+json";
  const body = JSON.stringify({ schemaVersion: 2, mediaType, manifests });
  const answer = await fetch(`${base}/all`, { method: "PUT", headers: { "Content-Type": mediaType }, body });
  await answer.body?.cancel();
  assert.equal(answer.status, 201, `the list for ${place.name} is put`);
}
