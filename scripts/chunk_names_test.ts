import { deepStrictEqual, notStrictEqual, strictEqual } from "node:assert/strict";
import { chunkNames, rename } from "./chunk_names.ts";

/** A bundle whose hashes are `a`, `b` and `c`: the first imports the second, which imports the first. */
function bundle([a, b, c]: readonly string[]): ReadonlyMap<string, string> {
  return new Map([
    ["main.js", `import"./mod-${a}.js";import("./chunk-${c}.js")`],
    [`mod-${a}.js`, `import"./chunk-${b}.js";export let x=1`],
    [`chunk-${b}.js`, `import"./mod-${a}.js";export let y=1`],
    [`chunk-${c}.js`, "export let z=1"],
  ]);
}

function renamed(texts: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  const names = chunkNames(texts);
  return Object.fromEntries([...texts].map(([name, text]) => [names.get(name) ?? name, rename(text, names)]));
}

Deno.test("chunks have the same names whatever the bundler called them", () => {
  const one = renamed(bundle(["AAAAAAAA", "BBBBBBBB", "CCCCCCCC"]));
  const other = renamed(bundle(["ZZZZZZZZ", "YYYYYYYY", "XXXXXXXX"]));
  deepStrictEqual(one, other);
  strictEqual(Object.keys(one).length, 4);
  strictEqual(Object.keys(one).every((name) => name === "main.js" || /^(mod|chunk)-[A-F0-9]{8}\.js$/.test(name)), true);
});

Deno.test("chunks that are alike have two names", () => {
  const names = chunkNames(new Map([["a-AAAAAAAA.js", "1"], ["a-BBBBBBBB.js", "1"]]));
  notStrictEqual(names.get("a-AAAAAAAA.js"), names.get("a-BBBBBBBB.js"));
});
