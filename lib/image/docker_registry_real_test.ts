import assert from "node:assert/strict";
import { EngineError } from "../errors.ts";
import { digestOf } from "../oci/mod.ts";
import { DockerRegistry, runTool } from "./_docker_registry.ts";
import { MemoryStore } from "./_memory_store.ts";
import { acceptAnything, pullName } from "./_pull_test_setup.ts";
import { selfSigned } from "./_test_certificates.ts";
import { makeDockerArchive, makeImage, type TestImage } from "./_test_image.ts";
import type { Login } from "./credentials.ts";
import { loadImages } from "./load.ts";
import { saveImages } from "./save.ts";

/** "user" with the password "pw". */
const htpasswd = "user:$2y$05$abcdefghijklmnopqrstuuHIrMEWpUCQe2YqFR3sXwQ75u4od..9q";
const password: Login = { kind: "password", username: "user", password: "pw" };

/** Writes a docker-archive of a fresh image for skopeo to push. */
async function withArchive(use: (source: string, image: TestImage) => Promise<void>): Promise<void> {
  const directory = await Deno.makeTempDir();
  try {
    const image = await makeImage({ contents: ["one", "x".repeat(2_000_000)] });
    await Deno.writeFile(`${directory}/image.tar`, await makeDockerArchive([{ image, tags: ["a:1"] }]));
    await use(`docker-archive:${directory}/image.tar`, image);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

Deno.test("a real registry's images come as skopeo sees them, in both formats", async () => {
  await withArchive(async (source, image) => {
    await using registry = await DockerRegistry.start();
    for (const format of ["v2s2", "oci"]) {
      await registry.push(source, `deep/${format}:1`, { flags: ["--format", format] });
      const { store, events, error } = await pullName(`${registry.host}/deep/${format}:1`);
      assert.equal(error, undefined);
      const name = `docker://${registry.host}/deep/${format}:1`;
      const inspect = (...flags: string[]) => runTool("skopeo", ["inspect", "--tls-verify=false", ...flags, name]);
      const config = new TextEncoder().encode(await inspect("--config", "--raw"));
      assert.equal(`sha256:${events.at(-1)?.id}`, digestOf(config));
      assert.equal(store.committed[0]?.digest, (await inspect("--format", "{{.Digest}}")).trim());
      assert.deepEqual(store.committed[0]?.layers.map(({ diffId }) => diffId), image.diffIds);
    }
    const { events } = await pullName(`${registry.host}/deep/oci`, { allTags: true });
    assert.equal(events.at(-1)?.images?.length, 1);
  });
});

Deno.test("a real registry says what it lacks", async () => {
  await withArchive(async (source) => {
    await using registry = await DockerRegistry.start();
    await registry.push(source, "a:1");
    for (const [name, reason] of [["a:2", "2 in HOST/a"], ["b:1", "1 in HOST/b"]] as const) {
      const { error } = await pullName(`${registry.host}/${name}`);
      assert.ok(error instanceof EngineError && error.kind === "noSuchImage");
      const where = reason.replace("HOST", registry.host);
      const what = `initializing source docker://${registry.host}/${name}: reading manifest ${where}: manifest unknown`;
      assert.equal(error.message, what);
    }
  });
});

Deno.test("a real registry with passwords lets in who has one", async () => {
  await withArchive(async (source, image) => {
    await using registry = await DockerRegistry.start({ htpasswd });
    await registry.push(source, "a:1", { flags: ["--dest-creds", "user:pw"] });
    const name = `${registry.host}/a:1`;
    const { events } = await pullName(name, { login: () => Promise.resolve(password) });
    assert.equal(events.at(-1)?.id, image.id);
    for (const login of [null, { ...password, password: "wrong" }]) {
      const { error } = await pullName(name, { login: () => Promise.resolve(login) });
      assert.ok(error instanceof EngineError && error.kind === "unauthorized");
      assert.match(error.message, /: reading manifest 1 in \S+: unauthorized: authentication required$/);
    }
  });
});

Deno.test("a real registry with a certificate of its own is trusted when told so, or not verified when told so", async () => {
  await withArchive(async (source, image) => {
    await using registry = await DockerRegistry.start({ tls: selfSigned });
    await registry.push(source, "a:1");
    const name = `${registry.host}/a:1`;
    const certDir = await Deno.makeTempDir();
    await Deno.writeTextFile(`${certDir}/ca.crt`, selfSigned.cert);
    for (const setup of [{ tlsVerify: false }, { tlsVerify: true, certDir }]) {
      const { events, error } = await pullName(name, setup);
      assert.equal(error, undefined);
      assert.equal(events.at(-1)?.id, image.id);
    }
    const { error } = await pullName(name, { tlsVerify: true });
    assert.ok(error instanceof EngineError && error.kind === "unreachable");
    await Deno.remove(certDir, { recursive: true });
  });
});

Deno.test("skopeo reads what we save, and keeps the id", async () => {
  await withArchive(async (source, image) => {
    const directory = await Deno.makeTempDir();
    const store = new MemoryStore();
    const options = { store, policy: acceptAnything, wish: {}, directory };
    await loadImages({ path: source.replace("docker-archive:", "") }, options);
    const stored = store.find(image.id);
    assert.ok(stored !== null);
    for (const format of ["docker-archive", "oci-archive"] as const) {
      const path = `${directory}/${format}.tar`;
      await Deno.writeFile(
        path,
        ReadableStream.from(saveImages([{ image: stored, names: ["q.io/a:1"] }], { ...options, format })),
      );
      const raw = await runTool("skopeo", ["inspect", "--config", "--raw", `${format}:${path}`]);
      assert.equal(raw, new TextDecoder().decode(image.config));
      await runTool("skopeo", ["--insecure-policy", "copy", "-q", `${format}:${path}`, `dir:${directory}/out`]);
    }
    await Deno.remove(directory, { recursive: true });
  });
});
