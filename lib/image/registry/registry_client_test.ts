import assert from "node:assert/strict";
import { EngineError } from "../../errors.ts";
import type { Login } from "../credentials.ts";
import { FakeRegistry, type Fault, refusal, type Seen } from "../_fake_registry.ts";
import { pullName } from "../_pull_test_setup.ts";
import { makeImage } from "../_test_image.ts";
import { encodeTokenRequest } from "./token.ts";

const password: Login = { kind: "password", username: "user", password: "s3cret:ü" };
const basic = `Basic ${new TextEncoder().encode("user:s3cret:ü").toBase64()}`;

function lookup(login: Login | null, asked: string[] = []) {
  return (name: string) => {
    asked.push(name);
    return Promise.resolve(login);
  };
}

/** A registry that wants tokens, and gives them itself. */
function tokenAuth(registry: () => FakeRegistry, options: { readonly accept: (seen: Seen) => boolean }): Fault {
  let given = 0;
  return (seen) => {
    if (seen.path === "/token") {
      if (!options.accept(seen)) return refusal(401, "UNAUTHORIZED", "bad password");
      return Response.json({ token: `token-${++given}` });
    }
    if (seen.headers.get("authorization") === `Bearer token-${given}` && given > 0) return undefined;
    const realm = `http://${registry().host}/token`;
    const headers = { "www-authenticate": `Bearer realm="${realm}",service="the service"` };
    return new Response("", { status: 401, headers });
  };
}

Deno.test("a token is got anonymously, once, for the repository", async () => {
  await using registry: FakeRegistry = new FakeRegistry({ fault: tokenAuth(() => registry, { accept: () => true }) });
  registry.add(await makeImage(), "1");
  const { error } = await pullName(`${registry.host}/deep/a:1`);
  assert.equal(error, undefined);
  const [request, ...more] = registry.requests("/token");
  assert.equal(more.length, 0);
  assert.equal(request?.search, "?scope=repository%3Adeep%2Fa%3Apull&service=the+service");
  assert.equal(request?.headers.get("authorization"), null);
});

Deno.test("a token is got with name and password", async () => {
  const accept = (seen: Seen) => seen.headers.get("authorization") === basic && seen.search.includes("account=user");
  await using registry: FakeRegistry = new FakeRegistry({ fault: tokenAuth(() => registry, { accept }) });
  registry.add(await makeImage(), "1");
  const asked: string[] = [];
  const { error } = await pullName(`${registry.host}/a:1`, { login: lookup(password, asked) });
  assert.equal(error, undefined);
  assert.deepEqual(asked, [`${registry.host}/a`]);
});

Deno.test("a token is got with an identity token", async () => {
  const accept = (seen: Seen) => {
    const form = new URLSearchParams(seen.body);
    return form.get("grant_type") === "refresh_token" && form.get("refresh_token") === "refresh me" &&
      form.get("scope") === "repository:a:pull" && form.get("service") === "the service";
  };
  await using registry: FakeRegistry = new FakeRegistry({ fault: tokenAuth(() => registry, { accept }) });
  registry.add(await makeImage(), "1");
  const login = lookup({ kind: "identityToken", token: "refresh me" });
  const { error } = await pullName(`${registry.host}/a:1`, { login });
  assert.equal(error, undefined);
});

Deno.test("a wrong password is told in Podman's words, and is not in them", async () => {
  await using registry: FakeRegistry = new FakeRegistry({ fault: tokenAuth(() => registry, { accept: () => false }) });
  const { error } = await pullName(`${registry.host}/a:1`, { login: lookup(password) });
  assert.ok(error instanceof EngineError && error.kind === "unauthorized");
  const reason = "unable to retrieve auth token: invalid username/password: unauthorized: bad password";
  assert.equal(error.message, `initializing source docker://${registry.host}/a:1: ${reason}`);
  assert.doesNotMatch(Deno.inspect(error, { depth: 10 }), /s3cret/);
});

Deno.test("a token that ran out is replaced", async () => {
  let isOld = true;
  const inner = tokenAuth(() => registry, { accept: () => true });
  await using registry: FakeRegistry = new FakeRegistry({
    fault: (seen, count) => {
      if (!seen.path.includes("/blobs/") || !isOld) return inner(seen, count);
      isOld = false;
      const headers = { "www-authenticate": `Bearer realm="http://${registry.host}/token",service="the service"` };
      return new Response("", { status: 401, headers });
    },
  });
  registry.add(await makeImage({ contents: ["one"] }), "1");
  const { error } = await pullName(`${registry.host}/a:1`, { parallel: 1 });
  assert.equal(error, undefined);
  assert.equal(registry.requests("/token").length, 2);
});

