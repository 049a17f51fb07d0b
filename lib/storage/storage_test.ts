import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { parseMountinfo } from "../sys/mount.ts";
import { openStorage, type Storage, type StorageInput } from "./mod.ts";
import { archive, asRoot, type Bytes, concat, type Item, sha256, TempRoot } from "./support_test.ts";

const id = "ab".repeat(32);

class TestStorage implements Disposable {
  readonly #root = new TempRoot();
  readonly path = this.#root.path;
  readonly storage: Storage;

  constructor(input: Partial<StorageInput> = {}) {
    this.storage = openStorage({ root: `${this.path}/root`, runRoot: this.path, driver: "", ...input });
  }

  async layer(...items: readonly Item[]): Promise<string> {
    return (await this.storage.ingestLayer({ source: stream(archive(...items)), expect: {} })).diffId;
  }

  /** What is left in a directory of the root. */
  names(directory: string): string[] {
    return readdirSync(`${this.path}/root/${directory}`);
  }

  [Symbol.dispose](): void {
    this.storage.removeContainerRoot(id);
    this.#root[Symbol.dispose]();
  }
}

function stream(bytes: Uint8Array, step = 100_000): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at += step));
    },
  });
}

function random(size: number): Bytes {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += 65536) crypto.getRandomValues(bytes.subarray(at, Math.min(at + 65536, size)));
  return bytes;
}

const small = archive({ path: "f", type: "file", content: "small" });

Deno.test("ingestLayer() stores streams and parts of files, plain and compressed", asRoot, async () => {
  using test = new TestStorage();
  const gzip = new Uint8Array(gzipSync(small));
  const layer = await test.storage.ingestLayer({
    source: stream(gzip, 10),
    expect: { diffId: sha256(small), digest: sha256(gzip) },
  });
  assert.deepEqual(layer, {
    diffId: sha256(small),
    digest: sha256(gzip),
    size: gzip.length,
    uncompressedSize: small.length,
    compression: "gzip",
  });
  const other = archive({ path: "g", type: "file", content: "other" });
  writeFileSync(`${test.path}/file`, concat([new Uint8Array(100), other, new Uint8Array(100)]));
  const source = { path: `${test.path}/file`, offset: 100, size: other.length };
  assert.equal((await test.storage.ingestLayer({ source, expect: {} })).diffId, sha256(other));
  assert.ok(test.storage.hasLayer(sha256(small)) && test.storage.hasLayer(sha256(other)));
  assert.equal(test.storage.layerSize(sha256(other)), other.length);
  const back = await test.storage.openLayerTar(sha256(other));
  assert.deepEqual(concat(await Array.fromAsync(back)), other);
  assert.deepEqual(test.names("staging"), []);
});

Deno.test("ingestLayer() extracts large layers in workers, several at once", asRoot, async () => {
  using test = new TestStorage();
  const tars = Array.from({ length: 4 }, (_, i) => archive({ path: `${i}`, type: "file", content: random(3_000_000) }));
  const progress: number[] = [];
  const layers = await Promise.all(
    tars.map((tar) =>
      test.storage.ingestLayer({ source: stream(tar), expect: {}, onProgress: (current) => progress.push(current) })
    ),
  );
  assert.deepEqual(layers.map(({ diffId }) => diffId), tars.map(sha256));
  assert.equal(Math.max(...progress), tars[0]?.length);
  assert.deepEqual(test.names("staging"), []);
});

Deno.test("ingestLayer() leaves nothing behind when the layer is not what was expected", asRoot, async () => {
  using test = new TestStorage();
  const large = archive({ path: "f", type: "file", content: random(3_000_000) });
  const wrong = sha256(new Uint8Array(1));
  for (const tar of [small, large]) {
    const cases = [{ digest: wrong }, { diffId: wrong }, { size: tar.length - 1 }, { size: tar.length + 1 }];
    for (const expect of cases) {
      await assert.rejects(test.storage.ingestLayer({ source: stream(tar), expect }), hasKind("corrupt"));
    }
    const damaged = concat([tar.slice(0, -2000), new Uint8Array(100)]);
    await assert.rejects(test.storage.ingestLayer({ source: stream(damaged), expect: {} }), hasKind("corrupt"));
  }
  assert.deepEqual([test.names("staging"), test.names("layers")], [[], []]);
});

function hasKind(kind: string): (error: unknown) => boolean {
  return (error) => (error as { readonly kind?: string }).kind === kind;
}

