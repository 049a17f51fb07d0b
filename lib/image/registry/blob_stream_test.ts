import assert from "node:assert/strict";
import { EngineError } from "../../errors.ts";
import { type Descriptor, digestOf } from "../../oci/mod.ts";
import { brokenBody, FakeRegistry, rangeResponse } from "../_fake_registry.ts";
import { pullName } from "../_pull_test_setup.ts";
import { makeImage } from "../_test_image.ts";
import { openBlob } from "./blob_stream.ts";
import { joinChunks } from "./body.ts";
import type { RetryPolicy } from "./retry.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const bytes = Uint8Array.from({ length: 1000 }, (_, index) => index % 251);
const blob: Descriptor = { mediaType: "", digest: digestOf(bytes), size: bytes.length };

function policy(retries = 3): RetryPolicy {
  return { retries, wait: () => Promise.resolve() };
}

/** Reads the blob from answers in turn; also the offsets that were asked for. */
async function readFrom(
  answers: readonly (() => Response)[],
  options: { readonly retries?: number; readonly stallTimeout?: number; readonly signal?: AbortSignal } = {},
): Promise<{ readonly content: Bytes; readonly asked: readonly number[] }> {
  const asked: number[] = [];
  const fetch = (from: number) => {
    asked.push(from);
    const answer = answers[asked.length - 1] ?? answers.at(-1);
    return Promise.resolve(answer === undefined ? new Response("", { status: 500 }) : answer());
  };
  const stream = await openBlob({ blob, fetch, retry: policy(options.retries), ...options });
  return { content: joinChunks(await Array.fromAsync(stream)), asked };
}

const failsWith = (kind: string, message: RegExp) => (error: unknown) =>
  error instanceof EngineError && error.kind === kind && message.test(error.message);

Deno.test("a blob comes whole from one good answer", async () => {
  assert.deepEqual(await readFrom([() => new Response(bytes)]), { content: bytes, asked: [0] });
});

Deno.test("a broken download goes on where it broke", async () => {
  const answers = [
    () => brokenBody(bytes.subarray(0, 300)),
    () => new Response(bytes.subarray(300, 600), { status: 206, headers: { "content-range": "bytes 300-999/1000" } }),
    () => rangeResponse(bytes, 600),
  ];
  assert.deepEqual(await readFrom(answers), { content: bytes, asked: [0, 300, 600] });
});

Deno.test("a server without ranges is read again from the start, and nothing comes twice", async () => {
  const answers = [
    () => brokenBody(bytes.subarray(0, 300)),
    () => brokenBody(bytes.subarray(0, 100)),
    () => new Response(bytes),
  ];
  assert.deepEqual(await readFrom(answers), { content: bytes, asked: [0, 300, 300] });
});

Deno.test("a server that sends an earlier range than asked for is skipped through", async () => {
  const answers = [() => brokenBody(bytes.subarray(0, 300)), () => rangeResponse(bytes, 250)];
  assert.deepEqual((await readFrom(answers)).content, bytes);
});

Deno.test("a server that sends a later range than asked for is refused", async () => {
  const answers = [() => brokenBody(bytes.subarray(0, 300)), () => rangeResponse(bytes, 301)];
  await assert.rejects(readFrom(answers), failsWith("registry", /another range/));
});

Deno.test("a download that never gets anywhere ends after the tries, and says how far it came", async () => {
  const answers = [() => brokenBody(bytes.subarray(0, 10)), () => brokenBody(new Uint8Array())];
  await assert.rejects(readFrom(answers, { retries: 2 }), failsWith("unreachable", /connection broke off/));
  await assert.rejects(
    readFrom([() => new Response(bytes.subarray(0, 10), { headers: {} })], { retries: 0 }),
    failsWith("unreachable", /unexpected EOF after 10 of 1000 bytes/),
  );
});

Deno.test("a server that stalls is asked again", async () => {
  const silent = () => new Response(new ReadableStream());
  const { content, asked } = await readFrom([silent, () => new Response(bytes)], { stallTimeout: 1 });
  assert.deepEqual(content, bytes);
  assert.deepEqual(asked, [0, 0]);
});

Deno.test("a blob of another length is refused before or while it comes", async () => {
  const announced = () => new Response(bytes, { headers: { "content-length": "1001" } });
  await assert.rejects(readFrom([announced]), failsWith("corrupt", /has 1001 bytes, expected 1000/));
  const longer = () => new Response(new Uint8Array(1001));
  await assert.rejects(readFrom([longer]), failsWith("corrupt", /more than 1000 bytes/));
});

Deno.test("a refusal is not tried again", async () => {
  const missing = () => Response.json({ errors: [{ code: "BLOB_UNKNOWN", message: "" }] }, { status: 404 });
  await assert.rejects(readFrom([missing]), failsWith("noSuchImage", /^fetching blob sha256:\w+: blob unknown$/));
});

Deno.test("an aborted download ends with the signal's reason", async () => {
  const abort = new AbortController();
  const answer = () => {
    abort.abort(new EngineError("cancelled", "enough"));
    return brokenBody(bytes.subarray(0, 10));
  };
  await assert.rejects(readFrom([answer], { signal: abort.signal }), failsWith("cancelled", /^enough$/));
});

Deno.test("a pull survives broken connections, whatever the transport of the bytes", async () => {
  const image = await makeImage({ contents: ["x".repeat(100_000)] });
  const digest = image.layers[0]?.digest ?? "";
  await using registry: FakeRegistry = new FakeRegistry({
    fault: ({ path }, count) => {
      if (!path.endsWith(digest) || count > 2) return undefined;
      return brokenBody(registry.blob(digest).subarray(0, 50));
    },
  });
  registry.add(image, "1");
  const { error, store } = await pullName(`${registry.host}/a:1`);
  assert.equal(error, undefined);
  assert.equal(store.committed.length, 1);
  assert.ok(registry.requests(digest).length >= 3);
});
