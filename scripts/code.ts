/**
 * The program as a few scripts with compiled code beside them. What `version`, `run` and the lists load is compiled when
 * the program is built, every function of it, so that V8 has nothing to parse on the hot path; the rest is compiled when
 * it is called. docs/decisions/code_cache.md has the figures.
 */
import { type Chunk, chunkFunction, importsOf, type Places } from "./chunk.ts";

/** Stems of the modules that are loaded first by every command, by `run`, by lists, and for a network of its own. */
const hotModules = {
  always: ["main", "version", "load_config", "dist"],
  run: [
    "attach",
    "cgroup",
    "cgroup_layout",
    "create",
    "detach_keys",
    "exit",
    "exit_command",
    "find_conmon",
    "find_runtime",
    "forget",
    "lock",
    "mod",
    "remove",
    "run",
    "start",
    "verbs",
    "wait",
  ],
  list: ["inspect", "list", "mod"],
  network: ["define", "ipam", "netns", "ports", "setup"],
} as const;

export const hotStems: readonly string[] = [...new Set(Object.values(hotModules).flat())];

/** A script: `({"chunk":function…,…})`. */
export type Script = {
  readonly text: string;
  /** Whether every function is to be compiled in advance. */
  readonly hot: boolean;
};

/** Puts chunks that are wanted by the same commands into the same script. The first holds `main.js`, the last what is not hot. */
export function makeScripts(chunks: readonly Chunk[]): readonly Script[] {
  const imports = new Map(chunks.map((chunk) => [chunk.name, importsOf(chunk)]));
  const hot = (kind: keyof typeof hotModules) => closure(stemmed(chunks, hotModules[kind]), imports);
  const [always, run, list, network] = [hot("always"), hot("run"), hot("list"), hot("network")];
  const sets = [always, run.intersection(list), run, list, network];
  const placeOf = (name: string) => [...sets, new Set(imports.keys())].findIndex((set) => set.has(name));
  const places: Places = new Map(chunks.map(({ name }) => [name, placeOf(name)]));
  return Array.from({ length: sets.length + 1 }, (_, place) => {
    const members = chunks.filter(({ name }) => places.get(name) === place);
    const entries = members.map((chunk) => `${JSON.stringify(chunk.name)}:${chunkFunction(chunk, places)}`);
    return { text: `({${entries.join(",\n")}})`, hot: place < sets.length };
  });
}

/** The chunks of modules with these stems: the bundler names a chunk `STEM-HASH.js`, and the entry `main.js`. */
function stemmed(chunks: readonly Chunk[], stems: readonly string[]): readonly string[] {
  return stems.flatMap((stem) => {
    const found = chunks.filter(({ name }) => name === `${stem}.js` || name.replace(/-[A-Z0-9]+\.js$/, "") === stem);
    if (found.length === 0) throw new Error(`looking for module "${stem}": the bundle has no chunk of that name`);
    return found.map(({ name }) => name);
  });
}

function closure(names: readonly string[], imports: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const found = new Set(names);
  for (const name of found) imports.get(name)?.forEach((one) => found.add(one)); // a set also visits what is added meanwhile
  return found;
}

/**
 * Compiled code made by a V8 with other flags, presented as made by one with the flags of `native`. Both are what
 * `Script.createCachedData()` gives; the word at 12 is the hash of V8's flags, without which it refuses the code. The flags
 * that differ say only when a function is compiled and with which tables.
 */
export function withFlagsOf(native: Uint8Array, code: Uint8Array): Uint8Array {
  const [flags, length] = [12, 4];
  const result = code.slice();
  result.set(native.subarray(flags, flags + length), flags);
  return result;
}