Deno.test("ingestLayer() stops when aborted and when its source fails", asRoot, async () => {
  using test = new TestStorage();
  for (const after of [0, 4_000_000]) {
    const controller = new AbortController();
    const reason = new Error("enough");
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      start: (out) => out.enqueue(archive({ path: "f", type: "file", size: 2 ** 40 }).slice(0, 512)),
      pull: (out) => out.enqueue(new Uint8Array(50_000)),
      cancel: () => {
        cancelled = true;
      },
    });
    const onProgress = (current: number) => current > after && controller.abort(reason);
    const work = test.storage.ingestLayer({ source: endless, expect: {}, signal: controller.signal, onProgress });
    await assert.rejects(work, reason);
    assert.ok(cancelled);
  }
  const failing = new ReadableStream<Uint8Array>({ pull: (out) => out.error(new Error("connection reset")) });
  await assert.rejects(test.storage.ingestLayer({ source: failing, expect: {} }), /connection reset/);
  assert.deepEqual(test.names("staging"), []);
});

Deno.test(
  "a layer that is there twice is stored once, and one that a power failure spoilt is replaced",
  asRoot,
  async () => {
    using test = new TestStorage();
    const [one, two] = await Promise.all(
      [1, 2].map(() => test.storage.ingestLayer({ source: stream(small), expect: {} })),
    );
    assert.deepEqual(one, two);
    assert.equal(test.names("layers").length, 1);
    const layer = `${test.path}/root/layers/${one?.diffId.slice(7)}`;
    // As if the machine had gone down before the layer was synced.
    writeFileSync(`${layer}/unsynced`, "another boot");
    writeFileSync(`${layer}/diff/f`, "");
    assert.equal(test.storage.hasLayer(sha256(small)), false);
    await test.storage.ingestLayer({ source: stream(small), expect: {} });
    assert.equal(test.storage.hasLayer(sha256(small)), true);
    assert.equal(readFileSync(`${layer}/diff/f`, "utf8"), "small");
    test.storage.syncLayers([sha256(small)]);
    assert.ok(!existsSync(`${layer}/unsynced`));
  },
);

const drivers = [{ driver: "overlay" }, { driver: "vfs" }, { driver: "overlay", mountProgram: "fuse-overlayfs" }];

for (const input of drivers.filter((one) => !("mountProgram" in one) || existsSync("/usr/bin/fuse-overlayfs"))) {
  const name = Object.values(input).join(" with ");

  Deno.test(`mountContainerRoot() stacks layers (${name})`, asRoot, async () => {
    using test = new TestStorage(input);
    const lower = await test.layer(
      { path: "./", type: "directory", mode: 0o751, uid: 3 },
      { path: "gone/f", type: "file", content: "x" },
      { path: "remade/old", type: "file", content: "x" },
      { path: "both/one", type: "file", content: "one" },
      { path: "f", type: "file", content: "lower", uid: 1000 },
    );
    const upper = await test.layer(
      { path: ".wh.gone", type: "file" },
      { path: "remade/.wh..wh..opq", type: "file" },
      { path: "remade/new", type: "file", content: "x" },
      { path: "both/two", type: "file", content: "two" },
      { path: "f", type: "file", content: "upper", uid: 1001 },
    );
    const empty = await test.layer();
    const root = { id, diffIds: [empty, lower, empty, upper, empty] };
    test.storage.createContainerRoot(root);
    const merged = await test.storage.mountContainerRoot(root);
    assert.deepEqual(readdirSync(merged).sort(), ["both", "f", "remade"]);
    assert.deepEqual(readdirSync(`${merged}/both`).sort(), ["one", "two"]);
    assert.deepEqual(readdirSync(`${merged}/remade`), ["new"]);
    assert.equal(readFileSync(`${merged}/f`, "utf8"), "upper");
    assert.equal(statSync(`${merged}/f`).uid, 1001);
    assert.deepEqual([statSync(merged).mode & 0o7777, statSync(merged).uid], [0o751, 3]);
  });

  Deno.test(`a container's changes survive unmounting, and go with it (${name})`, asRoot, async () => {
    using test = new TestStorage(input);
    const root = { id, diffIds: [await test.layer({ path: "f", type: "file", content: "x" })] };
    test.storage.createContainerRoot(root);
    const merged = await test.storage.mountContainerRoot(root);
    assert.equal(await test.storage.mountContainerRoot(root), merged);
    writeFileSync(`${merged}/new`, "changed");
    using _held = Deno.openSync(`${merged}/new`);
    test.storage.unmountContainerRoot(id);
    test.storage.unmountContainerRoot(id);
    await test.storage.mountContainerRoot(root);
    assert.equal(readFileSync(`${merged}/new`, "utf8"), "changed");
    test.storage.removeContainerRoot(id);
    test.storage.removeContainerRoot(id);
    assert.deepEqual([test.names("containers"), test.names("staging")], [[], []]);
    assert.ok(!readFileSync("/proc/self/mountinfo", "utf8").includes(test.path));
  });

  Deno.test(`a container with id maps sees its image's owners (${name})`, asRoot, async () => {
    using test = new TestStorage(input);
    const map = [{ container_id: 0, host_id: 100_000, size: 65_536 }];
    const diffIds = [await test.layer({ path: "f", type: "file", content: "x", uid: 5, gid: 6 })];
    const root = { id, diffIds, idMappings: { uid: map, gid: map } };
    test.storage.createContainerRoot(root);
    const merged = await test.storage.mountContainerRoot(root);
    const [file, top] = [statSync(`${merged}/f`), statSync(merged)];
    assert.deepEqual([file.uid, file.gid, top.uid, top.gid], [100_005, 100_006, 100_000, 100_000]);
  });
}

