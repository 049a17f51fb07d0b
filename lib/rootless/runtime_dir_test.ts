import assert from "node:assert/strict";
import { chmodSync, chownSync, lstatSync, mkdirSync, symlinkSync } from "node:fs";
import { isKind } from "../errors.ts";
import { secureRuntimeDir } from "./runtime_dir.ts";

function inDirectory(body: (path: string) => void): void {
  const directory = Deno.makeTempDirSync();
  try {
    body(`${directory}/runtime`);
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

const refused = (path: string, reason: RegExp) =>
  assert.throws(() => secureRuntimeDir(path), (error) => isKind(error, "permission") && reason.test(error.message));

Deno.test("secureRuntimeDir() makes a private directory and takes it the next time", () =>
  inDirectory((path) => {
    secureRuntimeDir(path);
    secureRuntimeDir(path);
    assert.equal(lstatSync(path).mode & 0o777, 0o700);
  }));

Deno.test("secureRuntimeDir() closes a directory that others could read", () =>
  inDirectory((path) => {
    mkdirSync(path, { mode: 0o755 });
    secureRuntimeDir(path);
    assert.equal(lstatSync(path).mode & 0o777, 0o700);
  }));

Deno.test("secureRuntimeDir() refuses links and directories that others could write into", () =>
  inDirectory((path) => {
    symlinkSync("/run", path);
    refused(path, /no directory/);
    mkdirSync(`${path}2`);
    chmodSync(`${path}2`, 0o777);
    refused(`${path}2`, /others can write/);
  }));

Deno.test({
  name: "secureRuntimeDir() refuses another user's directory",
  ignore: Deno.uid() !== 0,
  fn: () =>
    inDirectory((path) => {
      mkdirSync(path, { mode: 0o700 });
      chownSync(path, 12345, 12345);
      refused(path, /belongs to user 12345/);
    }),
});
