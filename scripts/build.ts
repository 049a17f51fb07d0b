/**
 * Builds the program: `deno task build [--target TARGET] [--output FILE]`.
 *
 * The modules are bundled first (minified, one chunk per lazily loaded command, packages included), then the chunks are
 * put into a few scripts whose compiled code goes into the program as well, because otherwise V8 spends longer on reading
 * the program than on running it; docs/decisions/bundle.md and code_cache.md have the figures.
 * Two builds of one commit are byte for byte equal: names come from content, every file's time is the commit's.
 */
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, relative } from "node:path/posix";
import { parseArgs } from "node:util";
import { makeScripts } from "./code.ts";
import { chunkNames, rename } from "./chunk_names.ts";
import { type Base, belongsTo, denoVersion, findBase, hash, nativeTarget, type Target, targets } from "./denort.ts";

const root = join(import.meta.dirname ?? ".", "..");

/** The flags of `deno compile`. Not Deno's code cache: it is a guessable file in /tmp that anyone may have written. */
const compileFlags = ["-q", "-A", "--no-check", "--no-config", "--no-code-cache"];
/** V8's flags: a young generation that is not collected before a short command ends. */
const v8Flags = ["--min-semi-space-size=8"];
/** V8's flags to compile every function, with what it needs for the stack of an error. */
const eagerFlags = ["--no-lazy", "--no-enable-lazy-source-positions"];
const bundleFlags = ["-q", "--minify", "--code-splitting", "--platform=deno"];

const shortTargets: Readonly<Record<string, Target>> = {
  amd64: "x86_64-unknown-linux-gnu",
  arm64: "aarch64-unknown-linux-gnu",
  macos: "aarch64-apple-darwin",
  windows: "x86_64-pc-windows-msvc",
};

type Source = { readonly commit: string; readonly time: number };