Deno.test("an image of very many layers is mounted", asRoot, async () => {
  using test = new TestStorage();
  const diffIds: string[] = [];
  for (let i = 0; i < 100; i++) diffIds.push(await test.layer({ path: `${i}`, type: "file", content: `${i}` }));
  test.storage.createContainerRoot({ id, diffIds });
  const merged = await test.storage.mountContainerRoot({ id, diffIds });
  assert.equal(readdirSync(merged).length, 100);
});

Deno.test("an image without layers is an empty root", asRoot, async () => {
  using test = new TestStorage();
  test.storage.createContainerRoot({ id, diffIds: [] });
  const merged = await test.storage.mountContainerRoot({ id, diffIds: [], volatile: true });
  assert.deepEqual(readdirSync(merged), []);
  assert.equal(statSync(merged).mode & 0o7777, 0o555);
  test.storage.unmountContainerRoot(id);
  await test.storage.mountContainerRoot({ id, diffIds: [], volatile: true });
});

for (const driver of ["overlay", "vfs"]) {
  Deno.test(`containerSizes() counts what the container wrote (${driver})`, asRoot, async () => {
    using test = new TestStorage({ driver });
    const diffIds = [await test.layer({ path: "f", type: "file", content: "12345" })];
    test.storage.createContainerRoot({ id, diffIds });
    const merged = await test.storage.mountContainerRoot({ id, diffIds });
    writeFileSync(`${merged}/one`, "123");
    Deno.linkSync(`${merged}/one`, `${merged}/two`);
    const image = test.storage.layerSize(diffIds[0] ?? "");
    assert.deepEqual(test.storage.containerSizes(id), { rw: 3, rootFs: image + 3 });
  });
}

Deno.test("removeContainerRoot() spares what is mounted inside", asRoot, async () => {
  using test = new TestStorage();
  test.storage.createContainerRoot({ id, diffIds: [] });
  const merged = await test.storage.mountContainerRoot({ id, diffIds: [] });
  const precious = `${test.path}/precious`;
  mkdirSync(precious);
  writeFileSync(`${precious}/file`, "x");
  const { directory } = test.storage.containerPaths(id);
  for (const place of [`${merged}/bind`, `${directory}/bind`]) {
    mkdirSync(place);
    await new Deno.Command("mount", { args: ["--bind", precious, place] }).output();
  }
  test.storage.removeContainerRoot(id);
  assert.deepEqual(readdirSync(precious), ["file"]);
  assert.ok(!parseMountinfo(readFileSync("/proc/self/mountinfo", "utf8")).some(({ target }) => target.includes(id)));
});

Deno.test("fillVolume() copies what the image has, and stays inside of it", asRoot, async () => {
  using test = new TestStorage();
  const diffIds = [
    await test.layer(
      { path: "data", type: "directory", mode: 0o750, uid: 7, gid: 8 },
      { path: "data/sub/f", type: "file", content: "x", uid: 9 },
      { path: "out", type: "symlink", linkPath: "../../../../../../etc" },
      { path: "in", type: "symlink", linkPath: "/data" },
    ),
  ];
  test.storage.createContainerRoot({ id, diffIds });
  const rootfs = await test.storage.mountContainerRoot({ id, diffIds });
  const volume = test.storage.createVolume("named", { uid: 0, gid: 0 });
  assert.equal(volume, `${test.path}/root/volumes/named/_data`);
  assert.equal(test.storage.fillVolume({ rootfs, path: "/nothing", volume }), false);
  assert.equal(test.storage.fillVolume({ rootfs, path: "/out", volume }), false);
  assert.equal(test.storage.fillVolume({ rootfs, path: "/in", volume }), true);
  assert.equal(readFileSync(`${volume}/sub/f`, "utf8"), "x");
  const stat = statSync(volume);
  assert.deepEqual([stat.mode & 0o7777, stat.uid, stat.gid], [0o750, 7, 8]);
  assert.equal(test.storage.fillVolume({ rootfs, path: "/in", volume }), false);
  assert.throws(() => test.storage.createVolume("named", { uid: 0, gid: 0 }), { kind: "volumeExists" });
  assert.throws(() => test.storage.createVolume("../x", { uid: 0, gid: 0 }), { kind: "invalidArgument" });
  test.storage.removeVolume("named");
  test.storage.removeVolume("named");
  assert.deepEqual(test.names("volumes"), []);
});

