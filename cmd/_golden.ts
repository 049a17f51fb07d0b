/** Compares with tests/golden; `UPDATE_GOLDEN=1` writes instead. */

import assert from "node:assert/strict";

export async function assertGolden(name: string, actual: string): Promise<void> {
  const path = new URL(`../tests/golden/${name}`, import.meta.url);
  if (Deno.env.get("UPDATE_GOLDEN") === "1") await Deno.writeTextFile(path, actual);
  assert.equal(actual, await Deno.readTextFile(path));
}
