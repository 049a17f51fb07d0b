/**
 * Checks what no single file shows: who imports whom (layers, cycles), file sizes, and that docs/architecture.md names
 * every folder there is. Prints each violation and fails. `docs/architecture.md` explains the levels.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path/posix";

export const maxFileLines = 400;
/** A file that starts with this comment is a table, a list of FFI symbols or a list of types. */
const tableMark = "// size: table";

/** Files by their path from the repository's root. */
export type Sources = ReadonlyMap<string, string>;

/** Level of each unit of code; `lib/x` is a folder, a name with `.ts` a file. */
const levels: ReadonlyMap<string, number> = new Map([
  ["lib/errors.ts", 0],
  ["lib/build_info.ts", 0],
  ["lib/signal_names.ts", 0],
  ...units(1, "lib/oci", "lib/sys"),
  ...units(2, "lib/engine"),
  ...units(3, "lib/spec", "lib/kube", "lib/quadlet", "lib/config"),
  ...units(3, "lib/state", "lib/storage", "lib/image", "lib/runtime", "lib/network"),
  ...units(3, "lib/rootless", "lib/build", "lib/systemd", "lib/machine"),
  ...units(4, "cmd", "lib/api", "lib/local"),
  ["main.ts", 5],
]);

const drivers: ReadonlySet<string> = new Set(
  ["state", "storage", "image", "runtime", "network", "rootless", "build", "systemd", "machine"].map((one) =>
    `lib/${one}`
  ),
);
/** Units that only compute: no kernel, no processes. */
const pure: ReadonlySet<string> = new Set(["lib/oci", "lib/engine", "lib/spec", "lib/kube", "lib/quadlet"]);

function units(level: number, ...names: readonly string[]): readonly (readonly [string, number])[] {
  return names.map((name) => [name, level] as const);
}

/** The unit that a file belongs to. */
function unitOf(path: string): string {
  if (path.startsWith("cmd/")) return "cmd";
  const [top = "", folder = ""] = path.split("/");
  return top === "lib" ? `lib/${folder}` : top;
}

function isOutside(path: string): boolean {
  return path.startsWith("tests/") || path.startsWith("scripts/") || path.endsWith("_test.ts");
}

/** Relative addresses in `import`, `export … from`, `import()` and `new URL(…, import.meta.url)`, types included. */
export function importsOf(path: string, source: string): readonly string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
  const forms = [
    /^\s*(?:import|export)\b[^"';]*?\bfrom\s*"(\.[^"]+)"/gm,
    /^\s*import\s*"(\.[^"]+)"/gm,
    /\bimport\(\s*"(\.[^"]+)"/g,
    /\bnew URL\(\s*"(\.[^"]+\.ts)"/g,
  ];
  const found = forms.flatMap((form) => [...code.matchAll(form)].map((match) => match[1] ?? ""));
  return [...new Set(found.map((address) => join(dirname(path), address)))];
}

/** Why `from` must not import `to`, if so. */
function layerFault(from: string, to: string): string | undefined {
  if (to.startsWith("tests/") || to.startsWith("scripts/")) return "the program imports neither tests nor scripts";
  const [source, target] = [unitOf(from), unitOf(to)];
  if (source === target) return undefined;
  const [above, below] = [levels.get(source), levels.get(target)];
  if (above === undefined) return `"${source}" has no level: see scripts/check.ts`;
  if (below === undefined) return `"${target}" has no level: see scripts/check.ts`;
  if (below > above) return `level ${above} imports level ${below}`;
  if (below === above) return `level ${above} imports sideways`;
  if ((source === "cmd" || source === "lib/api") && drivers.has(target)) return `${source} sees no drivers`;
  if (pure.has(source) && target === "lib/sys") return `${source} is pure`;
  return undefined;
}

export function checkLayers(sources: Sources): readonly string[] {
  return [...sources].filter(([path]) => !isOutside(path)).flatMap(([path, source]) =>
    importsOf(path, source).flatMap((target) => {
      const fault = layerFault(path, target);
      return fault === undefined ? [] : [`${path} → ${target}: ${fault}`];
    })
  );
}

/** Every import cycle once, as the path around it. */
export function checkCycles(sources: Sources): readonly string[] {
  const graph = new Map([...sources].map(([path, source]) => [path, importsOf(path, source)]));
  const done = new Set<string>();
  const cycles = new Map<string, string>();
  const visit = (path: string, trail: readonly string[]) => {
    const start = trail.indexOf(path);
    if (start >= 0) {
      const around = trail.slice(start);
      cycles.set([...around].sort().join(), [...around, path].join(" → "));
      return;
    }
    if (done.has(path)) return;
    for (const target of graph.get(path) ?? []) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  return [...cycles.values()].map((cycle) => `${cycle}: cycle`);
}

export function checkSizes(sources: Sources): readonly string[] {
  return [...sources].flatMap(([path, source]) => {
    const lines = source.split("\n").length - 1;
    if (lines <= maxFileLines || source.startsWith(tableMark)) return [];
    return [`${path}: ${lines} lines, the limit is ${maxFileLines}`];
  });
}

/** The map of the code must name every folder of `lib/` and `cmd`. */
export function checkMap(sources: Sources, map: string | undefined): readonly string[] {
  if (map === undefined) return [];
  const folders = new Set([...sources.keys()].map(unitOf).filter((unit) => levels.has(unit)));
  return [...folders].filter((unit) => !map.includes(unit)).map((unit) => `docs/architecture.md does not name ${unit}`);
}

/** All violations, one line each. */
export function check(sources: Sources, map: string | undefined): readonly string[] {
  return [...checkLayers(sources), ...checkCycles(sources), ...checkSizes(sources), ...checkMap(sources, map)];
}

function readSources(root: string): Sources {
  const tops = ["lib", "cmd", "scripts", "tests"].filter((top) => existsSync(join(root, top)));
  const inside = tops.flatMap((top) =>
    readdirSync(join(root, top), { recursive: true, encoding: "utf8" }).map((name) => join(top, name))
  );
  const paths = [...inside.filter((name) => name.endsWith(".ts")), "main.ts"].filter((one) =>
    existsSync(join(root, one))
  );
  return new Map(paths.sort().map((path) => [path, readFileSync(join(root, path), "utf8")]));
}

if (import.meta.main) {
  const root = join(import.meta.dirname ?? ".", "..");
  const map = join(root, "docs", "architecture.md");
  const faults = check(readSources(root), existsSync(map) ? readFileSync(map, "utf8") : undefined);
  for (const fault of faults) console.error(`check: ${fault}`);
  if (faults.length > 0) Deno.exitCode = 1;
}
