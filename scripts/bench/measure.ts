/** Timing: programs run alternately, so that a busy machine slows all of them alike. */

/** A command line; `ok` says which exit codes count as success, 0 alone when left out. */
export type Command = { readonly argv: readonly string[]; readonly env?: Readonly<Record<string, string>> };

export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** The nearest-rank percentile; NaN of nothing. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * percent / 100) - 1)] ?? Number.NaN;
}

/** Runs to the end and returns standard output; throws with standard error when it fails. */
export async function run({ argv, env }: Command): Promise<string> {
  const [program = "", ...args] = argv;
  const { success, stdout, stderr } = await new Deno.Command(program, { args, env, stdin: "null" }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (!success) throw new Error(`running ${argv.join(" ")}: ${text(stderr).trim()}`);
  return text(stdout);
}

/** Milliseconds from start to exit; throws when it fails. */
export async function time(command: Command): Promise<number> {
  const start = performance.now();
  await run(command);
  return performance.now() - start;
}

/** Times what each function does, in turns, after one turn to warm up unless `cold`; the medians in the functions' order. */
export async function alternate(
  runs: number,
  subjects: readonly (() => Promise<number>)[],
  { cold = false }: { readonly cold?: boolean } = {},
): Promise<readonly number[]> {
  const times: number[][] = subjects.map(() => []);
  for (const subject of cold ? [] : subjects) await subject();
  for (let round = 0; round < runs; round++) {
    for (const [index, subject] of subjects.entries()) times[index]?.push(await subject());
  }
  return times.map(median);
}

/** Largest resident memory in bytes that the process and its descendants had together, looked at every 20 ms. */
export async function peakMemory({ argv, env }: Command): Promise<number> {
  const [program = "", ...args] = argv;
  const child = new Deno.Command(program, { args, env, stdin: "null", stdout: "null", stderr: "null" }).spawn();
  let peak = 0;
  const timer = setInterval(() => peak = Math.max(peak, treeMemory(child.pid)), 20);
  const { success } = await child.status;
  clearInterval(timer);
  if (!success) throw new Error(`running ${argv.join(" ")} failed`);
  return peak;
}

/** Process ids below /proc with the id of their parent. */
function parents(): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  for (const { name } of Deno.readDirSync("/proc")) {
    const status = /^\d+$/.test(name) ? readProc(`${name}/stat`) : undefined;
    const parent = status?.slice(status.lastIndexOf(")") + 2).split(" ")[1];
    if (parent !== undefined) found.set(Number(name), Number(parent));
  }
  return found;
}

function treeMemory(top: number): number {
  const all = parents();
  const below = (pid: number): boolean => pid === top || (pid > 1 && below(all.get(pid) ?? 0));
  return [...all.keys()].filter(below).reduce((sum, pid) => sum + memoryOf(pid, "VmRSS"), 0);
}

/** One of the sizes in /proc/PID/status in bytes; 0 when the process is gone. */
function memoryOf(pid: number, field: string): number {
  const line = readProc(`${pid}/status`)?.match(new RegExp(`^${field}:\\s+(\\d+) kB`, "m"));
  return Number(line?.[1] ?? 0) * 1024;
}

/** Processes whose command line holds `text`, with their name and private memory in bytes. */
export function processesWith(text: string): readonly { readonly name: string; readonly bytes: number }[] {
  return [...parents().keys()].flatMap((pid) => {
    if (pid === Deno.pid || !readProc(`${pid}/cmdline`)?.includes(text)) return [];
    const rollup = readProc(`${pid}/smaps_rollup`) ?? "";
    const kilobytes = [...rollup.matchAll(/^Private_\w+:\s+(\d+) kB/gm)].map((match) => Number(match[1]));
    const name = readProc(`${pid}/comm`)?.trim() ?? "";
    return [{ name, bytes: kilobytes.reduce((sum, one) => sum + one * 1024, 0) }];
  });
}

function readProc(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(`/proc/${path}`);
  } catch {
    return undefined; // the process has ended
  }
}
