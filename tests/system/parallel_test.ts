/** Many runs at once: none is lost, and nothing of them stays. */

import assert from "node:assert/strict";
import { footprint, settled } from "../support/footprint.ts";
import { until } from "../support/execute.ts";
import { suite } from "../support/suite.ts";
import { type Place, rootlessCrun, rootRunc } from "../support/place.ts";
import { box, loadBox } from "../support/images.ts";

const wheres = [{ ...rootRunc, ownNetwork: true }, rootlessCrun];
const test = suite("parallel", { wheres, prepare: loadBox });
const atOnce = 8;

type Runs = { readonly count: number; readonly flags: readonly string[] };

/** Runs `count` containers, some at once; what each of them printed. */
async function runMany(place: Place, { count, flags }: Runs): Promise<readonly string[]> {
  const outputs: string[] = [];
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const number = next++;
      outputs[number] = await place.must(["run", "--rm", ...flags, box, "echo", `number ${number}`]);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return outputs;
}

async function leavesNothing(place: Place, run: () => Promise<void>): Promise<void> {
  await place.must(["run", "--rm", box, "true"]); // what the first run makes for all
  await settled(place);
  const before = remains(place);
  await run();
  await until("processes to end", () => remains(place).length === before.length).catch(() => {});
  assert.deepEqual(remains(place), before);
  assert.equal(await place.must(["ps", "-aq"]), "");
  assert.equal(await place.must(["volume", "ls", "-q"]), "");
}

function remains(place: Place): readonly string[] {
  const { folders, mounts, processes, namespaces } = footprint(place);
  return [...folders, ...mounts, ...processes.filter((line) => !line.includes("aardvark")), ...namespaces];
}

const expected = (count: number) => Array.from({ length: count }, (_, number) => `number ${number}`);

test("runs without a network leave nothing", async (place) => {
  const count = 16;
  await leavesNothing(place, async () => {
    assert.deepEqual(await runMany(place, { count, flags: ["--network", "none", "-v", "/data"] }), expected(count));
  });
}, { onlyBeluga: "Podman takes too long" });

test("runs with the default network leave nothing", async (place) => {
  const count = 16;
  await leavesNothing(place, async () => assert.deepEqual(await runMany(place, { count, flags: [] }), expected(count)));
}, { onlyBeluga: "Podman takes too long" });
