import assert from "node:assert/strict";
import { EngineError } from "../../errors.ts";
import { brokenBody, FakeRegistry } from "../_fake_registry.ts";
import { pullName, type PullSetup } from "../_pull_test_setup.ts";
import { authority, elsewhere, selfSigned, signed } from "../_test_certificates.ts";
import { makeImage } from "../_test_image.ts";
import { readTrust } from "./trust.ts";

type KeyPair = { readonly cert: string; readonly key: string };

/** Pulls from a registry that shows `tls`; `files` is what certs.d has for it. */
async function pullOverTls(
  tls: KeyPair,
  options: { readonly files?: Readonly<Record<string, string>>; readonly setup?: PullSetup } = {},
): Promise<unknown> {
  const directory = await Deno.makeTempDir();
  try {
    await using registry = new FakeRegistry({ tls });
    registry.add(await makeImage({ contents: ["x".repeat(300_000)] }), "1");
    await Deno.mkdir(`${directory}/${registry.host}`);
    for (const [name, text] of Object.entries(options.files ?? {})) {
      await Deno.writeTextFile(`${directory}/${registry.host}/${name}`, text);
    }
    const setup = { tlsVerify: true, certRoots: [directory], retry: 0, ...options.setup };
    const { error, store } = await pullName(`${registry.host}/a:1`, setup);
    assert.equal(error === undefined, store.committed.length === 1);
    return error;
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

Deno.test("a registry with an unknown certificate is refused", async () => {
  for (const tls of [selfSigned, signed, elsewhere]) {
    const error = await pullOverTls(tls);
    assert.ok(error instanceof EngineError && error.kind === "unreachable");
    assert.match(error.message, /pinging container registry .*: tls: failed to verify certificate/);
  }
});

Deno.test("a registry whose authority is in certs.d is trusted", async () => {
  assert.equal(await pullOverTls(signed, { files: { "ca.crt": authority.cert } }), undefined);
});

Deno.test("a registry that shows the very certificate that certs.d has is trusted", async () => {
  assert.equal(await pullOverTls(selfSigned, { files: { "ca.crt": selfSigned.cert } }), undefined);
});

Deno.test("a certificate in certs.d for another host or another key is no reason to trust", async () => {
  for (const file of [elsewhere.cert, authority.cert]) {
    const error = await pullOverTls(elsewhere, { files: { "ca.crt": file } });
    assert.ok(error instanceof EngineError && error.kind === "unreachable");
  }
});

Deno.test("--tls-verify=false takes any certificate, of this registry alone", async () => {
  for (const tls of [selfSigned, elsewhere]) {
    assert.equal(await pullOverTls(tls, { setup: { tlsVerify: false } }), undefined);
  }
});

Deno.test("--cert-dir stands in for certs.d", async () => {
  const directory = await Deno.makeTempDir();
  await Deno.writeTextFile(`${directory}/any.crt`, authority.cert);
  assert.equal(await pullOverTls(signed, { setup: { certDir: directory } }), undefined);
  await Deno.remove(directory, { recursive: true });
});

Deno.test("a broken download goes on over an unverified connection too", async () => {
  const image = await makeImage({ contents: ["x".repeat(300_000)] });
  const digest = image.layers[0]?.digest ?? "";
  const length = image.layers[0]?.size;
  await using registry: FakeRegistry = new FakeRegistry({
    tls: elsewhere,
    fault: ({ path }, count) =>
      path.endsWith(digest) && count === 1 ? brokenBody(registry.blob(digest).subarray(0, 40), { length }) : undefined,
  });
  registry.add(image, "1");
  const { error } = await pullName(`${registry.host}/a:1`);
  assert.equal(error, undefined);
  assert.equal(registry.requests(digest).length, 2);
});

Deno.test("plain HTTP behind a name that wants HTTPS is told as such", async () => {
  await using registry = new FakeRegistry();
  const { error } = await pullName(`${registry.host}/a:1`, { tlsVerify: true });
  assert.match(String(error), /http: server gave HTTP response to HTTPS client$/);
});

Deno.test("readTrust() wants certificate and key of the client together", async () => {
  const root = await Deno.makeTempDir();
  await Deno.mkdir(`${root}/a:1`);
  await Deno.writeTextFile(`${root}/a:1/client.cert`, signed.cert);
  assert.throws(
    () => readTrust("a:1", { certRoots: [root] }),
    /missing key client\.key for client certificate client\.cert/,
  );
  await Deno.writeTextFile(`${root}/a:1/client.key`, signed.key);
  assert.deepEqual(readTrust("a:1", { certRoots: [root] }).client, { cert: signed.cert, key: signed.key });
  await Deno.remove(`${root}/a:1/client.cert`);
  assert.throws(() => readTrust("a:1", { certRoots: [root] }), /missing client certificate client\.cert/);
  assert.deepEqual(readTrust("b", { certRoots: [root] }), { caCerts: [] });
  await Deno.remove(root, { recursive: true });
});
