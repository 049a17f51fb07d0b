import assert from "node:assert/strict";
import { loadAuthFiles, parseAuthFile } from "./auth_files.ts";
import { chooseConnection } from "./connections.ts";
import type { ConfigInput } from "./config.ts";
import { parsePolicy } from "./policy_json.ts";
import { loadRegistries } from "./registries_conf.ts";

function input(files: Readonly<Record<string, string>>, env: Readonly<Record<string, string>> = {}): ConfigInput {
  const list = (dir: string) =>
    Object.keys(files).filter((path) => path.startsWith(`${dir}/`)).map((path) => path.slice(dir.length + 1));
  return { env, uid: 0, home: "/root", files: { read: (path) => files[path] ?? null, list, owner: () => 0 } };
}

Deno.test("loadRegistries() merges the drop-ins, later rules taking the place of earlier ones", async () => {
  const found = await loadRegistries(input({
    "/etc/containers/registries.conf": `unqualified-search-registries = ["docker.io"]
[[registry]]
location = "localhost:5000"
insecure = true
[[registry]]
prefix = "docker.io"
location = "mirror.example/hub"
[[registry.mirror]]
location = "m1.example"
pull-from-mirror = "digest-only"`,
    "/etc/containers/registries.conf.d/01.conf": `short-name-mode = "enforcing"
[aliases]
alpine = "docker.io/library/alpine"
[[registry]]
location = "localhost:5000"
blocked = true`,
  }));
  assert.deepEqual(found.unqualifiedSearch, ["docker.io"]);
  assert.equal(found.shortNameMode, "enforcing");
  assert.equal(found.aliases.get("alpine"), "docker.io/library/alpine");
  const [local, hub] = found.rules;
  assert.deepEqual([local?.prefix, local?.blocked, local?.insecure, local?.location], [
    "localhost:5000",
    true,
    false,
    "",
  ]);
  assert.equal(hub?.location, "mirror.example/hub");
  assert.deepEqual(hub?.mirrors, [{ location: "m1.example", insecure: false, pullFromMirror: "digest-only" }]);
});

Deno.test("loadRegistries() names file and line of what is wrong", async () => {
  const conf = (text: string) => loadRegistries(input({ "/etc/containers/registries.conf": text }));
  await assert.rejects(conf('short-name-mode = "odd"'), /registries.conf": line 1: "short-name-mode" must be one of/);
  await assert.rejects(conf("[registries.search]\nregistries = ['a']"), /must be in v2 format but is in v1/);
  await assert.rejects(conf("[[registry]]\ninsecure = 3\nlocation='a'"), /line 2: "insecure" must be true or false/);
});

Deno.test("parsePolicy() refuses what it does not know", () => {
  const policy = parsePolicy(
    '{"default":[{"type":"reject"}],"transports":{"docker":{"":[{"type":"insecureAcceptAnything"}]}}}',
    "p",
  );
  assert.equal(policy.default[0]?.type, "reject");
  assert.equal(policy.transports.get("docker")?.get("")?.[0]?.type, "insecureAcceptAnything");
  for (
    const text of ["{}", "[]", "{", '{"default":[]}', '{"default":[{}]}', '{"default":[{"type":"reject"}],"more":1}']
  ) {
    assert.throws(() => parsePolicy(text, "p"), /invalid policy in "p"/, text);
  }
});

Deno.test("auth files give logins and never show their content", () => {
  const text = `{"auths":{"quay.io":{"auth":"${
    btoa("me:se:cret")
  }"},"a.io":{},"b.io":{"identitytoken":"t"}},"credHelpers":{"c.io":"pass"}}`;
  const file = parseAuthFile(text, "f");
  assert.deepEqual(file.auths.get("quay.io"), { kind: "password", username: "me", password: "se:cret" });
  assert.equal(file.auths.has("a.io"), false);
  assert.deepEqual(file.auths.get("b.io"), { kind: "identityToken", token: "t" });
  assert.equal(file.credHelpers.get("c.io"), "pass");
  assert.throws(
    () => parseAuthFile(text.slice(0, 40), "f"),
    (error: Error) => !error.message.includes("quay") && /invalid JSON/.test(error.message),
  );
  assert.throws(() => loadAuthFiles(input({}), "/nosuch"), /stat \/nosuch: no such file or directory/);
});

Deno.test("chooseConnection() takes what is asked for first", () => {
  const none = { url: "", name: "", identity: "", socket: "/run/s" };
  const file = JSON.stringify({
    Connection: { Default: "a", Connections: { a: { URI: "unix:///a" }, b: { URI: "tcp://b:1" } } },
  });
  const known = input({ "/root/.config/containers/podman-connections.json": file }, { CONTAINER_CONNECTION: "b" });
  assert.equal(chooseConnection(known, { ...none, url: "unix:///x" }).uri, "unix:///x");
  assert.equal(chooseConnection(known, none).uri, "tcp://b:1");
  assert.equal(chooseConnection({ ...known, env: {} }, none).uri, "unix:///a");
  assert.equal(chooseConnection(input({}), none).uri, "unix:///run/s");
  assert.throws(() => chooseConnection(known, { ...none, name: "c" }), /connection "c" not found/);
});
