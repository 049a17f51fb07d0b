import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmdirSync, rmSync } from "node:fs";
import { readDir } from "./dir.ts";
import { O, open } from "./fd.ts";

Deno.test("readDir() finds nothing in a directory that was removed while it was open", () => {
  const place = mkdtempSync("/tmp/beluga-dir-");
  try {
    mkdirSync(`${place}/gone`);
    using directory = open(`${place}/gone`, O.RDONLY | O.DIRECTORY);
    rmdirSync(`${place}/gone`);
    assert.deepEqual(readDir(directory), []);
  } finally {
    rmSync(place, { recursive: true });
  }
});
