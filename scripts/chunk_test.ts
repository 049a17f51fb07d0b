import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { chunkFunction, importsOf } from "./chunk.ts";

const places = new Map([["main.js", 0], ["chunk-A.js", 0], ["pull-B.js", 4]]);

/** What the chunk exports when it is run with loaders that return what they are asked for. */
function run(text: string): unknown {
  const factory = (0, eval)(`(${chunkFunction({ name: "main.js", text }, places)})`);
  const load = (script: number, chunk: string) => ({ a: `${script} ${chunk}`, default: "whole" });
  const builtin = (name: string) => ({ join: `${name} join` });
  return factory(load, (script: number, chunk: string) => `later ${script} ${chunk}`, builtin, "file:///boot.js");
}

Deno.test("chunkFunction() hands imports in and exports out", () => {
  const text = 'import{a as b}from"./chunk-A.js";import*as c from"node:path";var d=[b,c.join];export{d as list,b};';
  deepStrictEqual(run(text), { list: ["0 chunk-A.js", "node:path join"], b: "0 chunk-A.js" });
});

Deno.test("chunkFunction() finds imports between statements, as of a default", () => {
  const text =
    'var a=1;function f(){return[a,b,c]}import b from"./chunk-A.js";import{join as c}from"node:path";export{f};';
  deepStrictEqual((run(text) as { f: () => unknown }).f(), [1, "whole", "node:path join"]);
});

Deno.test("chunkFunction() loads a chunk later from the script that holds it", () => {
  deepStrictEqual(run('var a=()=>import("./pull-B.js"),b=a();export{b};'), { b: "later 4 pull-B.js" });
});

Deno.test("chunkFunction() knows the program's address, and is not the main module", () => {
  deepStrictEqual(run("var a=[import.meta.url,import.meta.main];export{a};\n/*! licence */\n"), {
    a: ["file:///boot.js", false],
  });
});

Deno.test("chunkFunction() refuses what it does not understand", () => {
  throws(() => chunkFunction({ name: "a.js", text: "import(name)" }, places), /reading chunk "a.js": "import\(name\)"/);
  throws(() => chunkFunction({ name: "a.js", text: 'import"./gone-C.js";' }, places), /"gone-C.js"/);
});

Deno.test("importsOf() is what a chunk cannot do without", () => {
  const text = 'import{a}from"./chunk-A.js";import"node:fs";var b=()=>import("./pull-B.js");';
  deepStrictEqual(importsOf({ name: "main.js", text }), ["chunk-A.js"]);
  strictEqual(importsOf({ name: "main.js", text: "" }).length, 0);
});
