import assert from "node:assert/strict";
import { formatReference, parseReference } from "../oci/mod.ts";
import { endpointsFor, type Registries, type RegistryRule } from "./registries.ts";

const digest = `sha256:${"ab".repeat(32)}`;
const none: Registries = {
  path: "/etc/containers/registries.conf",
  unqualifiedSearch: [],
  shortNameMode: "permissive",
  aliases: new Map(),
  rules: [],
};

function rule(prefix: string, change: Partial<RegistryRule> = {}): RegistryRule {
  return { prefix, location: "", insecure: false, blocked: false, mirrorByDigestOnly: false, mirrors: [], ...change };
}

function endpoints(name: string, ...rules: readonly RegistryRule[]): readonly string[] {
  return endpointsFor(parseReference(name), { ...none, rules })
    .map(({ reference, insecure }) => formatReference(reference) + (insecure ? " insecure" : ""));
}

Deno.test("endpointsFor() takes the rule with the longest prefix", () => {
  const rules = [rule("q.io", { location: "one.io" }), rule("q.io/team", { location: "two.io/x" })];
  assert.deepEqual(endpoints("q.io/app:1", ...rules), ["one.io/app:1"]);
  assert.deepEqual(endpoints("q.io/team/app:1", ...rules), ["two.io/x/app:1"]);
  assert.deepEqual(endpoints("q.io/teams/app:1", ...rules), ["one.io/teams/app:1"]);
  assert.deepEqual(endpoints("q.io:5000/app:1", ...rules), ["q.io:5000/app:1"]);
  assert.deepEqual(endpoints("other.io/app", ...rules), ["other.io/app"]);
});

Deno.test("endpointsFor() understands prefixes with tags, digests and wildcards", () => {
  assert.deepEqual(endpoints("q.io/a:1", rule("q.io/a:1", { insecure: true })), ["q.io/a:1 insecure"]);
  assert.deepEqual(endpoints("q.io/a:12", rule("q.io/a:1", { insecure: true })), ["q.io/a:12"]);
  assert.deepEqual(endpoints(`q.io/a@${digest}`, rule("q.io/a", { location: "x.io/b" })), [`x.io/b@${digest}`]);
  const wild = rule("*.example.com", { insecure: true });
  assert.deepEqual(endpoints("a.b.example.com/x", wild), ["a.b.example.com/x insecure"]);
  assert.deepEqual(endpoints("example.com/x", wild), ["example.com/x"]);
  assert.deepEqual(endpoints("a.example.com/x", { ...wild, location: "m.io/sub" }), ["m.io/sub/x insecure"]);
});

Deno.test("endpointsFor() puts mirrors first, those that serve such a name", () => {
  const mirror = (location: string, pullFromMirror: "all" | "digest-only" | "tag-only" = "all") => ({
    location,
    insecure: location === "m1.io",
    pullFromMirror,
  });
  const mirrors = [mirror("m1.io"), mirror("m2.io/x", "digest-only"), mirror("m3.io", "tag-only")];
  const q = rule("q.io", { mirrors });
  assert.deepEqual(endpoints("q.io/a:1", q), ["m1.io/a:1 insecure", "m3.io/a:1", "q.io/a:1"]);
  assert.deepEqual(endpoints(`q.io/a@${digest}`, q), [
    `m1.io/a@${digest} insecure`,
    `m2.io/x/a@${digest}`,
    `q.io/a@${digest}`,
  ]);
  assert.deepEqual(endpoints("q.io/a:1", { ...q, mirrorByDigestOnly: true }), ["q.io/a:1"]);
});

Deno.test("endpointsFor() refuses a blocked registry in Podman's words", () => {
  const message = "registry bad.io is blocked in /etc/containers/registries.conf";
  assert.throws(() => endpoints("bad.io/a", rule("bad.io", { blocked: true })), { message });
});
