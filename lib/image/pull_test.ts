import assert from "node:assert/strict";
import { EngineError } from "../errors.ts";
import { mediaTypes, parseReference } from "../oci/mod.ts";
import { FakeRegistry, refusal } from "./_fake_registry.ts";
import { MemoryStore } from "./_memory_store.ts";
import { acceptAnything, linesOf, pullName } from "./_pull_test_setup.ts";
import { encode, makeImage, makeIndex } from "./_test_image.ts";
import { pullImage } from "./pull.ts";

const amd64 = { os: "linux", architecture: "amd64" };
const arm64 = { os: "linux", architecture: "arm64", variant: "v8" };

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "";
}

function kindOf(error: unknown): string {
  return error instanceof EngineError ? error.kind : `not an EngineError: ${error}`;
}

Deno.test("pullImage() stores an image and says what it does in Podman's words", async () => {
  await using registry = new FakeRegistry();
  const image = await makeImage();
  registry.add(image, "1");
  const name = `${registry.host}/a:1`;
  const { store, events, error } = await pullName(name, { parallel: 1 });
  assert.equal(error, undefined);
  assert.deepEqual(events.at(-1), { id: image.id, images: [image.id] });
  const [first, second] = image.layers;
  assert.equal(
    linesOf(events),
    `Trying to pull ${name}...\nGetting image source signatures\nCopying blob ${first?.digest}\n` +
      `Copying blob ${second?.digest}\nCopying config sha256:${image.id}\nWriting manifest to image destination\n`,
  );
  const [commit] = store.committed;
  assert.deepEqual(commit?.names, [name]);
  assert.deepEqual(commit?.manifest, image.manifest);
  assert.deepEqual(commit?.layers, image.layers.map((layer, index) => ({ ...layer, diffId: image.diffIds[index] })));
});

Deno.test("pullImage() chooses from an index by platform and remembers the index", async () => {
  await using registry = new FakeRegistry();
  const [ours, other] = [await makeImage(), await makeImage({ contents: ["x"], platform: arm64 })];
  const index = makeIndex([[other, arm64], [ours, amd64]]);
  registry.add(ours);
  registry.add(other);
  registry.addManifest("1", index.bytes, { type: mediaTypes.ociIndex });
  const { store, events } = await pullName(`${registry.host}/a:1`);
  assert.equal(events.at(-1)?.id, ours.id);
  assert.equal(store.committed[0]?.indexDigest, index.digest);
  assert.equal(store.committed[0]?.digest, ours.digest);
  const chosen = await pullName(`${registry.host}/a:1`, { wish: { architecture: "aarch64" } });
  assert.equal(chosen.events.at(-1)?.id, other.id);
});

Deno.test("pullImage() says which architecture an index lacks", async () => {
  await using registry = new FakeRegistry();
  const image = await makeImage();
  registry.add(image);
  registry.addManifest("1", makeIndex([[image, amd64]]).bytes, { type: mediaTypes.ociIndex });
  const { error } = await pullName(`${registry.host}/a:1`, { wish: { architecture: "s390x" } });
  assert.equal(kindOf(error), "noSuchImage");
  assert.match(messageOf(error), /no image found in image index for architecture "s390x", variant "", OS "linux"$/);
});

Deno.test("pullImage() takes a single image of another platform with a warning", async () => {
  await using registry = new FakeRegistry();
  registry.add(await makeImage(), "1");
  const { events, error } = await pullName(`${registry.host}/a:1`, { wish: { os: "linux", architecture: "arm64" } });
  assert.equal(error, undefined);
  assert.match(linesOf(events), /WARNING: image platform \(linux\/amd64\) does not match .*\(linux\/arm64\)\n/);
});

Deno.test("pullImage() by digest verifies the manifest and gives no tag", async () => {
  await using registry = new FakeRegistry();
  const image = await makeImage();
  registry.add(image, "1");
  const { store } = await pullName(`${registry.host}/a:1@${image.digest}`);
  assert.deepEqual(store.committed[0]?.names, [`${registry.host}/a@${image.digest}`]);
  registry.addManifest(image.digest, (await makeImage({ contents: ["evil"] })).manifest, { type: image.manifestType });
  const { error, store: untouched } = await pullName(`${registry.host}/a@${image.digest}`);
  assert.equal(kindOf(error), "corrupt");
  assert.equal(untouched.ingested.length + untouched.committed.length, 0);
});

Deno.test("pullImage() fetches no layer that is there, and equal layers once", async () => {
  await using registry = new FakeRegistry();
  registry.add(await makeImage({ contents: ["one"] }), "1");
  registry.add(await makeImage({ contents: ["one", "two", "two"] }), "2");
  const { store } = await pullName(`${registry.host}/a:1`);
  const { events, error } = await pullName(`${registry.host}/a:2`, { store });
  assert.equal(error, undefined);
  assert.equal(store.ingested.length, 2);
  assert.match(linesOf(events), /Copying blob sha256:\S+ skipped: already exists\n/);
  assert.equal(store.committed.at(-1)?.layers.length, 3);
});

