import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { Script } from "node:vm";
import { hotStems, makeScripts, withFlagsOf } from "./code.ts";

const chunks = [
  ...hotStems.map((stem) => ({ name: stem === "main" ? "main.js" : `${stem}-AB1.js`, text: "" })),
  { name: "chunk-RUN.js", text: "" },
  { name: "pull-C2.js", text: 'import"./chunk-RUN.js";' },
].map((chunk) => chunk.name === "run-AB1.js" ? { ...chunk, text: 'import"./chunk-RUN.js";' } : chunk);

function chunksOf({ text }: { readonly text: string }): readonly string[] {
  return Object.keys((0, eval)(text));
}

Deno.test("makeScripts() keeps together what the same commands load", () => {
  const scripts = makeScripts(chunks);
  deepStrictEqual(scripts[0] && chunksOf(scripts[0]).slice(0, 2), ["main.js", "version-AB1.js"]);
  const withRun = scripts.find((script) => chunksOf(script).includes("run-AB1.js"));
  strictEqual(withRun && chunksOf(withRun).includes("chunk-RUN.js"), true);
  deepStrictEqual(scripts.filter(({ hot }) => !hot).map(chunksOf), [["pull-C2.js"]]);
});

Deno.test("makeScripts() notices that a hot module has another name now", () => {
  throws(() => makeScripts(chunks.filter(({ name }) => name !== "run-AB1.js")), /looking for module "run"/);
});

Deno.test("withFlagsOf() changes the word that V8 compares its flags with, and only that", () => {
  const native = new Script("7").createCachedData();
  const code = new Script("(function(){return 8})").createCachedData();
  deepStrictEqual(withFlagsOf(native, code), code);
  deepStrictEqual(withFlagsOf(native, code.fill(0, 12, 16)).subarray(12, 16), native.subarray(12, 16));
});
