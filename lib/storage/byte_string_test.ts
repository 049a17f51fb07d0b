import assert from "node:assert/strict";
import { cleanPath, fromBytes, splitPath, toBytes, toName } from "./byte_string.ts";

Deno.test("cleanPath() resolves dots and never leaves the root", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["a/b", "a/b"],
    ["./a//b/", "a/b"],
    ["/etc/passwd", "etc/passwd"],
    ["../../etc/passwd", "etc/passwd"],
    ["a/../../b", "b"],
    ["a/./b/..", "a"],
    ["..", ""],
    ["./", ""],
    [".hidden/..a", ".hidden/..a"],
  ];
  for (const [path, expected] of cases) assert.equal(cleanPath(path), expected, path);
});

Deno.test("byte strings keep names that are not UTF-8", () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  assert.deepEqual(toBytes(fromBytes(bytes)), bytes);
  assert.equal(toName("plain"), "plain");
  assert.deepEqual(toName("\xff\xfe"), Uint8Array.of(255, 254));
});

Deno.test("splitPath() separates directory and name", () => {
  assert.deepEqual(splitPath("a/b/c"), { parent: "a/b", name: "c" });
  assert.deepEqual(splitPath("c"), { parent: "", name: "c" });
});
