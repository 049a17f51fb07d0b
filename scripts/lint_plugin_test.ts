import { deepStrictEqual } from "node:assert/strict";
import plugin, { maxFunctionLines, tableMark } from "./lint_plugin.ts";

type Case = { readonly rule: string; readonly source: string; readonly file?: string };

const lines = "  one();\n".repeat(maxFunctionLines);
const nested = "function f() { if (a) { for (;;) { while (b) { if (c) d(); } } } }";

const refused: readonly Case[] = [
  { rule: "no-exit", source: "Deno.exit(1);" },
  { rule: "no-exit", source: "process.exit(1);", file: "scripts/build.ts" },
  { rule: "no-dlopen", source: 'Deno.dlopen("libc.so.6", {});' },
  { rule: "no-command", source: 'new Deno.Command("ls");' },
  { rule: "no-process-module", source: 'import { spawn } from "node:child_process";' },
  { rule: "no-non-null", source: "a!.b;" },
  { rule: "no-enum", source: "enum A { b }" },
  { rule: "no-default-export", source: "export default 1;" },
  { rule: "no-proxy", source: "new Proxy({}, {});" },
  { rule: "no-decorator", source: "@sealed class A {}" },
  { rule: "no-cast", source: "function makeIt(a: unknown) { return a as string; }" },
  { rule: "type-name", source: "interface IEngine { a: string }" },
  { rule: "type-name", source: "class EngineImpl {}" },
  { rule: "file-name", source: "", file: "lib/local/someThing.ts" },
  { rule: "file-name", source: "", file: "lib/local/utils.ts" },
  { rule: "max-nesting", source: nested },
  { rule: "max-parameters", source: "function f(a: string, b: string, c: string, d: string) {}" },
  { rule: "max-parameters", source: "function f(a: string, b: string, c: string) {}" },
  { rule: "max-function-lines", source: `function f() {\n${lines}}` },
];

const accepted: readonly Case[] = [
  { rule: "no-exit", source: "process.exit.then(a);" },
  { rule: "no-dlopen", source: 'Deno.dlopen("libc.so.6", {});', file: "lib/sys/libc.ts" },
  { rule: "no-command", source: 'new Deno.Command("ls");', file: "lib/sys/process.ts" },
  { rule: "no-command", source: 'new Deno.Command("ls");', file: "tests/system/run_test.ts" },
  { rule: "no-cast", source: "function parseIt(a: unknown) { return a as string; }" },
  { rule: "no-cast", source: "const a = [1] as const;" },
  { rule: "no-cast", source: "const a = b as string;", file: "lib/api/codec.ts" },
  { rule: "type-name", source: "type Image = string; type Id = string; type IPAM = string;" },
  { rule: "file-name", source: "", file: "lib/runtime/cgroup_manager.ts" },
  { rule: "max-nesting", source: "function f() { if (a) b(); else if (c) d(); else if (e) g(); else if (h) i(); }" },
  { rule: "max-nesting", source: "function f() { if (a) for (;;) while (b) c.map((d) => { if (d) e(); }); }" },
  { rule: "max-parameters", source: "function f(a: string, b: string, { c }: D) {}" },
  { rule: "max-parameters", source: "function f(a: string, b: string, options: Options = {}) {}" },
  { rule: "max-function-lines", source: `${tableMark}\nfunction f() {\n${lines}}` },
];

function found({ rule, source, file = "lib/local/one.ts" }: Case): boolean {
  return Deno.lint.runPlugin(plugin, file, source).some(({ id }) => id === `beluga/${rule}`);
}

for (const one of refused) {
  Deno.test(`lint refuses ${one.rule} in ${one.file ?? JSON.stringify(one.source.slice(0, 60))}`, () => {
    deepStrictEqual(found(one), true);
  });
}

for (const one of accepted) {
  Deno.test(`lint lets ${one.file ?? JSON.stringify(one.source.slice(0, 60))} pass ${one.rule}`, () => {
    deepStrictEqual(found(one), false);
  });
}
