import assert from "node:assert/strict";
import { Router } from "./router.ts";

function routerOf(...paths: readonly string[]): Router<string> {
  const router = new Router<string>();
  for (const path of paths) router.add({ method: "GET", path }, path);
  return router;
}

function found(router: Router<string>, path: string): unknown {
  const match = router.find("GET", path.slice(1).split("/"));
  return match.tag === "found" ? [match.value, Object.fromEntries(match.params)] : match.tag;
}

Deno.test("Router prefers literals, then parameters, then the rest of a path", () => {
  const router = routerOf("/images/json", "/images/{name}/changes", "/images/{name...}/json", "/images/{name...}");
  assert.deepEqual(found(router, "/images/json"), ["/images/json", {}]);
  assert.deepEqual(found(router, "/images/a/changes"), ["/images/{name}/changes", { name: "a" }]);
  assert.deepEqual(found(router, "/images/a/json"), ["/images/{name...}/json", { name: "a" }]);
  assert.deepEqual(found(router, "/images/a/b/c/json"), ["/images/{name...}/json", { name: "a/b/c" }]);
  assert.deepEqual(found(router, "/images/a/b"), ["/images/{name...}", { name: "a/b" }]);
});

Deno.test("Router tells an unknown path from a wrong method", () => {
  const router = routerOf("/containers/{name}/json");
  assert.equal(router.find("POST", ["containers", "a", "json"]).tag, "wrongMethod");
  assert.equal(router.find("GET", ["containers", "a"]).tag, "unknown");
  assert.equal(router.find("GET", ["containers", "", "json"]).tag, "unknown");
  assert.equal(router.find("GET", ["__proto__"]).tag, "unknown");
  assert.equal(router.find("GET", []).tag, "unknown");
});

Deno.test("Router refuses two routes at one place", () => {
  const router = routerOf("/a/{name}");
  assert.throws(() => router.add({ method: "GET", path: "/a/{name}" }, "again"), TypeError);
  assert.throws(() => router.add({ method: "GET", path: "/a/{id}/b" }, "other"), TypeError);
});
