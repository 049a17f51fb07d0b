import { type Bench, type Case, enginesOf } from "./case.ts";
import { busyboxArchive, busyboxImage } from "./image.ts";
import { alternate, percentile, run, time } from "./measure.ts";
import type { Row } from "./row.ts";

type Kind = { readonly network: string; readonly atMost: number };

const kinds: readonly Kind[] = [{ network: "none", atMost: 0.5 }, { network: "bridge", atMost: 0.6 }];

async function measure(bench: Bench): Promise<readonly Row[]> {
  const archive = await busyboxArchive(bench.folder);
  for (const engine of enginesOf(bench)) await run(engine.command("load", "-i", archive));
  const rows: Row[] = [];
  for (const runtime of bench.runtimes) {
    for (const kind of kinds) rows.push(await measureRun(bench.withRuntime(runtime), { ...kind, runtime }));
  }
  return rows;
}

type Run = Kind & { readonly runtime: string };

async function measureRun(bench: Bench, { network, atMost, runtime }: Run): Promise<Row> {
  const subjects = enginesOf(bench).map((engine) => () =>
    time(engine.command("run", "--rm", "--network", network, busyboxImage, "true"))
  );
  const [subject = Number.NaN, peer] = await alternate(bench.runs, subjects);
  const name = `run --rm --network ${network}, ${runtime}`;
  return { name, unit: "ms", subject, peer, peerName: "podman", budget: { atMost } };
}

const parallelRuns = 32;

async function measureParallel(bench: Bench): Promise<readonly Row[]> {
  const { beluga } = bench;
  await run(beluga.command("load", "-i", await busyboxArchive(bench.folder)));
  const times: number[] = [];
  let lost = 0;
  for (let batch = 0; batch < 3; batch++) {
    const batchTimes = await Promise.all(Array.from({ length: parallelRuns }, (_, index) => runOne(bench, `${index}`)));
    lost += batchTimes.filter((one) => one === undefined).length;
    times.push(...batchTimes.filter((one) => one !== undefined));
  }
  const left = (await run(beluga.command("ps", "-aq"))).split("\n").filter(Boolean).length;
  const [p50, p99] = [percentile(times, 50), percentile(times, 99)];
  return [
    {
      name: "32 parallel runs, p99 / p50",
      unit: "ms",
      subject: p99,
      peer: p50,
      peerName: "p50",
      budget: { atMost: 3 },
    },
    { name: "32 parallel runs, lost or left", unit: "runs", subject: lost + left, budget: { atMost: 0 } },
  ];
}

/** Milliseconds of a run that must echo `word`; undefined when it failed or its output was lost. */
async function runOne({ beluga }: Bench, word: string): Promise<number | undefined> {
  const start = performance.now();
  try {
    const output = await run(beluga.command("run", "--rm", "--network", "none", busyboxImage, "echo", word));
    return output === `${word}\n` ? performance.now() - start : undefined;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return undefined;
  }
}

/** One container from command line to exit code, with each OCI runtime. */
export const runCase: Case = { name: "run", measure };
/** Many at once on one store. */
export const parallelCase: Case = { name: "parallel", measure: measureParallel };
