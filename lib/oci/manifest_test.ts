import assert from "node:assert/strict";
import { isKind } from "../errors.ts";
import { digestOf } from "./hash.ts";
import { encodeManifest, type ImageManifest, maximumManifestSize, parseManifest } from "./manifest.ts";
import { isLayerType, mediaTypes } from "./media_type.ts";

const digest = digestOf(new Uint8Array());
const config = { mediaType: mediaTypes.ociConfig, digest, size: 2 };
const layer = { mediaType: mediaTypes.ociLayerGzip, digest, size: 10 };

function parse(value: unknown, mediaType?: string) {
  return parseManifest(new TextEncoder().encode(JSON.stringify(value)), mediaType);
}

Deno.test("parseManifest() reads OCI and Docker manifests", () => {
  for (const [mediaType, format] of [[mediaTypes.ociManifest, "oci"], [mediaTypes.dockerManifest, "docker"]] as const) {
    const manifest = parse({ schemaVersion: 2, mediaType, config, layers: [layer], annotations: { a: "b" } });
    assert.equal(manifest.kind, "manifest");
    assert.equal(manifest.format, format);
    assert.deepEqual(manifest.kind === "manifest" && manifest.layers, [layer]);
  }
});

Deno.test("parseManifest() reads indexes and lists with their platforms", () => {
  const platform = { os: "linux", architecture: "arm", variant: "v7" };
  const manifests = [{ mediaType: mediaTypes.ociManifest, digest, size: 3, platform }];
  for (const mediaType of [mediaTypes.ociIndex, mediaTypes.dockerList]) {
    const index = parse({ schemaVersion: 2, mediaType, manifests });
    assert.deepEqual(index.kind === "index" && index.manifests, manifests);
  }
});

Deno.test("parseManifest() takes the type from the content first, then from the answer, then from the fields", () => {
  const body = { schemaVersion: 2, config, layers: [] };
  assert.equal(parse(body).mediaType, mediaTypes.ociManifest);
  assert.equal(parse(body, mediaTypes.dockerManifest).mediaType, mediaTypes.dockerManifest);
  assert.equal(parse(body, "application/json; charset=utf-8").mediaType, mediaTypes.ociManifest);
  assert.equal(parse({ schemaVersion: 2, manifests: [] }).mediaType, mediaTypes.ociIndex);
  const typed = { ...body, mediaType: mediaTypes.dockerManifest };
  assert.equal(parse(typed, mediaTypes.ociManifest).mediaType, mediaTypes.dockerManifest);
});

Deno.test("parseManifest() refuses what could be read in two ways", () => {
  const both = { schemaVersion: 2, config, layers: [layer], manifests: [] };
  for (const mediaType of [mediaTypes.ociManifest, mediaTypes.ociIndex]) {
    assert.throws(() => parse({ ...both, mediaType }), { kind: "corrupt" });
  }
  assert.throws(() => parse({ schemaVersion: 2, config, layers: [], fsLayers: [] }), { kind: "corrupt" });
});

Deno.test("parseManifest() refuses schema 1 and unknown types as unsupported", () => {
  assert.throws(() => parse({ schemaVersion: 1, fsLayers: [], history: [] }), { kind: "unsupported" });
  assert.throws(() => parse({ schemaVersion: 2, mediaType: "text/plain", config }), { kind: "unsupported" });
});

Deno.test("parseManifest() refuses damaged content", () => {
  const table: readonly unknown[] = [
    null,
    [],
    "x",
    {},
    { schemaVersion: 2 },
    { schemaVersion: 2, config: { ...config, size: -1 }, layers: [] },
    { schemaVersion: 2, config: { ...config, size: 1.5 }, layers: [] },
    { schemaVersion: 2, config: { ...config, digest: "sha256:12" }, layers: [] },
    { schemaVersion: 2, config: { ...config, digest: "../../etc/passwd" }, layers: [] },
    { schemaVersion: 2, config, layers: [null] },
    { schemaVersion: 2, config, layers: {} },
    { schemaVersion: 2, config, layers: Array.from({ length: 10_001 }, () => layer) },
    { schemaVersion: 2, config, layers: [], annotations: { a: 1 } },
  ];
  for (const value of table) assert.throws(() => parse(value), { kind: "corrupt" }, JSON.stringify(value).slice(0, 80));
  assert.throws(() => parseManifest(new Uint8Array(maximumManifestSize + 1)), { kind: "corrupt" });
  assert.throws(() => parseManifest(Uint8Array.of(0x22, 0xff, 0x22)), { kind: "corrupt" });
});

Deno.test("parseManifest() fails in no other way, whatever byte is damaged", () => {
  const bytes = new TextEncoder().encode(JSON.stringify({ schemaVersion: 2, config, layers: [layer] }));
  for (let at = 0; at < bytes.length; at++) {
    const damaged = bytes.slice();
    damaged[at] = (damaged[at] ?? 0) ^ 0x15;
    try {
      parseManifest(damaged);
    } catch (error) {
      assert.equal(isKind(error, "corrupt", "unsupported"), true, String(error));
    }
  }
});

Deno.test("keys of annotations may be called like parts of Object.prototype", () => {
  const text = '{"schemaVersion":2,"manifests":[],"annotations":{"__proto__":"x","constructor":"y"}}';
  const { annotations } = parseManifest(new TextEncoder().encode(text));
  assert.deepEqual(Object.entries(annotations ?? {}), [["__proto__", "x"], ["constructor", "y"]]);
});

Deno.test("encodeManifest() writes what parseManifest() reads", () => {
  const manifest: ImageManifest = {
    kind: "manifest",
    format: "oci",
    mediaType: mediaTypes.ociManifest,
    config,
    layers: [layer],
  };
  assert.deepEqual(parseManifest(encodeManifest(manifest)), manifest);
});

Deno.test("isLayerType() knows tars of both families and nothing else", () => {
  for (const type of Object.values(mediaTypes)) assert.equal(isLayerType(type), /layer|diff/.test(type), type);
  assert.equal(isLayerType("application/vnd.docker.image.rootfs.diff.tar.zstd"), true);
  assert.equal(isLayerType("application/vnd.oci.image.layer.v1.tar+encrypted"), false);
});
