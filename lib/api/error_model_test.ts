import assert from "node:assert/strict";
import { EngineError, type ErrorKindName, errorKinds } from "../errors.ts";
import { errorModel, fromErrorModel } from "./error_model.ts";

Deno.test("every kind of failure comes back as itself", () => {
  for (const kind of Object.keys(errorKinds) as readonly ErrorKindName[]) {
    const sent = new EngineError(kind, `because of "x"`);
    const model = JSON.parse(JSON.stringify(errorModel(sent)));
    const got = fromErrorModel(model, model.response);
    assert.deepEqual([got.kind, got.message, got.status], [kind, sent.message, sent.status]);
  }
});

Deno.test("a failure from Podman is known by its cause, else by its status", () => {
  const model = { cause: "no such container", message: "no container with name x", response: 404 };
  assert.equal(fromErrorModel(model, 404).kind, "noSuchContainer");
  assert.equal(fromErrorModel({ cause: "container state improper", message: "m" }, 409).kind, "containerState");
  assert.equal(fromErrorModel({ cause: "something else", message: "m" }, 409).kind, "conflict");
  assert.equal(fromErrorModel(null, 404).kind, "notFound");
  assert.equal(fromErrorModel({ kind: "__proto__" }, 500).kind, "internal");
});

Deno.test("an error of another class is internal and keeps its message", () => {
  assert.deepEqual(errorModel(new TypeError("oops")), {
    cause: "internal libpod error",
    message: "oops",
    response: 500,
  });
});
