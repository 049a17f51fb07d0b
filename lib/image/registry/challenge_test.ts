import assert from "node:assert/strict";
import { parseChallenges } from "./challenge.ts";

function plain(header: string) {
  return parseChallenges(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);
}

Deno.test("parseChallenges() reads what registries send", () => {
  assert.deepEqual(plain('Bearer realm="https://a/token",service="s",scope="repository:x:pull,push"'), [
    ["bearer", { realm: "https://a/token", service: "s", scope: "repository:x:pull,push" }],
  ]);
  assert.deepEqual(plain('Basic realm="with \\"quotes\\", and commas"'), [["basic", {
    realm: 'with "quotes", and commas',
  }]]);
});

Deno.test("parseChallenges() reads several challenges and odd spacing", () => {
  assert.deepEqual(plain('Negotiate, BASIC realm=plain , Bearer Realm = "r"'), [
    ["negotiate", {}],
    ["basic", { realm: "plain" }],
    ["bearer", { realm: "r" }],
  ]);
});

Deno.test("parseChallenges() ends, whatever the text", () => {
  for (const header of ["", ",,,", '"', "=", 'a="', "a=b", "Bearer realm=", "\u0000", "é", "x ".repeat(20_000)]) {
    assert.ok(Array.isArray(parseChallenges(header)));
  }
});
