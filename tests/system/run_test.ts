/** `run` as its caller sees it: output, input, exit codes, what it leaves. */

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { assertFails, assertResult, byProgram, suite } from "../support/suite.ts";
import { allPlaces } from "../support/place.ts";
import { box, loadBox } from "../support/images.ts";
import { until } from "../support/execute.ts";
import { footprint, settled } from "../support/footprint.ts";

const test = suite("run", { wheres: allPlaces, prepare: loadBox });
const quiet = ["run", "--rm", "--network", "none"];

test("gives the command's standard output and error, each on its own", async (place) => {
  const result = await place.run([...quiet, box, "sh", "-c", "echo out; echo err >&2"]);
  assertResult(result, { code: 0, stdout: "out\n", stderr: "err\n" });
});

const exits: readonly (readonly [string, number, readonly string[], RegExp])[] = [
  ["the command's own code", 42, ["sh", "-c", "exit 42"], /^$/],
  [
    "127 for a command that is not in the image",
    127,
    ["nonesuch"],
    /executable file [`"]nonesuch[`"]? not found in \$PATH|executable file not found in \$PATH/,
  ],
  ["127 for a path that is not in the image", 127, ["/bin/nonesuch"], /no such file or directory/i],
  ["126 for a file that is no program", 126, ["/etc/plain"], /permission denied/i],
  ["126 for a directory", 126, ["/etc"], /permission denied|is a directory/i],
];

for (const [what, code, command, error] of exits) {
  test(`ends with ${what}`, async (place) => {
    const result = await place.run([...quiet, box, ...command]);
    assert.equal(result.code, code, result.stderr);
    assert.match(result.stderr, error);
    assert.equal(await place.must(["ps", "-aq"]), "", "nothing may be left by --rm");
  });
}

test("ends with 125 for an image that cannot be had", async (place) => {
  const result = await place.run(["run", "--rm", "--pull", "never", "localhost/nonesuch", "true"]);
  assertFails(result, { code: 125, error: /localhost\/nonesuch(:latest)?: image not known/ });
});

test("-i hands its input to the command until the end", async (place) => {
  const input = "first\nsecond\n".repeat(20_000);
  const result = await place.run([...quiet, "-i", box, "cat"], { input });
  assertResult(result, { code: 0, stdout: input });
});

test("without -i the command's input is empty", async (place) => {
  const result = await place.run([...quiet, box, "wc", "-c"], { input: "not for the container\n" });
  assertResult(result, { code: 0, stdout: "0\n" });
});

test("-i answers while the input is still open", async (place) => {
  await using running = place.start([...quiet, "-i", box, "sh", "-c", "while read word; do echo got $word; done"], {
    keepInput: true,
  });
  await running.write("one\n");
  await running.saw(/got one/);
  await running.write("two\n");
  await running.saw(/got two/);
  await running.endInput();
  assertResult(await running.result, { code: 0, stdout: "got one\ngot two\n" });
});

test("keeps every byte of a large output", async (place) => {
  const result = await place.run([...quiet, box, "sh", "-c", "seq 1 60000"]);
  const numbers = Array.from({ length: 60_000 }, (_, index) => `${index + 1}\n`);
  assertResult(result, { code: 0, stdout: numbers.join("") });
});

test("--rm leaves nothing behind", async (place) => {
  await place.must([...quiet, "-v", "/anonymous", box, "true"]);
  await settled(place);
  const before = footprint(place);
  await place.must([...quiet, "-v", "/anonymous", box, "touch", "/anonymous/file"]);
  await settled(place);
  assert.deepEqual(footprint(place), before);
  assert.equal(await place.must(["ps", "-aq"]), "");
  assert.equal(await place.must(["volume", "ls", "-q"]), "");
});

test("-d prints the whole id and leaves the container to its monitor", async (place) => {
  const id = await place.must(["run", "-d", "--network", "none", box, "sleep", "100"]);
  assert.match(id, /^[0-9a-f]{64}$/);
  assert.equal(await place.must(["ps", "-q", "--no-trunc"]), id);
  const programs = place.processes().map((line) => line.split(" ")[0]?.split("/").at(-1));
  assert.deepEqual(programs.filter((name) => name !== "catatonit"), ["conmon"]);
  await place.must(["rm", "-f", "-t", "0", id]);
  await until("conmon's end", () => place.processes().every((line) => !line.includes("conmon")));
});

test("--cidfile receives the id and must not be there before", async (place) => {
  const file = place.path("cidfile");
  const id = await place.must(["run", "-d", "--cidfile", file, "--network", "none", box, "true"]);
  assert.equal(readFileSync(file, "utf8"), id);
  const again = await place.run(["run", "--cidfile", file, "--network", "none", box, "true"]);
  assertFails(again, { code: 125, error: /cidfile/i });
  await place.must(["rm", "-f", id]);
});

test("--rm and the --cidfile", async (place) => {
  const file = place.path("cidfile-rm");
  await place.must([...quiet, "--cidfile", file, box, "true"]);
  assert.equal(
    existsSync(file),
    byProgram({ beluga: false, podman: true, because: "Podman 5 removes it, 4.3 does not" }),
  );
});

test("a signal to the client reaches the command", async (place) => {
  // Podman begins to pass signals on a moment after the command's first output.
  const script = "trap 'echo got it; exit 7' TERM; sleep 1; echo ready; while true; do sleep 0.1; done";
  await using running = place.start([...quiet, box, "sh", "-c", script]);
  await running.saw(/ready/);
  running.kill("SIGTERM");
  assertResult(await running.result, { code: 7, stdout: "ready\ngot it\n" });
});

test("--sig-proxy=false keeps signals from the command", async (place) => {
  const script = "trap 'echo got it' TERM; sleep 1; echo ready; while true; do sleep 0.1; done";
  await using running = place.start([
    "run",
    "--name",
    "deaf",
    "--sig-proxy=false",
    "--network",
    "none",
    box,
    "sh",
    "-c",
    script,
  ]);
  await running.saw(/ready/);
  running.kill("SIGTERM");
  await running.result;
  assert.equal(await place.must(["inspect", "-f", "{{.State.Running}}", "deaf"]), "true");
  assert.doesNotMatch(await place.must(["logs", "deaf"]), /got it/);
  await place.must(["rm", "-f", "-t", "0", "deaf"]);
});

test("--attach joins only the named stream", async (place) => {
  const script = "echo out; echo err >&2";
  assertResult(await place.run([...quiet, "-a", "stdout", box, "sh", "-c", script]), { stdout: "out\n", stderr: "" });
  assertResult(await place.run([...quiet, "-a", "stderr", box, "sh", "-c", script]), { stdout: "", stderr: "err\n" });
});

test("flags stop at the image name", async (place) => {
  assertResult(await place.run([...quiet, box, "echo", "--rm", "-d", "--name=x"]), { stdout: "--rm -d --name=x\n" });
});
