/**
 * Measures the budgets side by side with Podman: `deno task bench [--only NAME,…] [--runs N] [--json FILE]`.
 *
 * Each value is the median of alternating runs. Both engines work on stores of their own below a temporary folder, in a
 * mount and a network namespace of their own, so that nothing of the host's is touched and crun works where cgroups are
 * mounted in the hybrid way that it refuses.
 */
import { existsSync } from "node:fs";
import { join } from "node:path/posix";
import { parseArgs } from "node:util";
import type { Bench, Case } from "./bench/case.ts";
import { codeCase } from "./bench/case_code.ts";
import { listCase } from "./bench/case_list.ts";
import { extractCase, pullCase } from "./bench/case_pull.ts";
import { parallelCase, runCase } from "./bench/case_run.ts";
import { memoryCase, serviceCase } from "./bench/case_service.ts";
import { versionCase } from "./bench/case_version.ts";
import { clear, makeEngine } from "./bench/engine.ts";
import { formatTable, holds, ratioOf, type Row } from "./bench/row.ts";

const root = join(import.meta.dirname ?? ".", "..");
const cases: readonly Case[] = [
  versionCase,
  codeCase,
  runCase,
  parallelCase,
  listCase,
  pullCase,
  extractCase,
  serviceCase,
  memoryCase,
];

type Settings = {
  readonly only: readonly string[];
  readonly runs: number;
  readonly json: string | undefined;
  readonly beluga: string;
  readonly podman: string | undefined;
};

function readSettings(args: readonly string[]): Settings {
  const text = { type: "string" } as const;
  const { values } = parseArgs({ args: [...args], options: { only: text, runs: text, json: text } });
  const only = values.only?.split(",") ?? cases.map(({ name }) => name);
  const unknown = only.find((name) => !cases.some((one) => one.name === name));
  if (unknown !== undefined) throw new Error(`reading --only "${unknown}": ${cases.map((one) => one.name).join(", ")}`);
  const beluga = Deno.env.get("BELUGA") ?? join(root, "dist", "beluga");
  if (!existsSync(beluga)) throw new Error(`looking for "${beluga}": build it with deno task build`);
  return { only, runs: Number(values.runs ?? 10), json: values.json, beluga, podman: findProgram("podman") };
}

function findProgram(name: string): string | undefined {
  const folders = (Deno.env.get("PATH") ?? "").split(":");
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

async function measure(settings: Settings): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const one of cases.filter(({ name }) => settings.only.includes(name))) {
    console.error(`bench: ${one.name}`);
    rows.push(...await measureCase(one, settings));
  }
  return rows;
}

async function measureCase(one: Case, { beluga, podman, runs }: Settings): Promise<readonly Row[]> {
  const folder = await Deno.makeTempDir({ prefix: "beluga-bench-" });
  const runtimes = ["crun", "runc"].filter((name) => findProgram(name) !== undefined);
  const withRuntime = (runtime: string): Bench => ({
    beluga: makeEngine(folder, { name: "beluga", program: beluga, runtime }),
    podman: podman === undefined ? undefined : makeEngine(folder, { name: "podman", program: podman, runtime }),
    runs,
    folder,
    runtimes,
    withRuntime,
  });
  const bench = withRuntime(runtimes.at(-1) ?? "runc");
  try {
    return await one.measure(bench);
  } finally {
    await clear(bench.beluga);
    if (bench.podman !== undefined) await clear(bench.podman);
    await Deno.remove(folder, { recursive: true });
  }
}

/** Set in the environment of the process inside the namespaces. */
const insideMark = "BELUGA_BENCH_INSIDE";

/** Starts this program again in namespaces of its own and returns its exit code. */
async function enterNamespaces(): Promise<number> {
  const prepare = 'umount /sys/fs/cgroup/unified 2>/dev/null; ip link set lo up 2>/dev/null; exec "$@"';
  const self = [Deno.execPath(), "run", "-A", import.meta.filename ?? "", ...Deno.args];
  const args = ["--mount", "--net", "--propagation", "private", "sh", "-c", prepare, "sh", ...self];
  const child = new Deno.Command("unshare", { args, env: { [insideMark]: "1" } }).spawn();
  return (await child.status).code;
}

async function main(): Promise<number> {
  const settings = readSettings(Deno.args);
  if (Deno.uid() === 0 && Deno.env.get(insideMark) === undefined) return await enterNamespaces();
  const rows = await measure(settings);
  console.log(formatTable(rows));
  const results = rows.map((row) => ({ ...row, ratio: ratioOf(row), holds: holds(row) }));
  if (settings.json !== undefined) Deno.writeTextFileSync(settings.json, `${JSON.stringify(results, null, 2)}\n`);
  return results.some((row) => row.holds === false) ? 1 : 0;
}

if (import.meta.main) {
  try {
    Deno.exitCode = await main();
  } catch (error) {
    console.error(`bench: ${error instanceof Error ? error.message : error}`);
    Deno.exitCode = 1;
  }
}