/** Builds for `target` and returns the size and hash of what was written to `output`. */
export async function build(
  target: Target,
  output: string,
): Promise<{ readonly size: number; readonly sha256: string }> {
  if (Deno.version.deno !== denoVersion) {
    throw new Error(`building with Deno ${Deno.version.deno}: the pinned one is ${denoVersion}, run scripts/setup.sh`);
  }
  const base = await findBase(target, root);
  if (base.kind === "file" && !belongsTo(readFileSync(base.path).subarray(0, 64), target)) {
    throw new Error(`using "${base.path}" as base: it is not a program for "${target}"`);
  }
  const work = join(root, ".cache", `build-${Deno.pid}`);
  try {
    const workers = (await bundle(work)).map(scriptName);
    const scripts = await writeScripts(work, { base, target });
    setTimes(work, statSync(join(work, "main.js")).mtime ?? new Date(0));
    await compile(work, { base, target, output, entry: "boot.js", includes: [...workers, ...scripts] });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return { size: statSync(output).size, sha256: await hash(readFileSync(output)) };
}

type Program = {
  readonly base: Base;
  readonly target: Target;
  readonly output: string;
  /** The first module. */
  readonly entry: string;
  /** Other modules and files; paths in the working folder, as `entry`. */
  readonly includes?: readonly string[];
  readonly flags?: readonly string[];
};

async function compile(work: string, program: Program): Promise<void> {
  const { base, target, output, entry, includes = [], flags = v8Flags } = program;
  const aside = join(work, target.includes("windows") ? "beluga.exe" : "beluga");
  const environment = base.kind === "file" ? { DENORT_BIN: base.path } : undefined;
  const args = [
    "--target",
    target,
    `--v8-flags=${flags.join(",")}`,
    ...includes.flatMap((path) => ["--include", path]),
  ];
  await deno(["compile", ...compileFlags, ...args, "-o", aside, entry], work, environment);
  mkdirSync(dirname(output), { recursive: true });
  copyFileSync(aside, `${output}.${Deno.pid}`); // work may be on another file system
  renameSync(`${output}.${Deno.pid}`, output);
}

/** Gives every file below `work` the same time, since `deno compile` records it. */
function setTimes(work: string, time: Date): void {
  for (const name of readdirSync(work, { recursive: true, encoding: "utf8" })) utimesSync(join(work, name), time, time);
}

/** Puts the chunks below `work` into scripts, compiles those if the target is this machine's, and returns all their files. */
async function writeScripts(
  work: string,
  { base, target }: Pick<Program, "base" | "target">,
): Promise<readonly string[]> {
  await deno(
    ["bundle", "-q", "--minify", "--platform=deno", "--outdir", work, "boot.ts", "compile_code.ts"],
    import.meta.dirname ?? root,
  );
  const names = readdirSync(work).filter((name) =>
    name.endsWith(".js") && !["boot.js", "compile_code.js"].includes(name)
  );
  const chunks = names.sort().map((name) => ({ name, text: readFileSync(join(work, name), "utf8") }));
  const scripts = makeScripts(chunks).map(({ text, hot }, index) => ({ text, hot, name: `${index}.txt` }));
  for (const { name, text } of scripts) writeFileSync(join(work, name), text);
  const texts = scripts.map(({ name }) => name);
  if (target !== nativeTarget()) return texts;
  const compiler = join(work, "compiler");
  for (const mode of ["eager", "lazy"] as const) {
    const flags = mode === "eager" ? [...v8Flags, ...eagerFlags] : v8Flags;
    await compile(work, { base, target, output: compiler, entry: "compile_code.js", flags });
    await run(compiler, [mode, ...scripts.filter(({ hot }) => hot || mode === "lazy").map(({ name }) => name)], {
      cwd: work,
    });
  }
  return [...texts, ...texts.map((name) => name.replace(/txt$/, "code"))];
}

/** Writes the program's chunks below `work`, `main.js` first to be run, and returns the modules that are workers. */
export async function bundle(work: string): Promise<readonly string[]> {
  const source = await readSource();
  const workers = findWorkers(join(root, "lib"));
  await deno(["bundle", ...bundleFlags, "--outdir", work, "main.ts", ...workers], root);
  finishBundle(work, { source, workers });
  return workers;
}

/** Compiles a program that does nothing, with the flags of the real one: what start-up is measured against. */
export async function compileEmpty(output: string): Promise<void> {
  const work = Deno.makeTempDirSync();
  const target = nativeTarget();
  try {
    writeFileSync(join(work, "main.js"), "");
    await compile(work, { base: await findBase(target, root), target, output, entry: "main.js" });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Modules that run as workers; they are entry points of the bundle, named `…_worker.ts`. */
export function findWorkers(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith("_worker.ts"))
    .map((name) => relative(root, join(folder, name)))
    .sort();
}

function scriptName(module: string): string {
  return module.replace(/\.ts$/, ".js");
}

/** Gives the chunks below `work` names that are the same wherever the program is built. */
function renameChunks(work: string): void {
  const files = readdirSync(work, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".js"));
  const texts = new Map(files.map((name) => [name, readFileSync(join(work, name), "utf8")]));
  const names = chunkNames(texts);
  for (const name of files) rmSync(join(work, name));
  for (const [name, text] of texts) writeFileSync(join(work, names.get(name) ?? name), rename(text, names));
}

/** Everything the bundler leaves to do: marks, worker addresses, `require` of built-in modules, file times. */
function finishBundle(work: string, facts: { readonly source: Source; readonly workers: readonly string[] }): void {
  renameChunks(work);
  for (const name of readdirSync(work, { recursive: true, encoding: "utf8" })) {
    const path = join(work, name);
    if (!statSync(path).isFile()) continue;
    writeFileSync(path, finishChunk(readFileSync(path, "utf8"), { name, ...facts }));
    utimesSync(path, facts.source.time, facts.source.time);
  }
}

type Chunk = { readonly name: string; readonly source: Source; readonly workers: readonly string[] };

/** One chunk's text made ready for `deno compile`. */
export function finishChunk(text: string, { name, source, workers }: Chunk): string {
  let finished = text.replaceAll("@@commit@@", source.commit).replaceAll("@@commit_time@@", String(source.time));
  for (const worker of workers) {
    const address = `./${relative(dirname(name), scriptName(worker))}`;
    finished = finished.replaceAll(`"./${basename(worker)}"`, JSON.stringify(address));
  }
  // Packages in CommonJS ask for built-in modules with `require`, which an ES module does not have.
  const needsRequire = finished.includes("Dynamic require of");
  return needsRequire ? `var require=name=>process.getBuiltinModule(name);${finished}` : finished;
}

async function readSource(): Promise<Source> {
  const git = async (...words: string[]) => {
    const { stdout, success } = await new Deno.Command("git", { args: words, cwd: root, stderr: "null" }).output();
    return success ? new TextDecoder().decode(stdout).trim() : undefined;
  };
  const commit = await git("rev-parse", "HEAD");
  if (commit === undefined) return { commit: "unknown", time: Number(Deno.env.get("SOURCE_DATE_EPOCH") ?? 0) };
  const changed = await git("status", "--porcelain", "--untracked-files=no");
  return {
    commit: changed === "" ? commit : `${commit}-dirty`,
    time: Number(await git("show", "-s", "--format=%ct", "HEAD")),
  };
}

async function deno(args: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}): Promise<void> {
  await run(Deno.execPath(), args, { cwd, env: { DENO_TLS_CA_STORE: "system", NO_COLOR: "1", ...env } });
}

type Place = { readonly cwd: string; readonly env?: Readonly<Record<string, string>> };

async function run(program: string, args: readonly string[], { cwd, env = {} }: Place): Promise<void> {
  const command = new Deno.Command(program, { args: [...args], cwd, env, stdout: "null", stderr: "piped" });
  const { success, stderr } = await command.output();
  if (!success) throw new Error(`running ${basename(program)} ${args[0]}: ${new TextDecoder().decode(stderr).trim()}`);
}

function readTarget(word: string | undefined): Target {
  if (word === undefined) return nativeTarget();
  const target = shortTargets[word] ?? targets.find((one) => one === word);
  if (target !== undefined) return target;
  throw new Error(`reading --target "${word}": it is none of ${[...Object.keys(shortTargets), ...targets].join(", ")}`);
}

async function main(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { target: { type: "string" }, output: { type: "string" } },
  });
  const target = readTarget(values.target);
  const name = target === nativeTarget() ? "beluga" : `beluga-${target}${target.includes("windows") ? ".exe" : ""}`;
  const output = values.output ?? join(root, "dist", name);
  const { size, sha256 } = await build(target, output);
  console.log(`${relative(Deno.cwd(), output)}  ${(size / 1e6).toFixed(1)} MB  sha256:${sha256}`);
}

if (import.meta.main) {
  try {
    await main(Deno.args);
  } catch (error) {
    console.error(`build: ${error instanceof Error ? error.message : error}`);
    Deno.exitCode = 1;
  }
}