Deno.test("basic authentication sends name and password, and only where they are asked for", async () => {
  const headers = { "www-authenticate": 'Basic realm="x"' };
  await using registry = new FakeRegistry({
    fault: (seen) =>
      seen.headers.get("authorization") === basic ? undefined : new Response("", { status: 401, headers }),
  });
  registry.add(await makeImage(), "1");
  assert.equal((await pullName(`${registry.host}/a:1`, { login: lookup(password) })).error, undefined);
  const { error } = await pullName(`${registry.host}/a:1`);
  assert.ok(error instanceof EngineError && error.kind === "unauthorized");
  assert.match(error.message, /reading manifest 1 in .*: unauthorized: authentication required$/);
  await using open = new FakeRegistry();
  open.add(await makeImage(), "1");
  await pullName(`${open.host}/a:1`, { login: lookup(password) });
  assert.deepEqual(open.seen.filter((seen) => seen.headers.has("authorization")), []);
});

Deno.test("a redirect to another host takes no Authorization along", async () => {
  await using storage = new FakeRegistry();
  const headers = { "www-authenticate": 'Basic realm="x"' };
  await using registry = new FakeRegistry({
    fault: (seen) => {
      if (seen.headers.get("authorization") !== basic) return new Response("", { status: 401, headers });
      return seen.path.includes("/blobs/") ? Response.redirect(`http://${storage.host}${seen.path}`, 307) : undefined;
    },
  });
  const image = await makeImage();
  registry.add(image, "1");
  storage.add(image);
  const { error } = await pullName(`${registry.host}/a:1`, { login: lookup(password) });
  assert.equal(error, undefined);
  assert.equal(storage.seen.length, 3);
  assert.deepEqual(storage.seen.filter((seen) => seen.headers.has("authorization")), []);
});

Deno.test("a redirect back to the registry after a foreign host gets Authorization again, a loop ends", async () => {
  await using registry: FakeRegistry = new FakeRegistry({
    fault: ({ path }) =>
      path.includes("manifests") ? Response.redirect(`http://${registry.host}${path}`, 302) : undefined,
  });
  const { error } = await pullName(`${registry.host}/a:1`);
  assert.ok(error instanceof EngineError && error.kind === "registry");
  assert.match(error.message, /stopped after 10 redirects$/);
});

Deno.test("a password is not sent over plain HTTP for a registry that is protected", () => {
  const challenge = { scheme: "bearer", parameters: new Map([["realm", "http://a/token"]]) };
  const request = { challenge, scope: "s", plainAllowed: false };
  assert.throws(() => encodeTokenRequest({ ...request, login: password }), { kind: "unauthorized" });
  assert.equal(encodeTokenRequest({ ...request, login: null }).url.href, "http://a/token?scope=s");
  const https = { scheme: "bearer", parameters: new Map([["realm", "https://a/token?x=1"]]) };
  assert.equal(encodeTokenRequest({ ...request, challenge: https, login: password }).headers?.authorization, basic);
});

Deno.test("a realm that is no web address is refused", () => {
  for (const realm of ["", "file:///etc/passwd", "nonsense"]) {
    const challenge = { scheme: "bearer", parameters: new Map([["realm", realm]]) };
    const request = { challenge, scope: "s", plainAllowed: true, login: null };
    assert.throws(() => encodeTokenRequest(request), { kind: "registry" });
  }
});

Deno.test("a registry that nobody serves is unreachable, after the tries", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const { error, waits } = await pullName(`127.0.0.1:${port}/a:1`);
  assert.ok(error instanceof EngineError && error.kind === "unreachable");
  const get = `Get "http://127.0.0.1:${port}/v2/"`;
  const reason =
    `pinging container registry 127.0.0.1:${port}: ${get}: dial tcp 127.0.0.1:${port}: connect: connection refused`;
  assert.equal(error.message, `initializing source docker://127.0.0.1:${port}/a:1: ${reason}`);
  assert.deepEqual(waits, [1000, 2000, 4000]);
});

// The runtime's node:tls forgets a connection that is destroyed while it shakes hands.
Deno.test("a registry that does not answer in time is told so", { sanitizeResources: false }, async () => {
  const done = Promise.withResolvers<Response>();
  await using registry = new FakeRegistry({ fault: ({ path }) => path === "/v2/" ? done.promise : undefined });
  const { error } = await pullName(`${registry.host}/a:1`, { headersTimeout: 1, retry: 0 });
  done.resolve(new Response());
  assert.ok(error instanceof EngineError && error.kind === "timeout");
  assert.match(error.message, /no answer within 1 seconds$/);
});
