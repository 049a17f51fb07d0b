import assert from "node:assert/strict";
import { EngineError } from "../errors.ts";
import * as at from "./fields.ts";
import { parseFilters } from "./filters.ts";
import { parseQuery } from "./query.ts";
import { decodeCredentials, encodeCredentials } from "./registry_auth.ts";
import type { Field, Incoming, Outgoing } from "./row.ts";
import { flag, integer, list, map, optional, parseJson, record, text } from "./shape.ts";
import { createSpec } from "./shapes/create_spec.ts";
import { splitTag } from "./tag_target.ts";

const invalid = (error: unknown): boolean => error instanceof EngineError && error.kind === "invalidArgument";

function incoming(query: string, json?: unknown): Incoming {
  return {
    params: new Map(),
    query: parseQuery(query),
    headers: new Map(),
    json,
    body: ReadableStream.from([]),
    api: { dialect: "libpod", major: 5, minor: 8 },
  };
}

function crossed<T>(field: Field<T>, value: T): T {
  const into: Outgoing = { params: new Map(), query: [], headers: [], json: undefined, body: null };
  field.encode(value, into);
  const query = into.query.map(([name, text]) => `${encodeURIComponent(name)}=${encodeURIComponent(text)}`).join("&");
  return field.decode({
    ...incoming(query, into.json),
    params: into.params,
    headers: new Map(into.headers.map(([name, text]) => [name.toLowerCase(), text])),
  });
}

Deno.test("every place of a field gives back what was put there", () => {
  assert.equal(crossed(at.inPath("name"), "a/b c%"), "a/b c%");
  assert.equal(crossed(at.queryText("x"), "ü &=+"), "ü &=+");
  assert.equal(crossed(at.queryText("x"), undefined), undefined);
  assert.equal(crossed(at.queryTextOrEmpty("x"), ""), "");
  assert.equal(crossed(at.queryFlag("x"), false), false);
  assert.equal(crossed(at.queryFlagOn("x"), undefined), true);
  assert.equal(crossed(at.queryInteger("x"), 0), 0);
  assert.equal(crossed(at.queryTail("x"), 5), 5);
  assert.deepEqual(crossed(at.queryList("x"), ["a", "b,c"]), ["a", "b,c"]);
  assert.equal(crossed(at.queryOptionalList("x"), undefined), undefined);
  assert.deepEqual({ ...crossed(at.queryFilters(), { label: ["a=b", "c"] }) }, { label: ["a=b", "c"] });
  assert.deepEqual(crossed(at.bodySize(), { width: 80, height: 24 }), { width: 80, height: 24 });
  assert.equal(crossed(at.bodySize(), undefined), undefined);
  const credentials = { username: "user:ü", password: "pass/+=" };
  assert.deepEqual(crossed(at.registryAuth(), credentials), credentials);
});

Deno.test("query parameters are found without regard to case", () => {
  assert.equal(at.queryFlag("ignore").decode(incoming("Ignore=1")), true);
  assert.equal(at.queryText("detachKeys").decode(incoming("detachkeys=ctrl-a")), "ctrl-a");
});

Deno.test("what Go's clients write for nothing is nothing", () => {
  assert.equal(at.queryTail("tail").decode(incoming("tail=-1")), undefined);
  assert.equal(at.queryTail("tail").decode(incoming("tail=all")), undefined);
  assert.equal(at.queryTime("since").decode(incoming("since=0001-01-01T00%3A00%3A00Z")), undefined);
  assert.equal(at.queryInteger("last").decode(incoming("last=-1")), undefined);
});

Deno.test("malformed queries are refused", () => {
  assert.throws(() => parseQuery("a=%zz"), invalid);
  assert.throws(() => parseQuery("a=1&".repeat(2000)), invalid);
  assert.throws(() => at.queryFlag("all").decode(incoming("all=maybe")), invalid);
  assert.throws(() => at.queryInteger("t").decode(incoming("t=1e3")), invalid);
  assert.throws(() => at.queryRequired("reference").decode(incoming("reference=")), invalid);
  assert.throws(() => at.queryChoice("policy", ["always"]).decode(incoming("policy=perhaps")), invalid);
  assert.throws(() => at.querySize("w").decode(incoming("w=-4")), invalid);
});

