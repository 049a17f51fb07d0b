/** `exec`: another command in a container that runs. */

import assert from "node:assert/strict";
import { until } from "../support/execute.ts";
import { assertFails, assertResult, suite } from "../support/suite.ts";
import { allPlaces } from "../support/place.ts";
import { box, loadBox } from "../support/images.ts";

const test = suite("exec", {
  wheres: allPlaces,
  keep: true,
  prepare: async (place) => {
    await loadBox(place);
    const flags = ["--name", "host", "--network", "none", "-e", "FROM=container", "-w", "/home"];
    await place.must(["run", "-d", ...flags, box, "sleep", "1000"]);
  },
});

type Row = readonly [what: string, args: readonly string[], output: string];

const rows: readonly Row[] = [
  [
    "runs in the container's namespaces",
    ["host", "sh", "-c", "test $$ -ne 1 && tr '\\0' ' ' </proc/1/cmdline"],
    "sleep 1000 ",
  ],
  ["has the container's environment and folder", ["host", "sh", "-c", "echo $FROM; pwd"], "container\n/home\n"],
  ["-e adds a variable", ["-e", "MORE=x", "host", "sh", "-c", "echo $FROM $MORE"], "container x\n"],
  ["-w sets the folder", ["-w", "/tmp", "host", "pwd"], "/tmp\n"],
  ["-u sets the user", ["-u", "ann", "host", "sh", "-c", "id -u; id -g"], "1000\n1000\n"],
  ["-u sets user and group by number", ["-u", "5:6", "host", "sh", "-c", "id -u; id -g"], "5\n6\n"],
];

for (const [what, args, output] of rows) {
  test(what, async (place) => assertResult(await place.run(["exec", ...args]), { stdout: output }));
}

test("keeps output and error apart", async (place) => {
  const result = await place.run(["exec", "host", "sh", "-c", "echo out; echo err >&2"]);
  assertResult(result, { stdout: "out\n", stderr: "err\n" });
});

test("-i hands its input over", async (place) => {
  const input = "words\n".repeat(30_000);
  assertResult(await place.run(["exec", "-i", "host", "cat"], { input }), { stdout: input });
});

test("ends with the command's code", async (place) => {
  assertResult(await place.run(["exec", "host", "sh", "-c", "exit 33"]), { code: 33 });
  assertResult(await place.run(["exec", "host", "sh", "-c", "kill -9 $$"]), { code: 137 });
});

test("ends with 127 and 126 for what can't be run", async (place) => {
  const unknown = await place.run(["exec", "host", "nonesuch"]);
  assert.equal(unknown.code, 127, unknown.stderr);
  assert.match(unknown.stderr, /nonesuch.*not found/);
  const plain = await place.run(["exec", "host", "/etc/plain"]);
  assert.equal(plain.code, 126, plain.stderr);
  assert.match(plain.stderr, /permission denied/i);
});

test("-d returns the session's id at once", async (place) => {
  const id = await place.must(["exec", "-d", "host", "sh", "-c", "sleep 0.2; touch /tmp/detached"]);
  assert.match(id, /^[0-9a-f]{64}$/);
  await until("the file", async () => (await place.run(["exec", "host", "test", "-e", "/tmp/detached"])).code === 0);
});

test("refuses a container that does not run, or is not there", async (place) => {
  await place.must(["create", "--name", "idle", box, "true"]);
  const idle = await place.run(["exec", "idle", "true"]);
  assertFails(idle, {
    code: 255,
    error: /can only create exec sessions on running containers: container state improper/,
  });
  await place.must(["rm", "idle"]);
  const unknown = await place.run(["exec", "nonesuch", "true"]);
  assertFails(unknown, { code: 125, error: /no container with name or ID "?nonesuch"? found: no such container/ });
});

test("twenty at once all answer", async (place) => {
  const numbers = Array.from({ length: 20 }, (_, index) => String(index));
  const results = await Promise.all(numbers.map((number) => place.run(["exec", "host", "echo", number])));
  assert.deepEqual(results.map(({ stdout }) => stdout.trim()), numbers);
});

test("ends when the container does", async (place) => {
  await place.must(["run", "-d", "--name", "short", "--network", "none", box, "sleep", "1000"]);
  await using running = place.start(["exec", "short", "sh", "-c", "echo ready; sleep 1000"]);
  await running.saw(/ready/);
  await place.must(["rm", "-f", "-t", "0", "short"]);
  assert.notEqual((await running.result).code, 0);
});
