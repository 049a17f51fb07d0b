import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { EngineError } from "../errors.ts";
import type { Container, ContainerId, ContainerState } from "../engine/container.ts";
import { next, noRun, openState, type State } from "./mod.ts";

function withState(body: (state: State, path: string) => void): void {
  const root = mkdtempSync("/tmp/beluga-state-");
  try {
    using state = openState(`${root}/beluga.db`);
    body(state, `${root}/beluga.db`);
  } finally {
    rmSync(root, { recursive: true });
  }
}

function container(id: string, name: string): Container {
  const parts = { id: id.padEnd(64, "0") as ContainerId, name, created: "2024-01-02T03:04:05.123456789Z", image: null };
  return {
    ...parts,
    volumes: [{ name: `v-${name}`, destination: "/v", options: [], anonymous: true }],
    dependencies: [],
  } as unknown as Container;
}

function insert(state: State, [id, name]: readonly [string, string]): void {
  state.containers.insert({ container: container(id, name), state: { tag: "created" }, run: noRun });
}

Deno.test("containers are found by name, id and unambiguous beginning of an id", () => {
  withState((state) => {
    insert(state, ["abc1", "one"]);
    insert(state, ["abc2", "two"]);
    insert(state, ["def", "abc1"]);
    assert.equal(state.containers.get("one").container.name, "one");
    assert.equal(state.containers.get("abc2").container.name, "two");
    assert.equal(state.containers.get("abc1").container.name, "abc1", "a name wins over an id");
    assert.throws(() => state.containers.get("abc"), /more than one result/);
    assert.throws(
      () => state.containers.get("nosuch"),
      (error) => error instanceof EngineError && error.kind === "noSuchContainer",
    );
    assert.throws(() => state.containers.get("'; DROP TABLE containers"), /no such container/);
  });
});

Deno.test("a name in use is refused and names its holder", () => {
  withState((state) => {
    insert(state, ["abc1", "one"]);
    assert.throws(
      () => insert(state, ["abc2", "one"]),
      (error) => error instanceof EngineError && error.kind === "containerExists" && error.message.includes("abc1"),
    );
    assert.equal(state.containers.list().length, 1);
  });
});

Deno.test("a failed transaction leaves nothing", () => {
  withState((state) => {
    assert.throws(() =>
      state.transaction(() => {
        insert(state, ["abc1", "one"]);
        throw new Error("stop");
      }), /stop/);
    assert.equal(state.containers.list().length, 0);
  });
});

Deno.test("another process's connection sees what was committed", () => {
  withState((state, path) => {
    using other = openState(path);
    state.transaction(() => insert(state, ["abc1", "one"]), { durable: true });
    assert.equal(other.containers.get("one").run.restarts, 0);
    assert.deepEqual(other.containers.usingVolume("v-one"), ["abc1".padEnd(64, "0")]);
    other.containers.remove("abc1".padEnd(64, "0"));
    assert.deepEqual(state.containers.usingVolume("v-one"), [], "uses go with the container");
  });
});

Deno.test("an image's name moves to the image that was committed last", () => {
  withState((state) => {
    const image = (id: string, layer: string) => ({
      id: id.padEnd(64, "0"),
      digest: `sha256:${id}`,
      manifestType: "",
      manifest: new Uint8Array([1]),
      config: new Uint8Array([2]),
      created: 1,
      size: 1,
      names: ["docker.io/library/a:latest"],
      digests: [`sha256:index-${id}`],
      layers: [{ diffId: layer, digest: `sha256:blob-${layer}`, size: 1, mediaType: "" }],
    });
    state.images.commit(image("aa", "sha256:l1"));
    state.images.commit(image("bb", "sha256:l2"));
    assert.equal(state.images.byName("docker.io/library/a:latest")?.id, "bb".padEnd(64, "0"));
    assert.deepEqual(state.images.byId("aa")?.names, []);
    assert.equal(state.images.diffIdOfBlob("sha256:blob-sha256:l1"), "sha256:l1");
    state.images.remove("aa".padEnd(64, "0"));
    assert.equal(state.images.diffIdOfBlob("sha256:blob-sha256:l1"), null);
    assert.deepEqual([...state.images.liveLayers()], ["sha256:l2"]);
    assert.equal(state.images.byDigest("sha256:bb", "docker.io/library/a")?.id, "bb".padEnd(64, "0"));
    assert.equal(state.images.byDigest("sha256:index-bb", "docker.io/library/a")?.id, "bb".padEnd(64, "0"));
    assert.equal(state.images.byDigest("sha256:bb", "docker.io/library/b"), null);
  });
});

Deno.test("exit codes outlive their container", () => {
  withState((state) => {
    state.containers.rememberExit({ id: "abc", name: "one", code: 7, now: Date.now() });
    assert.equal(state.containers.rememberedExit("one"), 7);
    assert.equal(state.containers.rememberedExit("abc"), 7);
    assert.equal(state.containers.rememberedExit("two"), null);
  });
});

Deno.test("next() follows the life of a container and refuses what cannot happen", () => {
  const process = { pid: 1, startTime: 1 };
  const ready = next({ tag: "created" }, { tag: "initialize", process, conmon: process });
  const running = next(ready, { tag: "start", at: "t1" });
  const paused = next(running, { tag: "pause" });
  assert.equal(paused.tag, "paused");
  const ended: ContainerState = next(next(paused, { tag: "unpause" }), {
    tag: "exit",
    exitCode: 3,
    oomKilled: false,
    at: "t2",
  });
  assert.deepEqual(ended, {
    tag: "exited",
    exitCode: 3,
    oomKilled: false,
    startedAt: "t1",
    finishedAt: "t2",
    error: "",
  });
  assert.equal(next(ended, { tag: "initialize", process, conmon: process }).tag, "initialized");
  for (const event of [{ tag: "start", at: "" }, { tag: "pause" }, { tag: "unpause" }, { tag: "stop" }] as const) {
    assert.throws(
      () => next({ tag: "created" }, event),
      (error) => error instanceof EngineError && error.kind === "containerState",
    );
  }
});
