import assert from "node:assert/strict";
import { formatReference } from "../oci/mod.ts";
import type { Registries } from "./registries.ts";
import { localReference, resolveShortName } from "./short_name.ts";

const digest = `sha256:${"ab".repeat(32)}`;
const none: Registries = {
  path: "/etc/containers/registries.conf",
  unqualifiedSearch: [],
  shortNameMode: "permissive",
  aliases: new Map(),
  rules: [],
};

Deno.test("resolveShortName() leaves full names alone, but for the tag", () => {
  const { candidates, explanation } = resolveShortName("q.io/a", none);
  assert.deepEqual(candidates.map(formatReference), ["q.io/a:latest"]);
  assert.equal(explanation, undefined);
});

Deno.test("resolveShortName() prefers an alias, and keeps tag and digest", () => {
  const registries = {
    ...none,
    aliases: new Map([["alpine", "docker.io/library/alpine"]]),
    unqualifiedSearch: ["x.io"],
  };
  const names = (text: string) => resolveShortName(text, registries).candidates.map(formatReference);
  assert.deepEqual(names("alpine"), ["docker.io/library/alpine:latest"]);
  assert.deepEqual(names("alpine:3"), ["docker.io/library/alpine:3"]);
  assert.deepEqual(names(`alpine@${digest}`), [`docker.io/library/alpine@${digest}`]);
  assert.deepEqual(names("user/alpine"), ["x.io/user/alpine:latest"]);
});

Deno.test("resolveShortName() tries the search list, unless that has to be asked for", () => {
  const registries = { ...none, unqualifiedSearch: ["docker.io", "q.io"] };
  assert.deepEqual(resolveShortName("app", registries).candidates.map(formatReference), [
    "docker.io/library/app:latest",
    "q.io/app:latest",
  ]);
  assert.throws(() => resolveShortName("app", { ...registries, shortNameMode: "enforcing" }), {
    message: "short-name resolution enforced but cannot prompt without a TTY",
  });
  const one = { ...none, unqualifiedSearch: ["q.io"], shortNameMode: "enforcing" } as const;
  assert.deepEqual(resolveShortName("app", one).candidates.map(formatReference), ["q.io/app:latest"]);
});

Deno.test("resolveShortName() names the file where nothing can be tried, in Podman's words", () => {
  const reason = "did not resolve to an alias and no unqualified-search registries are defined in";
  const message = `short-name "nosuch" ${reason} "/etc/containers/registries.conf"`;
  assert.throws(() => resolveShortName("nosuch", none), { message });
});

Deno.test("localReference() puts short names under localhost", () => {
  assert.equal(formatReference(localReference("app")), "localhost/app:latest");
  assert.equal(formatReference(localReference("q.io/app:1")), "q.io/app:1");
});
