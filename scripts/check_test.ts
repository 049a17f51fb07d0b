import { deepStrictEqual } from "node:assert/strict";
import { check, importsOf, maxFileLines } from "./check.ts";

type Tree = Readonly<Record<string, string>>;

function faults(tree: Tree, map?: string): readonly string[] {
  return check(new Map(Object.entries(tree)), map);
}

/** A tree in which `from` imports `to`, and what check says of it. */
function importing(from: string, to: string): readonly string[] {
  const climb = "../".repeat(from.split("/").length - 1) || "./";
  return faults({ [from]: `import { a } from "${climb}${to}";\n`, [to]: "export const a = 1;\n" });
}

const refused: readonly (readonly [from: string, to: string, why: string])[] = [
  ["lib/oci/digest.ts", "lib/engine/mod.ts", "level 1 imports level 2"],
  ["lib/sys/mount.ts", "lib/oci/digest.ts", "level 1 imports sideways"],
  ["lib/storage/layer.ts", "lib/state/mod.ts", "level 3 imports sideways"],
  ["cmd/container/run.ts", "lib/local/mod.ts", "level 4 imports sideways"],
  ["cmd/container/run.ts", "lib/storage/mod.ts", "cmd sees no drivers"],
  ["lib/api/server.ts", "lib/runtime/mod.ts", "lib/api sees no drivers"],
  ["lib/local/mod.ts", "main.ts", "level 4 imports level 5"],
  ["lib/spec/resolve.ts", "lib/sys/mount.ts", "lib/spec is pure"],
  ["lib/local/mod.ts", "tests/support/image.ts", "the program imports neither tests nor scripts"],
  ["lib/novel/mod.ts", "lib/errors.ts", '"lib/novel" has no level: see scripts/check.ts'],
];

for (const [from, to, why] of refused) {
  Deno.test(`check refuses ${from} importing ${to}`, () => {
    deepStrictEqual(importing(from, to), [`${from} → ${to}: ${why}`]);
  });
}

for (
  const [from, to] of [
    ["main.ts", "lib/local/mod.ts"],
    ["lib/local/mod.ts", "lib/storage/mod.ts"],
    ["cmd/container/run.ts", "lib/spec/mod.ts"],
    ["lib/sys/mount.ts", "lib/errors.ts"],
    ["lib/storage/layer_test.ts", "tests/support/tar.ts"],
  ] as const
) {
  Deno.test(`check lets ${from} import ${to}`, () => deepStrictEqual(importing(from, to), []));
}

Deno.test("check prints the path around a cycle", () => {
  const tree = {
    "lib/oci/a.ts": 'import { b } from "./b.ts";\n',
    "lib/oci/b.ts": 'export type { C } from "./c.ts";\n',
    "lib/oci/c.ts": 'export const load = () => import("./a.ts");\n',
  };
  deepStrictEqual(faults(tree), ["lib/oci/a.ts → lib/oci/b.ts → lib/oci/c.ts → lib/oci/a.ts: cycle"]);
});

Deno.test("check refuses a long file unless it is marked as a table", () => {
  const long = "const a = 1;\n".repeat(maxFileLines + 1);
  deepStrictEqual(faults({ "lib/oci/a.ts": long }), [`lib/oci/a.ts: ${maxFileLines + 1} lines, the limit is 400`]);
  deepStrictEqual(faults({ "lib/oci/a.ts": `// size: table\n${long}` }), []);
});

Deno.test("check asks docs/architecture.md to name every folder", () => {
  deepStrictEqual(faults({ "lib/oci/a.ts": "", "cmd/a.ts": "" }, "only `lib/oci`"), [
    "docs/architecture.md does not name cmd",
  ]);
});

Deno.test("importsOf() sees every form of import and no comment", () => {
  const source = [
    'import type { A } from "./a.ts";',
    'import {\n  b,\n} from "./b.ts";',
    'import "./c.ts";',
    'export * from "../d.ts";',
    'const e = await import("./e.ts");',
    'new Worker(new URL("./f_worker.ts", import.meta.url));',
    '// import { g } from "./g.ts";',
    'import { h } from "node:fs";',
  ].join("\n");
  deepStrictEqual([...importsOf("lib/x/y.ts", source)].sort(), [
    "lib/d.ts",
    "lib/x/a.ts",
    "lib/x/b.ts",
    "lib/x/c.ts",
    "lib/x/e.ts",
    "lib/x/f_worker.ts",
  ]);
});
