import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { EngineError } from "../errors.ts";
import { digestOf, mediaTypes } from "../oci/mod.ts";
import { MemoryStore } from "./_memory_store.ts";
import { acceptAnything } from "./_pull_test_setup.ts";
import { encode, makeDockerArchive, makeImage, makeIndex, makeTar } from "./_test_image.ts";
import { loadImages, type LoadResult, pullFromFiles } from "./load.ts";
import { parseTransport } from "./transport.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** libzstd stays loaded. */
const loadsLibrary = { sanitizeResources: false };
const linux = { os: "linux", architecture: "amd64" };

async function withDirectory<T>(use: (directory: string) => Promise<T>): Promise<T> {
  const directory = await Deno.makeTempDir();
  try {
    return await use(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** Loads from a stream, and sees to it that nothing stays in the spool directory. */
async function load(bytes: Bytes, store = new MemoryStore()): Promise<LoadResult & { readonly store: MemoryStore }> {
  return await withDirectory(async (directory) => {
    const stream = new Blob([bytes]).stream();
    try {
      return { ...await loadImages(stream, { store, policy: acceptAnything, wish: linux, directory }), store };
    } finally {
      assert.deepEqual([...Deno.readDirSync(directory)], []);
    }
  });
}

async function pullFrom(text: string, store = new MemoryStore()): Promise<MemoryStore> {
  const name = parseTransport(text);
  assert.ok(name !== null && name.transport !== "docker");
  const directory = Deno.makeTempDirSync();
  try {
    const options = { store, policy: acceptAnything, wish: linux, directory };
    for await (const event of pullFromFiles(name, options)) assert.equal(event.error, undefined);
    return store;
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

/** An OCI layout as the files of an archive or a directory. */
async function ociFiles(): Promise<readonly { readonly name: string; readonly content: Uint8Array }[]> {
  const image = await makeImage();
  const annotations = { "org.opencontainers.image.ref.name": "app:1" };
  const manifests = [{ mediaType: image.manifestType, digest: image.digest, size: image.manifest.length, annotations }];
  const blobs = [...image.blobs, [image.digest, image.manifest] as const];
  return [
    { name: "oci-layout", content: encode({ imageLayoutVersion: "1.0.0" }) },
    { name: "index.json", content: encode({ schemaVersion: 2, manifests }) },
    ...blobs.map(([digest, content]) => ({ name: `blobs/${digest.replace(":", "/")}`, content })),
  ];
}

Deno.test("loadImages() loads all images of a docker-archive, with full names", async () => {
  const [one, two] = [await makeImage({ contents: ["1"] }), await makeImage({ contents: ["2", "1"] })];
  const entries = [{ image: one, tags: ["alpine", "localhost/b:2"] }, { image: two, tags: null }];
  const { names, ids, store } = await load(await makeDockerArchive(entries));
  assert.deepEqual(names, ["docker.io/library/alpine:latest", "localhost/b:2", `sha256:${two.id}`]);
  assert.deepEqual(ids, [one.id, two.id]);
  assert.deepEqual(store.committed.map(({ names }) => names.length), [2, 0]);
});

Deno.test("an image of a docker-archive gets a manifest of its plain layers", async () => {
  const image = await makeImage();
  const { store } = await load(await makeDockerArchive([{ image, tags: ["a:1"] }]));
  const [commit] = store.committed;
  assert.equal(commit?.manifestType, mediaTypes.dockerManifest);
  assert.equal(commit?.digest, digestOf(commit?.manifest ?? new Uint8Array()));
  assert.deepEqual(
    commit?.layers.map(({ digest, size }) => [digest, size]),
    image.tars.map((tar) => [digestOf(tar), tar.length]),
  );
});

Deno.test({ name: "loadImages() takes gzip and zstd, from streams and from files", ...loadsLibrary }, async () => {
  const image = await makeImage();
  const plain = await makeDockerArchive([{ image, tags: ["a:1"] }]);
  const gzip = new Uint8Array(gzipSync(plain));
  const zstd = storedZstd(plain);
  for (const bytes of [plain, gzip, zstd]) assert.deepEqual((await load(bytes)).ids, [image.id]);
  await withDirectory(async (directory) => {
    for (const bytes of [plain, gzip, zstd]) {
      await Deno.writeFile(`${directory}/archive`, bytes);
      const options = { store: new MemoryStore(), policy: acceptAnything, wish: linux, directory };
      assert.deepEqual((await loadImages({ path: `${directory}/archive` }, options)).ids, [image.id]);
    }
    assert.deepEqual([...Deno.readDirSync(directory)].map(({ name }) => name), ["archive"]);
  });
});

Deno.test(
  { name: "loadImages() refuses damaged compression, and kinds that it does not know", ...loadsLibrary },
  async () => {
    const plain = await makeDockerArchive([{ image: await makeImage(), tags: null }]);
    const gzip = new Uint8Array(gzipSync(plain));
    const zstd = storedZstd(plain);
    for (const bytes of [gzip, zstd]) {
      await assert.rejects(load(bytes.slice(0, bytes.length - 20)), { kind: "corrupt" });
      await assert.rejects(load(bytes.slice(0, 12)), { kind: "corrupt" });
    }
    await assert.rejects(load(new TextEncoder().encode("BZh91AY")), /bzip2 compression is not supported/);
  },
);

Deno.test("loadImages() loads an OCI archive, by its reference name", async () => {
  const { names, ids, store } = await load(await makeTar(await ociFiles()));
  assert.deepEqual(names, ["localhost/app:1"]);
  assert.equal(ids[0], (await makeImage()).id);
  assert.equal(store.committed[0]?.manifestType, mediaTypes.ociManifest);
});

Deno.test("an OCI archive of one image for several platforms gives the wished one", async () => {
  const image = await makeImage();
  const other = await makeImage({ contents: ["other"], platform: { os: "linux", architecture: "arm64" } });
  const index = makeIndex([[other, { os: "linux", architecture: "arm64" }], [image, linux]]);
  const blobs = [...image.blobs, ...other.blobs, [image.digest, image.manifest], [
    other.digest,
    other.manifest,
  ]] as const;
  const files = [...new Map(blobs)].map(([digest, content]) => ({
    name: `blobs/${digest.replace(":", "/")}`,
    content,
  }));
  const layout = { name: "oci-layout", content: "{}" };
  const { ids, names } = await load(await makeTar([layout, { name: "index.json", content: index.bytes }, ...files]));
  assert.deepEqual(ids, [image.id]);
  assert.deepEqual(names, [`sha256:${image.id}`]);
});

Deno.test("the transports oci: and dir: read directories, oci-archive: and docker-archive: archives", async () => {
  await withDirectory(async (directory) => {
    const image = await makeImage();
    for (const { name, content } of await ociFiles()) {
      await Deno.mkdir(`${directory}/oci/${name}`.replace(/\/[^/]*$/, ""), { recursive: true });
      await Deno.writeFile(`${directory}/oci/${name}`, content);
    }
    await Deno.mkdir(`${directory}/dir`);
    await Deno.writeFile(`${directory}/dir/manifest.json`, image.manifest);
    for (const [digest, blob] of image.blobs) await Deno.writeFile(`${directory}/dir/${digest.slice(7)}`, blob);
    await Deno.writeFile(`${directory}/oci.tar`, await makeTar(await ociFiles()));
    await Deno.writeFile(`${directory}/docker.tar`, await makeDockerArchive([{ image, tags: ["app:1", "app:2"] }]));
    const table: readonly [string, readonly string[]][] = [
      [`oci:${directory}/oci`, ["localhost/app:1"]],
      [`oci:${directory}/oci:app:1`, ["localhost/app:1"]],
      [`dir:${directory}/dir`, []],
      [`oci-archive:${directory}/oci.tar`, ["localhost/app:1"]],
      [`docker-archive:${directory}/docker.tar`, ["docker.io/library/app:1", "docker.io/library/app:2"]],
      [`docker-archive:${directory}/docker.tar:app:2`, ["docker.io/library/app:2"]],
      [`docker-archive:${directory}/docker.tar:@0`, ["docker.io/library/app:1", "docker.io/library/app:2"]],
    ];
    for (const [text, names] of table) {
      const store = await pullFrom(text);
      assert.deepEqual([...store.images.keys()], [image.id], text);
      assert.deepEqual(store.committed[0]?.names, names, text);
    }
    for (const text of ["oci:DIR/oci:x", "docker-archive:DIR/docker.tar:x", "docker-archive:DIR/docker.tar:@1"]) {
      await assert.rejects(pullFrom(text.replace("DIR", directory)), { kind: "noSuchImage" }, text);
    }
    for (const text of ["oci:DIR/no", "dir:DIR/no", "docker-archive:DIR/no", "oci-archive:DIR/no"]) {
      await assert.rejects(pullFrom(text.replace("DIR", directory)), /no such file or directory/, text);
    }
  });
});

Deno.test("an image that is damaged anywhere is not stored", async () => {
  const image = await makeImage({ contents: ["content"] });
  const [layer = ""] = image.diffIds.map((diffId) => `${diffId.slice(7)}.tar`);
  const config = `${image.id}.json`;
  const item = { Config: config, RepoTags: null, Layers: [layer] };
  const good = { [config]: image.config, [layer]: image.tars[0] ?? new Uint8Array(), "manifest.json": encode([item]) };
  const other = await makeImage({ contents: ["other"] });
  const table: readonly [string, Readonly<Record<string, Uint8Array>>, string][] = [
    ["another layer", { [layer]: other.tars[0] ?? new Uint8Array() }, "corrupt"],
    ["a configuration of another image", { [config]: other.config }, "corrupt"],
    ["a configuration that is none", { [config]: encode([]) }, "corrupt"],
    ["no images", { "manifest.json": encode([]) }, "corrupt"],
    ["a manifest that is none", { "manifest.json": encode({}) }, "corrupt"],
    ["a missing layer", { "manifest.json": encode([{ ...item, Layers: ["../../etc/passwd"] }]) }, "corrupt"],
    ["a missing configuration", { "manifest.json": encode([{ ...item, Config: "/etc/passwd" }]) }, "notFound"],
    ["too few layers", { "manifest.json": encode([{ ...item, Layers: [] }]) }, "corrupt"],
    ["a name that is none", { "manifest.json": encode([{ ...item, RepoTags: ["A B"] }]) }, "corrupt"],
  ];
  for (const [what, change, kind] of table) {
    const files = Object.entries({ ...good, ...change }).map(([name, content]) => ({ name, content }));
    const store = new MemoryStore();
    const isExpected = (error: unknown) => error instanceof EngineError && error.kind === kind;
    await assert.rejects(load(await makeTar(files), store), isExpected, what);
    assert.equal(store.committed.length, 0, what);
  }
});

Deno.test("an OCI archive that is damaged anywhere is not stored", async () => {
  const files = await ociFiles();
  for (const [at, { name }] of files.entries()) {
    if (name === "oci-layout") continue;
    for (
      const change of [(bytes: Uint8Array) => bytes.slice(1), (bytes: Uint8Array) => bytes.map((byte) => byte ^ 1)]
    ) {
      const damaged = files.map((file, index) => index === at ? { ...file, content: change(file.content) } : file);
      const store = new MemoryStore();
      await assert.rejects(load(await makeTar(damaged), store), { kind: "corrupt" }, name);
      assert.equal(store.committed.length, 0);
    }
    const store = new MemoryStore();
    await assert.rejects(load(await makeTar(files.filter((_, index) => index !== at)), store), EngineError, name);
  }
});

Deno.test("loadImages() asks the policy for the transport that it finds", async () => {
  const bytes = await makeTar(await ociFiles());
  const policy = {
    default: [{ type: "reject" }],
    transports: new Map([["docker-archive", new Map([["", [{ type: "insecureAcceptAnything" }]]])]]),
  };
  await withDirectory(async (directory) => {
    const options = { store: new MemoryStore(), policy, wish: linux, directory };
    await assert.rejects(loadImages(new Blob([bytes]).stream(), options), { kind: "permission" });
  });
});

Deno.test("a broken stream is the reason that is told, and leaves nothing in the spool directory", async () => {
  await withDirectory(async (directory) => {
    const broken = () =>
      new ReadableStream<Uint8Array>({
        pull(controller) {
          controller.enqueue(new Uint8Array(1000));
          controller.error(new EngineError("cancelled", "client went away"));
        },
      });
    const options = { store: new MemoryStore(), policy: acceptAnything, wish: linux, directory };
    await assert.rejects(loadImages(broken(), options), { message: "client went away" });
    assert.deepEqual([...Deno.readDirSync(directory)], []);
  });
});

/** A zstd frame of raw blocks (RFC 8878, 3.1.1.2.2): valid without a compressor. */
function storedZstd(bytes: Bytes): Bytes {
  const blockSize = 100_000;
  const parts: Uint8Array[] = [Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58)];
  for (let at = 0; at < bytes.length; at += blockSize) {
    const block = bytes.subarray(at, at + blockSize);
    const header = block.length * 8 + (at + blockSize >= bytes.length ? 1 : 0);
    parts.push(Uint8Array.of(header & 255, (header >> 8) & 255, header >> 16), block);
  }
  const result = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    result.set(part, offset);
    offset += part.length;
  }
  return result;
}
