import assert from "node:assert/strict";
import { limitWarnings } from "./limit_warnings.ts";

const limits = { memory: { limit: 1024 }, cpu: { shares: 0 } };

Deno.test("limitWarnings() says that limits are ignored where control groups are not the user's", () => {
  const layout = { mode: "hybrid", controllers: ["memory"], delegated: false } as const;
  assert.deepEqual(limitWarnings(limits, layout), [
    "Resource limits are not supported and ignored on cgroups V1 rootless systems",
  ]);
  assert.deepEqual(limitWarnings(limits, { ...layout, mode: "v2" }), [
    "Resource limits are ignored: control groups are not delegated to this user",
  ]);
});

Deno.test("limitWarnings() names a controller that is missing, and is silent without limits", () => {
  const layout = { mode: "v2", controllers: ["pids"], delegated: true } as const;
  assert.deepEqual(limitWarnings(limits, layout), [
    'Limits of "memory" are ignored: this host\'s control groups have no such controller',
  ]);
  assert.deepEqual(limitWarnings({ pids: { limit: 5 } }, layout), []);
  assert.deepEqual(limitWarnings(undefined, layout), []);
});
