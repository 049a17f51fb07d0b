/**
 * The first module of the compiled program: loads the scripts that `scripts/code.ts` made, with their compiled code, and
 * starts `main.ts`. Both lie inside the program, so nobody else can have written them. Where V8 does not take the code
 * (another architecture than the build's), it compiles the text.
 */
import { Script } from "node:vm";

type Exports = Readonly<Record<string, unknown>>;
type Load = (script: number, chunk: string) => Exports;
type Later = (script: number, chunk: string) => Promise<Exports>;
type Builtin = (name: string) => unknown;
type Factories = Readonly<Record<string, (load: Load, later: Later, builtin: Builtin, url: string) => Exports>>;

const folder = import.meta.dirname ?? "";
const scripts: Factories[] = [];
const loaded = new Map<string, Exports>();

function load(script: number, chunk: string): Exports {
  const before = loaded.get(chunk);
  if (before !== undefined) return before;
  const factories = scripts[script] ??= readScript(script);
  const exports = factories[chunk]?.(load, later, process.getBuiltinModule, import.meta.url) ?? {};
  loaded.set(chunk, exports);
  return exports;
}

/** As `import()`: failures are the promise's. */
// deno-lint-ignore require-await
async function later(script: number, chunk: string): Promise<Exports> {
  return load(script, chunk);
}

function readScript(script: number): Factories {
  const text = Deno.readTextFileSync(`${folder}/${script}.txt`);
  return new Script(text, { filename: `${script}.js`, cachedData: readCode(script) }).runInThisContext();
}

function readCode(script: number): Uint8Array | undefined {
  try {
    return Deno.readFileSync(`${folder}/${script}.code`);
  } catch {
    return undefined; // built for another architecture, where the code could not be made
  }
}

const { start } = load(0, "main.js") as { readonly start: () => Promise<void> };
start();
