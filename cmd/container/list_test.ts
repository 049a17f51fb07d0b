import assert from "node:assert/strict";
import { assertGolden } from "../_golden.ts";
import { runCommandLine } from "../_run_command.ts";
import { exited, running } from "./_samples.ts";

const containers = { list: () => Promise.resolve([running, exited]) };

const golden: readonly (readonly [string, readonly string[]])[] = [
  ["ps.txt", ["ps", "-a"]],
  ["ps_size_pod.txt", ["ps", "-a", "--size", "--pod", "--no-trunc"]],
  ["ps_ns.txt", ["ps", "-a", "--ns"]],
  ["ps.json.txt", ["ps", "-a", "--format", "json"]],
  ["ps_table.txt", ["ps", "-a", "--format", "table {{.ID}} {{.Names}} {{.Labels}} {{.RunningFor}} {{.Size}}"]],
];

for (const [name, argv] of golden) {
  Deno.test(`${argv.join(" ")} prints as tests/golden/${name} has it`, async () => {
    await assertGolden(name, (await runCommandLine(argv, { containers })).stdout);
  });
}

Deno.test("ps asks for running containers only, for all with -a, a status or a number of the last", async () => {
  const asked = async (...flags: readonly string[]) => {
    const { calls } = await runCommandLine(["ps", ...flags], { containers });
    return calls[0]?.[1] as { all: boolean; last?: number };
  };
  assert.equal((await asked()).all, false);
  assert.equal((await asked("-a")).all, true);
  assert.equal((await asked("--filter", "status=exited")).all, true);
  assert.equal((await asked("--filter", "name=x")).all, false);
  assert.deepEqual(await asked("-l").then(({ all, last }) => [all, last]), [true, 1]);
});

Deno.test("ps -q prints short ids, and whole ones with --no-trunc", async () => {
  const short = await runCommandLine(["ps", "-aq"], { containers });
  assert.equal(short.stdout, "dde2914747d3\nb1783e0bcdf9\n");
  const whole = await runCommandLine(["ps", "-aq", "--no-trunc"], { containers });
  assert.equal(whole.stdout, `${exited.Id}\n${running.Id}\n`);
});

Deno.test("ps sorts by the column asked for", async () => {
  const names = async (by: string) =>
    (await runCommandLine(["ps", "-a", "--sort", by, "--format", "{{.Names}}"], { containers })).stdout;
  assert.equal(await names("names"), "averyveryverylongname-c2\nc1\n");
  assert.equal(await names("command"), "averyveryverylongname-c2\nc1\n");
  assert.equal(await names("id"), "c1\naveryveryverylongname-c2\n");
});

Deno.test("ps refuses flags that contradict each other", async () => {
  const refusal = async (...flags: readonly string[]) => (await runCommandLine(["ps", ...flags])).stderr;
  assert.equal(await refusal("-q", "--size"), "Error: quiet conflicts with size and namespace\n");
  assert.equal(await refusal("-l", "--last", "2"), "Error: last and latest are mutually exclusive\n");
  assert.equal(await refusal("--filter", "name"), 'Error: invalid filter "name"\n');
});
