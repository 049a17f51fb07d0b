import { type Bench, type Case, enginesOf } from "./case.ts";
import type { Engine } from "./engine.ts";
import { busyboxArchive, busyboxImage, manyArchive } from "./image.ts";
import { alternate, run, time } from "./measure.ts";
import type { Row } from "./row.ts";

export const containerCount = 100;

/** Loads the busybox image and creates the containers that lists are measured with. */
export async function createContainers(bench: Bench): Promise<void> {
  const archive = await busyboxArchive(bench.folder);
  for (const engine of enginesOf(bench)) {
    await run(engine.command("load", "-i", archive));
    for (let index = 0; index < containerCount; index++) {
      await run(engine.command("create", "--network", "none", "--name", `bench-${index}`, busyboxImage, "true"));
    }
  }
}

async function measure(bench: Bench): Promise<readonly Row[]> {
  const { beluga, runs } = bench;
  await run(beluga.command("load", "-i", await busyboxArchive(bench.folder)));
  const list = (engine: Engine, ...words: readonly string[]) => () => time(engine.command(...words));
  const [withNone = 0] = await alternate(runs, [list(beluga, "ps", "-a")]);
  await createContainers(bench);
  const many = await manyArchive(bench.folder, containerCount);
  for (const engine of enginesOf(bench)) await run(engine.command("load", "-i", many));
  const rows: Row[] = [];
  for (const words of [["ps", "-a"], ["images"], ["inspect", "bench-50"]]) {
    const [subject = 0, peer] = await alternate(runs, enginesOf(bench).map((engine) => list(engine, ...words)));
    const name = `${words.join(" ")}, ${containerCount} containers and images`;
    rows.push({ name, unit: "ms", subject, peer, peerName: "podman", budget: { atMost: 0.8 } });
  }
  const slope = ((rows[0]?.subject ?? 0) - withNone) / containerCount;
  return [...rows, { name: "ps -a, per container", unit: "ms", subject: slope, budget: { atMost: 0.05 } }];
}

/** What scripts ask all day, on a store with some content. */
export const listCase: Case = { name: "list", measure };