Deno.test("parseFilters() reads both of Docker's forms", () => {
  assert.deepEqual({ ...parseFilters('{"label":["a","b"]}') }, { label: ["a", "b"] });
  assert.deepEqual({ ...parseFilters('{"label":{"a":true,"b":false}}') }, { label: ["a"] });
  assert.equal(parseFilters("{}"), undefined);
  assert.equal(parseFilters(undefined), undefined);
  for (const source of ["[]", "1", '{"a":1}', '{"a":[1]}', "{"]) assert.throws(() => parseFilters(source), invalid);
});

Deno.test("decodeCredentials() reads both alphabets and what Podman's clients send for nobody", () => {
  assert.equal(decodeCredentials("e30="), undefined);
  assert.equal(decodeCredentials(undefined), undefined);
  assert.deepEqual(decodeCredentials(btoa('{"username":"a","password":"?>~"}')), { username: "a", password: "?>~" });
  assert.deepEqual(decodeCredentials(btoa(`{"auth":"${btoa("u:p:q")}"}`)), { username: "u", password: "p:q" });
  assert.deepEqual(decodeCredentials(encodeCredentials({ username: "ü", password: "" })), {
    username: "ü",
    password: "",
  });
});

Deno.test("decodeCredentials() does not quote what it cannot read", () => {
  assert.throws(() => decodeCredentials("c2VjcmV0"), (error) => invalid(error) && !String(error).includes("c2VjcmV0"));
});

Deno.test("shapes fill in Go's zero values, drop the unknown and keep the absent absent", () => {
  type Thing = { readonly name: string; readonly count: number; readonly on: boolean; readonly more?: string };
  const thing = record<Thing>({ name: text, count: integer, on: flag, more: optional(text) });
  assert.deepEqual(thing({ name: null, unknown: 1 }, ""), { name: "", count: 0, on: false });
  assert.deepEqual(list(thing)(null, "things"), []);
});

Deno.test("shapes name the place of a fault", () => {
  assert.throws(() => createSpec({ mounts: [{ destination: 1 }] }, ""), /mounts\[0\]\.destination/);
  assert.throws(() => createSpec({ image: ["x"] }, ""), invalid);
  assert.throws(() => createSpec([], ""), invalid);
});

Deno.test("a prototype cannot be reached through a key", () => {
  const labels = map(text)(parseJson('{"__proto__":"x"}', "labels"), "labels");
  assert.equal(Object.hasOwn(labels, "__proto__"), true);
  const spec = createSpec(parseJson('{"image":"a","__proto__":{"privileged":true}}', "body"), "");
  assert.equal(spec.privileged, undefined);
});

Deno.test("createSpec() keeps a full description as it is", () => {
  const spec = {
    image: "alpine",
    command: ["sh"],
    env: { A: "b" },
    portmappings: [{ host_ip: "", container_port: 80, host_port: 8080, range: 1, protocol: "tcp" }],
    resource_limits: { memory: { limit: 1024 }, cpu: { shares: 2, quota: -1 } },
    Networks: { net: { interface_name: "eth0", static_ips: ["10.0.0.2"] } },
    healthconfig: { Test: ["CMD", "true"], Interval: 30000000000 },
  };
  assert.deepEqual(JSON.parse(JSON.stringify(createSpec(spec, ""))), spec);
});

Deno.test("splitTag() leaves a port alone", () => {
  assert.deepEqual(splitTag("localhost:5000/a"), { repo: "localhost:5000/a", tag: "" });
  assert.deepEqual(splitTag("localhost:5000/a:b"), { repo: "localhost:5000/a", tag: "b" });
});

Deno.test("no JSON makes createSpec() fail in another way than with an invalid argument", () => {
  const values = [null, true, 1, -1.5, "x", [], {}, [{}], { a: 1 }, { nsmode: 3 }, "__proto__"];
  const keys = ["image", "env", "mounts", "command", "labels", "netns", "portmappings", "healthconfig", "Networks"];
  for (let round = 0; round < 2000; round++) {
    const body = Object.fromEntries(keys.map((key) => [key, values[Math.floor(Math.random() * values.length)]]));
    try {
      createSpec(body, "");
    } catch (error) {
      assert.ok(invalid(error), String(error));
    }
  }
});