Deno.test("pullImage() refuses blobs that are not what they should be, and commits nothing", async () => {
  const image = await makeImage({ contents: ["one"] });
  const [layer] = image.layers;
  const wrong = await makeImage({ contents: ["two"] });
  const table: readonly [string, string, Uint8Array<ArrayBuffer>][] = [
    ["another layer of the same size", layer?.digest ?? "", new Uint8Array(layer?.size ?? 0)],
    ["a longer layer", layer?.digest ?? "", new Uint8Array((layer?.size ?? 0) + 1)],
    ["another config", `sha256:${image.id}`, wrong.config],
  ];
  for (const [what, digest, bytes] of table) {
    await using registry = new FakeRegistry();
    registry.add(image, "1");
    registry.addBlob(digest, bytes);
    const { error, store } = await pullName(`${registry.host}/a:1`);
    assert.equal(kindOf(error), "corrupt", what);
    assert.equal(store.committed.length, 0, what);
  }
});

Deno.test("pullImage() refuses a configuration whose diffIDs are not the layers'", async () => {
  const real = await makeImage({ contents: ["one", "two"] });
  const [first = "", second = ""] = real.diffIds;
  for (const diffIds of [[first], [second, first], [first, second, second], []]) {
    await using registry = new FakeRegistry();
    registry.add(await makeImage({ contents: ["one", "two"], diffIds }), "1");
    const { error, store } = await pullName(`${registry.host}/a:1`);
    assert.equal(kindOf(error), "corrupt", diffIds.join());
    assert.equal(store.committed.length, 0);
  }
});

Deno.test("pullImage() refuses artifacts, schema 1 and what is no manifest, by name", async () => {
  const image = await makeImage();
  const artifact = {
    schemaVersion: 2,
    config: { mediaType: "application/vnd.cyclonedx", digest: image.digest, size: 2 },
  };
  const table: readonly [unknown, string, RegExp][] = [
    [artifact, "unsupported", /artifact with type "application\/vnd\.cyclonedx"/],
    [{ schemaVersion: 1 }, "unsupported", /schema 1/],
    ["hello", "corrupt", /parsing manifest/],
  ];
  for (const [manifest, kind, message] of table) {
    await using registry = new FakeRegistry();
    registry.addManifest("1", encode(manifest), { type: mediaTypes.ociManifest });
    const { error } = await pullName(`${registry.host}/a:1`);
    assert.equal(kindOf(error), kind);
    assert.match(messageOf(error), message);
    assert.match(messageOf(error), new RegExp(`^initializing source docker://${registry.host}/a:1: `));
  }
});

Deno.test("pullImage() refuses a manifest of more than four megabytes", async () => {
  await using registry = new FakeRegistry();
  registry.addManifest("1", new Uint8Array(4 * 1024 * 1024 + 1), { type: mediaTypes.ociManifest });
  const { error } = await pullName(`${registry.host}/a:1`);
  assert.match(messageOf(error), /more than 4194304 bytes$/);
});

Deno.test("pullImage() tells a registry's refusal in Podman's words", async () => {
  const table: readonly [Response, string, string][] = [
    [refusal(404, "MANIFEST_UNKNOWN", "manifest unknown"), "noSuchImage", "manifest unknown"],
    [refusal(404, "NAME_UNKNOWN", "repository name not known to registry"), "noSuchImage", "name unknown"],
    [refusal(403, "DENIED", "requested access to the resource is denied"), "permission", "denied"],
    [refusal(403, "DENIED", "pay first"), "permission", "denied: pay first"],
    [refusal(401, "UNAUTHORIZED", "authentication required"), "unauthorized", "unauthorized: authentication required"],
    [new Response("<html>\u001b[31m", { status: 404 }), "noSuchImage", "StatusCode: 404, <html> [31m"],
    [new Response("", { status: 418 }), "registry", "StatusCode: 418"],
  ];
  for (const [response, kind, reason] of table) {
    await using registry = new FakeRegistry({ fault: ({ path }) => path.includes("manifests") ? response : undefined });
    const { error, waits } = await pullName(`${registry.host}/a:1`);
    assert.equal(kindOf(error), kind);
    const what = `initializing source docker://${registry.host}/a:1: reading manifest 1 in ${registry.host}/a`;
    assert.equal(messageOf(error), `${what}: ${reason}`);
    assert.deepEqual(waits, []);
  }
});

Deno.test("pullImage() tries an overloaded registry again, as long as it asks to wait", async () => {
  const image = await makeImage();
  const busy = () => new Response("", { status: 503 });
  const limited = () => new Response("", { status: 429, headers: { "retry-after": "7" } });
  await using registry = new FakeRegistry({
    fault: ({ path }, count) => !path.includes("manifests") || count > 2 ? undefined : count === 1 ? busy() : limited(),
  });
  registry.add(image, "1");
  const { error, waits, warnings } = await pullName(`${registry.host}/a:1`);
  assert.equal(error, undefined);
  assert.deepEqual(waits, [1000, 7000]);
  assert.match(warnings[0] ?? "", /^Failed, retrying in 1s \.\.\. \(1\/3\)\. Error: .*503 Service Unavailable$/);
});

