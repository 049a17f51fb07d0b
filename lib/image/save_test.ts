import assert from "node:assert/strict";
import type { SaveFormat } from "../engine/mod.ts";
import { EngineError } from "../errors.ts";
import { type Digest, digestOf } from "../oci/mod.ts";
import { MemoryStore } from "./_memory_store.ts";
import { acceptAnything } from "./_pull_test_setup.ts";
import { makeDockerArchive, makeImage } from "./_test_image.ts";
import { Archive } from "./archive.ts";
import { storeHello } from "./hello.ts";
import { loadImages } from "./load.ts";
import { joinChunks } from "./registry/body.ts";
import { saveImages } from "./save.ts";
import type { SavedImage } from "./store.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const formats: readonly SaveFormat[] = ["docker-archive", "oci-archive", "docker-dir", "oci-dir"];

/** A store with two images that share a layer. */
async function filledStore(): Promise<MemoryStore> {
  const store = new MemoryStore();
  const [one, two] = [await makeImage({ contents: ["1"] }), await makeImage({ contents: ["1", "2"] })];
  const archive = await makeDockerArchive([{ image: one, tags: ["q.io/one:1"] }, { image: two, tags: ["two"] }]);
  await load(archive, store);
  return store;
}

function allOf(store: MemoryStore): readonly SavedImage[] {
  return [...store.images.keys()].flatMap((id) => {
    const image = store.find(id);
    return image === null ? [] : [{ image, names: image.names }];
  });
}

async function load(bytes: Bytes, store: MemoryStore): Promise<readonly string[]> {
  return await withDirectory(async (directory) => {
    const options = { store, policy: acceptAnything, wish: { os: "linux", architecture: "amd64" }, directory };
    return (await loadImages(new Blob([bytes]).stream(), options)).names;
  });
}

/** Saves, and sees to it that no temporary file stays. */
async function save(
  images: readonly SavedImage[],
  options: { readonly store: MemoryStore; readonly format: SaveFormat; readonly compress?: boolean },
): Promise<Bytes> {
  return await withDirectory(async (directory) => {
    try {
      return joinChunks(await Array.fromAsync(saveImages(images, { ...options, directory })));
    } finally {
      assert.deepEqual([...Deno.readDirSync(directory)], []);
    }
  });
}

async function withDirectory<T>(use: (directory: string) => Promise<T>): Promise<T> {
  const directory = await Deno.makeTempDir();
  try {
    return await use(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

async function namesIn(bytes: Bytes): Promise<readonly string[]> {
  return await withDirectory(async (directory) => {
    await Deno.writeFile(`${directory}/tar`, bytes);
    using archive = Archive.open(`${directory}/tar`);
    return archive.names();
  });
}

Deno.test("what is saved loads elsewhere with the same ids, names and layers, in every format", async () => {
  const store = await filledStore();
  for (const format of formats) {
    const images = format.endsWith("dir") ? allOf(store).slice(1) : allOf(store);
    const elsewhere = new MemoryStore();
    await load(await save(images, { store, format }), elsewhere);
    assert.deepEqual([...elsewhere.images.keys()], images.map(({ image }) => image.id), format);
    const diffIds = (one: MemoryStore, id: string) => one.find(id)?.layers.map(({ diffId }) => diffId);
    for (const { image } of images) {
      assert.deepEqual(elsewhere.find(image.id)?.config, image.config, format);
      assert.deepEqual(diffIds(elsewhere, image.id), diffIds(store, image.id), format);
      if (format !== "docker-dir") assert.deepEqual(elsewhere.find(image.id)?.names, image.names, format);
    }
  }
});

Deno.test("saving twice gives the same bytes", async () => {
  const store = await filledStore();
  for (const format of formats) {
    const once = () => save(allOf(store).slice(0, 1), { store, format });
    assert.equal(digestOf(await once()), digestOf(await once()), format);
  }
});

Deno.test("a docker-archive has a layer that two images share once, and the tars as they are", async () => {
  const store = await filledStore();
  const names = await namesIn(await save(allOf(store), { store, format: "docker-archive" }));
  const layers = [...store.layers.keys()].map((diffId) => `${diffId.slice(7)}.tar`);
  const configs = [...store.images.keys()].map((id) => `${id}.json`);
  assert.deepEqual([...names].sort(), [...layers, ...configs, "manifest.json"].sort());
});

Deno.test("an image that is asked for by two names is one entry with both", async () => {
  const store = await filledStore();
  const [first] = allOf(store);
  assert.ok(first !== undefined);
  const images = [{ ...first, names: ["q.io/a:1"] }, { ...first, names: ["q.io/b:2", "q.io/a:1"] }];
  const elsewhere = new MemoryStore();
  assert.deepEqual(await load(await save(images, { store, format: "docker-archive" }), elsewhere), [
    "q.io/a:1",
    "q.io/b:2",
  ]);
});

Deno.test("docker-dir has plain layers, or compressed ones when asked", async () => {
  const store = await filledStore();
  const images = allOf(store).slice(0, 1);
  const plain = await save(images, { store, format: "docker-dir" });
  const compressed = await save(images, { store, format: "docker-dir", compress: true });
  assert.ok(compressed.length < plain.length);
  const elsewhere = new MemoryStore();
  await load(compressed, elsewhere);
  assert.deepEqual([...elsewhere.images.keys()], images.map(({ image }) => image.id));
});

Deno.test("a directory format holds one image", async () => {
  const store = await filledStore();
  for (const format of ["docker-dir", "oci-dir"] as const) {
    await assert.rejects(save(allOf(store), { store, format }), { kind: "invalidArgument" });
  }
});

Deno.test("a layer that is damaged in the store ends the archive with an error", async () => {
  const store = await filledStore();
  const [diffId] = store.layers.keys();
  const damage = (change: (tar: Bytes) => Bytes) => {
    const damaged = new MemoryStore();
    for (const [key, tar] of store.layers) damaged.layers.set(key, key === diffId ? change(tar) : tar);
    const layerSize = (key: Digest) => store.layerSize(key);
    return Object.assign(damaged, { layerSize });
  };
  for (const change of [(tar: Bytes) => tar.map((byte) => byte ^ 1), (tar: Bytes) => tar.slice(1)]) {
    for (const format of formats) {
      const saved = save(allOf(store).slice(0, 1), { store: damage(change), format });
      await assert.rejects(saved, (error) => error instanceof EngineError && error.kind === "corrupt", format);
    }
  }
});

Deno.test("storeHello() stores the built-in image under its name", async () => {
  const store = new MemoryStore();
  const id = await storeHello(store);
  assert.deepEqual(store.find(id)?.names, ["localhost/hello:latest"]);
  const elsewhere = new MemoryStore();
  const bytes = await save(allOf(store), { store, format: "docker-archive" });
  assert.deepEqual(await load(bytes, elsewhere), ["localhost/hello:latest"]);
  assert.deepEqual([...elsewhere.images.keys()], [id]);
});
