import assert from "node:assert/strict";
import { isKind } from "../../errors.ts";
import { startOrder } from "./dependencies.ts";

const orderOf = (graph: Readonly<Record<string, readonly string[]>>) => startOrder("a", (id) => graph[id] ?? []);

Deno.test("startOrder() puts what is needed before what needs it, once", () => {
  assert.deepEqual(orderOf({}), []);
  assert.deepEqual(orderOf({ a: ["b", "c"], b: ["d"], c: ["d", "b"] }), ["d", "b", "c"]);
});

Deno.test("startOrder() refuses a cycle", () => {
  assert.throws(() => orderOf({ a: ["b"], b: ["c"], c: ["b"] }), (error) => isKind(error, "containerState"));
  assert.throws(() => orderOf({ a: ["a"] }), (error) => isKind(error, "containerState"));
});