Deno.test("pullImage() gives up after the tries that were asked for", async () => {
  await using registry = new FakeRegistry({
    fault: ({ path }) => path.includes("manifests") ? new Response("", { status: 500 }) : undefined,
  });
  const { error, waits } = await pullName(`${registry.host}/a:1`, { retry: 2, retryDelay: 5 });
  assert.equal(kindOf(error), "registry");
  assert.deepEqual(waits, [5, 5]);
  assert.equal(registry.requests("manifests").length, 3);
});

Deno.test("pullImage() stops at once when the policy rejects, without asking the registry", async () => {
  await using registry = new FakeRegistry();
  const policy = { default: [{ type: "reject" }], transports: new Map() };
  const { error } = await pullName(`${registry.host}/a:1`, { policy });
  assert.equal(kindOf(error), "permission");
  assert.equal(registry.seen.length, 0);
});

Deno.test("pullImage() asks mirrors first, and tells of them where all fail", async () => {
  await using mirror = new FakeRegistry();
  await using primary = new FakeRegistry();
  const image = await makeImage();
  primary.add(image, "1");
  const reference = parseReference("example.com/a:1");
  const at = (host: string) => ({ reference: parseReference(`${host}/mirrored/a:1`), insecure: true });
  const candidates = [{ reference, endpoints: [at(mirror.host), at(primary.host)] }];
  const { store } = await pullName("example.com/a:1", { candidates });
  assert.equal(mirror.requests("manifests/1").length, 1);
  assert.deepEqual(store.committed[0]?.names, ["example.com/a:1"]);
  primary.addManifest("1", encode({}), { type: mediaTypes.ociManifest });
  const { error } = await pullName("example.com/a:1", { candidates });
  assert.match(messageOf(error), /^\(Mirrors also failed: \[.*manifest unknown\]\): .*schemaVersion/);
});

Deno.test("pullImage() tries all names that a short one may stand for, and tells all failures", async () => {
  await using registry = new FakeRegistry();
  registry.add(await makeImage(), "1");
  const candidate = (name: string) => {
    const reference = parseReference(`${registry.host}/${name}`);
    return { reference, endpoints: [{ reference, insecure: true }] };
  };
  const { error: none } = await pullName("x", { candidates: [candidate("b:2"), candidate("a:1")] });
  assert.equal(none, undefined);
  const { error } = await pullName("x", { candidates: [candidate("b:2"), candidate("c:3")] });
  assert.match(messageOf(error), /^2 errors occurred while pulling:\n \* .*b:2.*\n \* .*c:3/);
});

Deno.test("pullImage() pulls all tags of a repository, page by page", async () => {
  const [one, two] = [await makeImage({ contents: ["1"] }), await makeImage({ contents: ["2"] })];
  const fault = ({ path, search }: { path: string; search: string }) => {
    if (!path.endsWith("/tags/list")) return undefined;
    if (search.includes("last")) return Response.json({ name: "a", tags: ["two"] });
    const headers = { link: '</v2/a/tags/list?last=one&n=1>; rel="next"' };
    return Response.json({ name: "a", tags: ["one"] }, { headers });
  };
  await using registry = new FakeRegistry({ fault });
  registry.add(one, "one");
  registry.add(two, "two");
  const { store, events } = await pullName(`${registry.host}/a`, { allTags: true });
  assert.deepEqual(events.at(-1), { id: two.id, images: [one.id, two.id] });
  assert.deepEqual(store.committed.map(({ names }) => names[0]), [`${registry.host}/a:one`, `${registry.host}/a:two`]);
});

Deno.test("leaving the loop stops the pull and waits for its end", async () => {
  const image = await makeImage();
  const [asked, stopped] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const endless = () =>
    new Response(new ReadableStream({ start: () => asked.resolve(), cancel: () => stopped.resolve() }), {
      headers: { "content-length": `${image.layers[0]?.size}` },
    });
  await using registry = new FakeRegistry({
    fault: ({ path }) => image.layers.some(({ digest }) => path.endsWith(digest)) ? endless() : undefined,
  });
  registry.add(image, "1");
  const reference = parseReference(`${registry.host}/a:1`);
  const store = new MemoryStore();
  const pulled = pullImage({
    candidates: [{ reference, endpoints: [{ reference, insecure: true }] }],
    wish: amd64,
    policy: acceptAnything,
    login: () => Promise.resolve(null),
    store,
  });
  for await (const event of pulled) {
    if (event.progress === undefined) continue;
    await asked.promise;
    break;
  }
  await stopped.promise;
  assert.equal(store.committed.length, 0);
});

Deno.test("aborting a pull rejects with the signal's reason", async () => {
  await using registry = new FakeRegistry();
  const abort = new AbortController();
  registry.fault = () => {
    abort.abort(new EngineError("cancelled", "enough"));
    return undefined;
  };
  const { error } = await pullName(`${registry.host}/a:1`, { signal: abort.signal });
  assert.equal(messageOf(error), "enough");
});