Deno.test("gc() removes what nothing names, but nothing while a lease is held", asRoot, async () => {
  using test = new TestStorage();
  const live = await test.layer({ path: "live", type: "file" });
  const dead = await test.layer({ path: "dead", type: "file" });
  test.storage.createContainerRoot({ id, diffIds: [] });
  mkdirSync(`${test.path}/root/staging/crashed/deep`, { recursive: true });
  const none = new Set<string>();
  const input = { liveLayers: () => new Set([live]), liveContainers: () => none };
  {
    using _ = await test.storage.lease();
    assert.deepEqual(await test.storage.gc(input), { layers: [], containers: [], volumes: [], busy: true });
    assert.deepEqual(test.names("staging"), []);
  }
  const collected = await test.storage.gc(input);
  assert.deepEqual(collected, { layers: [dead], containers: [id], volumes: [], busy: false });
  assert.deepEqual([test.storage.hasLayer(live), test.storage.hasLayer(dead)], [true, false]);
});

Deno.test("openStorage() refuses drivers that it does not know", () => {
  using root = new TempRoot();
  const open = () => openStorage({ root: root.path, runRoot: root.path, driver: "zfs" });
  assert.throws(open, { kind: "invalidArgument" });
});

Deno.test("mount options that overlay refuses are named", asRoot, async () => {
  using test = new TestStorage({ mountOptions: "nodev,nonsense=1" });
  await assert.rejects(test.storage.driver(), /overlay mount options "nodev,nonsense=1"/);
});

Deno.test("mount options reach the mount", asRoot, async () => {
  using test = new TestStorage({ mountOptions: "nodev,noatime,metacopy=on" });
  test.storage.createContainerRoot({ id, diffIds: [] });
  const merged = await test.storage.mountContainerRoot({ id, diffIds: [] });
  const mount = parseMountinfo(readFileSync("/proc/self/mountinfo", "utf8")).find(({ target }) => target === merged);
  assert.ok(mount?.options.includes("nodev") && mount.options.includes("noatime"));
  assert.ok(mount?.superOptions.includes("metacopy=on"));
});

Deno.test("ingestLayer() does not wait for a source that stalls when it is aborted", asRoot, async () => {
  using test = new TestStorage();
  const controller = new AbortController();
  const stalled = new ReadableStream<Uint8Array>({
    pull: () => new Promise(() => queueMicrotask(() => controller.abort())),
  });
  const work = test.storage.ingestLayer({ source: stalled, expect: {}, signal: controller.signal });
  await assert.rejects(work, { name: "AbortError" });
});

Deno.test("ingestLayer() says that the disk is full, and leaves it as it was", asRoot, async () => {
  using root = new TempRoot();
  const disk = root.directory("disk");
  await new Deno.Command("mount", { args: ["-t", "tmpfs", "-o", "size=1m", "none", disk] }).output();
  try {
    const storage = openStorage({ root: disk, runRoot: root.path, driver: "" });
    const left = () => readdirSync(`${disk}/staging`);
    for (const size of [1_400_000, 4_000_000]) {
      const source = stream(archive({ path: "f", type: "file", content: random(size) }));
      await assert.rejects(storage.ingestLayer({ source, expect: {} }), hasKind("noSpace"));
      assert.deepEqual(left(), []);
    }
    await storage.ingestLayer({ source: stream(small), expect: {} });
  } finally {
    await new Deno.Command("umount", { args: ["-l", disk] }).output();
  }
});

Deno.test("the choice of the driver is remembered until the next boot", asRoot, async () => {
  using test = new TestStorage();
  const driver = await test.storage.driver();
  const cache = `${test.path}/storage-driver.json`;
  assert.deepEqual(JSON.parse(readFileSync(cache, "utf8")).driver, driver);
  rmSync(cache);
  assert.deepEqual(await test.storage.driver(), driver);
});
