import assert from "node:assert/strict";
import { isKind } from "../errors.ts";
import { digestOf } from "./hash.ts";
import { parseImageConfig } from "./image_config.ts";

const diffId = digestOf(new Uint8Array());
const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

const full = {
  created: "2026-01-02T03:04:05Z",
  author: "someone",
  architecture: "amd64",
  os: "linux",
  docker_version: "20",
  config: {
    User: "1:2",
    ExposedPorts: { "80/tcp": {} },
    Env: ["A=b"],
    Entrypoint: ["/e"],
    Cmd: [],
    Volumes: { "/data": {} },
    WorkingDir: "/w",
    Labels: { k: "v" },
    StopSignal: "SIGINT",
    Healthcheck: { Test: ["CMD", "true"], Interval: 1_000_000_000, Retries: 3 },
  },
  rootfs: { type: "layers", diff_ids: [diffId] },
  history: [{ created_by: "x", empty_layer: true }],
};

Deno.test("parseImageConfig() reads all that a container needs", () => {
  const config = parseImageConfig(encode(full));
  assert.deepEqual(config.diffIds, [diffId]);
  assert.deepEqual(config.history, [{ created_by: "x", empty_layer: true }]);
  assert.equal(config.dockerVersion, "20");
  assert.equal(JSON.stringify(config.config), JSON.stringify(full.config));
});

Deno.test("parseImageConfig() tells an empty command from none", () => {
  assert.deepEqual(parseImageConfig(encode(full)).config.Cmd, []);
  assert.equal("Cmd" in parseImageConfig(encode({ config: { Cmd: null } })).config, false);
});

Deno.test("parseImageConfig() takes Go's null and old images' plain commands", () => {
  const config = parseImageConfig(
    encode({ config: { Env: null, Labels: null, Cmd: "sh" }, rootfs: null, history: null }),
  );
  assert.deepEqual(config.config, { Cmd: ["sh"] });
  assert.deepEqual(config.diffIds, []);
});

Deno.test("parseImageConfig() refuses wrong types", () => {
  const table: readonly unknown[] = [
    [],
    { config: [] },
    { config: { Env: "A=b" } },
    { config: { Env: [1] } },
    { config: { Labels: { a: 1 } } },
    { config: { Volumes: ["/a"] } },
    { rootfs: { type: "windows", diff_ids: [] } },
    { rootfs: { diff_ids: ["sha256:1"] } },
    { history: {} },
    { architecture: 1 },
  ];
  for (const value of table) assert.throws(() => parseImageConfig(encode(value)), { kind: "corrupt" });
});

Deno.test("parseImageConfig() fails in no other way, whatever byte is damaged", () => {
  const bytes = encode(full);
  for (let at = 0; at < bytes.length; at++) {
    const damaged = bytes.slice();
    damaged[at] = (damaged[at] ?? 0) ^ 0x12;
    try {
      parseImageConfig(damaged);
    } catch (error) {
      assert.equal(isKind(error, "corrupt"), true, String(error));
    }
  }
});
