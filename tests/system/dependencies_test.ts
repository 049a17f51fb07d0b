/** Containers that need others: `--requires` and joined namespaces. */

import assert from "node:assert/strict";
import { assertFails, lines, suite } from "../support/suite.ts";
import { type Place, twoPlaces } from "../support/place.ts";
import { box, loadBox } from "../support/images.ts";

const test = suite("dependencies", { wheres: twoPlaces, prepare: loadBox });

async function chain(place: Place): Promise<void> {
  const create = ["create", "--network", "none"];
  await place.must([...create, "--name", "first", box, "sleep", "100"]);
  await place.must([...create, "--name", "second", "--requires", "first", box, "sleep", "100"]);
  await place.must([
    "create",
    "--name",
    "third",
    "--network",
    "container:first",
    "--requires",
    "second",
    box,
    "sleep",
    "100",
  ]);
}

async function running(place: Place): Promise<readonly string[]> {
  return lines(await place.must(["ps", "--format", "{{.Names}}"])).toSorted();
}

test("start starts what is needed first, and rm -fa removes all", async (place) => {
  await chain(place);
  await place.must(["start", "third"]);
  assert.deepEqual(await running(place), ["first", "second", "third"]);
  await place.must(["stop", "-t", "0", "-a"]);
  await place.must(["start", "second"]);
  assert.deepEqual(await running(place), ["first", "second"]);
  await place.must(["rm", "-f", "-t", "0", "-a"]);
  assert.deepEqual(lines(await place.must(["ps", "-aq"])), []);
});

test("run starts the container whose namespaces it joins, which outlives it", async (place) => {
  await place.must(["create", "--name", "donor", "--network", "none", "--ipc", "shareable", box, "sleep", "100"]);
  const joined = ["run", "--rm", "--network", "container:donor", "--ipc", "container:donor", box, "true"];
  await place.must(joined);
  assert.deepEqual(await running(place), ["donor"]);
  await place.must(joined);
  await place.must(["rm", "-f", "-t", "0", "donor"]);
});

test("what cannot be started keeps what needs it from starting", async (place) => {
  await place.must(["create", "--name", "broken", "--network", "none", box, "/no/such/program"]);
  await place.must(["create", "--name", "hopeful", "--network", "none", "--requires", "broken", box, "true"]);
  const result = await place.run(["start", "hopeful"]);
  assert.notEqual(result.code, 0);
  assert.match(result.stderr, /\/no\/such\/program/);
  assert.deepEqual(await running(place), []);
  assertFails(await place.run(["rm", "broken"]), { code: 125, error: /has dependent containers/ });
  await place.must(["rm", "-f", "-a"]);
}, { onlyBeluga: "Podman says only that some containers failed" });
