/** create, start, stop, kill, wait, rm, and what inspect says between them. */

import assert from "node:assert/strict";
import { until } from "../support/execute.ts";
import { assertFails, assertResult, lines, suite } from "../support/suite.ts";
import { type Place, twoPlaces } from "../support/place.ts";
import { box, boxImage, loadBox, loadImage } from "../support/images.ts";

const test = suite("containers", {
  wheres: twoPlaces,
  prepare: async (place) => {
    await loadBox(place);
    await loadImage(place, boxImage({ StopSignal: "SIGUSR1" }, "localhost/usr1:latest"));
  },
});
const detached = ["run", "-d", "--network", "none"];

function state(place: Place, name: string, field = "Status"): Promise<string> {
  return place.must(["inspect", "-f", `{{.State.${field}}}`, name]);
}

const patient =
  "trap 'echo got TERM; exit 3' TERM; trap 'echo got USR1; exit 4' USR1; echo ready; while true; do sleep 0.1; done";

function ready(place: Place, name: string): Promise<void> {
  return until(`${name} to be ready`, async () => /ready/.test(await place.must(["logs", name])));
}

test("create, start, wait and rm go through the states", async (place) => {
  const id = await place.must(["create", "--name", "life", "--network", "none", box, "sh", "-c", "exit 8"]);
  assert.match(id, /^[0-9a-f]{64}$/);
  assert.equal(await state(place, "life"), "created");
  assert.equal(await place.must(["start", "life"]), "life");
  assert.equal(await place.must(["wait", "life"]), "8");
  assert.equal(await state(place, "life"), "exited");
  assert.equal(await state(place, "life", "ExitCode"), "8");
  assert.equal(await place.must(["rm", "life"]), "life");
  assert.equal((await place.run(["container", "exists", "life"])).code, 1);
});

test("start -a gives output and exit code", async (place) => {
  await place.must(["create", "--name", "attached", "--network", "none", box, "sh", "-c", "echo hi; exit 6"]);
  assertResult(await place.run(["start", "-a", "attached"]), { code: 6, stdout: "hi\n" });
  assertResult(await place.run(["start", "-a", "attached"]), { code: 6, stdout: "hi\n" });
  await place.must(["rm", "attached"]);
});

test("stop sends SIGTERM and waits", async (place) => {
  await place.must([...detached, "--name", "gentle", box, "sh", "-c", patient]);
  await ready(place, "gentle");
  assert.equal(await place.must(["stop", "gentle"]), "gentle");
  assert.equal(await state(place, "gentle", "ExitCode"), "3");
  assert.match(await place.must(["logs", "gentle"]), /got TERM/);
  await place.must(["rm", "gentle"]);
});

test("stop sends the signal of the image or of --stop-signal", async (place) => {
  await place.must([...detached, "--name", "of-image", "localhost/usr1", "sh", "-c", patient]);
  await place.must([...detached, "--name", "of-flag", "--stop-signal", "USR1", box, "sh", "-c", patient]);
  for (const name of ["of-image", "of-flag"]) {
    await ready(place, name);
    await place.must(["stop", name]);
    assert.equal(await state(place, name, "ExitCode"), "4");
  }
  await place.must(["rm", "of-image", "of-flag"]);
});

test("stop kills what does not listen, after --stop-timeout or -t", async (place) => {
  await place.must([...detached, "--name", "stubborn", "--stop-timeout", "1", box, "sleep", "1000"]);
  await place.must(["stop", "stubborn"]);
  assert.equal(await state(place, "stubborn", "ExitCode"), "137");
  await place.must(["start", "stubborn"]);
  await place.must(["stop", "-t", "0", "stubborn"]);
  assert.equal(await state(place, "stubborn", "ExitCode"), "137");
  assertResult(await place.run(["stop", "stubborn"]), { code: 0 });
  await place.must(["rm", "stubborn"]);
});

test("kill sends SIGKILL, or the named signal", async (place) => {
  await place.must([...detached, "--name", "killed", box, "sh", "-c", patient]);
  await ready(place, "killed");
  await place.must(["kill", "-s", "USR1", "killed"]);
  assert.equal(await place.must(["wait", "killed"]), "4");
  await place.must(["start", "killed"]);
  assert.equal(await place.must(["kill", "killed"]), "killed");
  assert.equal(await place.must(["wait", "killed"]), "137");
  const dead = await place.run(["kill", "killed"]);
  assert.notEqual(dead.code, 0);
  assert.match(dead.stderr, /can only kill running containers.*container state improper/);
  await place.must(["rm", "killed"]);
});

test("wait tells the codes of several, in order", async (place) => {
  for (const code of ["1", "2"]) await place.must([...detached, "--name", `w${code}`, box, "sh", "-c", `exit ${code}`]);
  assert.equal(await place.must(["wait", "w1", "w2"]), "1\n2");
  await place.must(["rm", "w1", "w2"]);
});

test("wait blocks until the end", async (place) => {
  await place.must([...detached, "--name", "later", box, "sh", "-c", patient]);
  await ready(place, "later");
  await using waiting = place.start(["wait", "later"]);
  await place.must(["kill", "-s", "TERM", "later"]);
  assertResult(await waiting.result, { stdout: "3\n" });
  await place.must(["rm", "later"]);
});

test("rm refuses a running container, -f stops it first", async (place) => {
  const id = await place.must([...detached, "--name", "busy", box, "sleep", "1000"]);
  const refused = await place.run(["rm", "busy"]);
  assert.equal(refused.code, 2, refused.stderr);
  assert.match(
    refused.stderr,
    new RegExp(
      `cannot remove container ${id} as it is running - running or paused containers cannot be removed without force: container state improper`,
    ),
  );
  await place.must(["rm", "-f", "-t", "0", "busy"]);
  assert.equal(await place.must(["ps", "-aq"]), "");
});

test("rm of an unknown name ends with 1, with -f or -i with 0", async (place) => {
  assertFails(await place.run(["rm", "nonesuch"]), {
    code: 1,
    error: /no container with (name or )?ID "?nonesuch"?.*no such container|no such container/,
  });
  assertResult(await place.run(["rm", "-f", "nonesuch"]), { code: 0 });
  assertResult(await place.run(["rm", "-i", "nonesuch"]), { code: 0 });
});

test("rm -a removes all that do not run", async (place) => {
  await place.must(["create", "--name", "one", box, "true"]);
  await place.must(["create", "--name", "two", box, "true"]);
  assert.equal(lines(await place.must(["rm", "-a"])).length, 2);
  assert.equal(await place.must(["ps", "-aq"]), "");
});

test("names, ids and beginnings of ids are understood", async (place) => {
  const id = await place.must(["create", "--name", "known", box, "true"]);
  for (const word of ["known", id, id.slice(0, 12), id.slice(0, 5)]) {
    assert.equal(await place.must(["inspect", "-f", "{{.Id}}", word]), id);
    assertResult(await place.run(["container", "exists", word]), { code: 0 });
  }
  await place.must(["rm", id.slice(0, 6)]);
});

test("a name in use is refused, --replace takes it", async (place) => {
  const id = await place.must(["create", "--name", "taken", box, "true"]);
  const refused = await place.run(["create", "--name", "taken", box, "true"]);
  assertFails(refused, { code: 125, error: /the container name "taken" is already in use by "?[0-9a-f]{64}/ });
  const other = lines(await place.must(["create", "--name", "taken", "--replace", box, "true"])).at(-1);
  assert.notEqual(other, id);
  assert.equal(await place.must(["ps", "-aq", "--no-trunc"]), other);
  await place.must(["rm", "taken"]);
});

test("a bad name is refused", async (place) => {
  const result = await place.run(["create", "--name", "a/b", box, "true"]);
  assertFails(result, { code: 125, error: /names must match \[a-zA-Z0-9\]\[a-zA-Z0-9_.-\]\*: invalid argument/ });
});

test("a stopped container starts again with what it had written", async (place) => {
  const script = "cat /kept 2>/dev/null; echo once >/kept";
  await place.must(["create", "--name", "again", "--network", "none", box, "sh", "-c", script]);
  assertResult(await place.run(["start", "-a", "again"]), { stdout: "" });
  assertResult(await place.run(["start", "-a", "again"]), { stdout: "once\n" });
  await place.must(["rm", "again"]);
});

test("inspect tells what was asked for", async (place) => {
  const flags = ["--label", "a=b", "-e", "C=d", "--hostname", "pike", "-w", "/tmp", "-u", "ann", "--stop-timeout", "7"];
  await place.must(["create", "--name", "told", ...flags, "--restart", "on-failure:3", box, "echo", "x y"]);
  const [told] = JSON.parse(await place.must(["inspect", "told"]));
  assert.equal(told.Name, "told");
  assert.equal(told.ImageName, box);
  assert.equal(told.Config.Labels.a, "b");
  assert.ok(told.Config.Env.includes("C=d"));
  assert.equal(told.Config.Hostname, "pike");
  assert.equal(told.Config.WorkingDir, "/tmp");
  assert.equal(told.Config.User, "ann");
  assert.equal(told.Config.StopTimeout, 7);
  assert.deepEqual(told.Config.Cmd, ["echo", "x y"]);
  assert.deepEqual([told.Path, told.Args], ["echo", ["x y"]]);
  assert.deepEqual(told.HostConfig.RestartPolicy, { Name: "on-failure", MaximumRetryCount: 3 });
  assert.equal(told.State.Status, "created");
  await place.must(["rm", "told"]);
});

test("a policy to restart works with the engine gone", async (place) => {
  const script = "echo turn; exit 1";
  await place.must([...detached, "--name", "turning", "--restart", "on-failure:2", box, "sh", "-c", script]);
  const turns = async () => lines(await place.must(["logs", "turning"])).length;
  await until("three turns", async () => await turns() === 3);
  await until("the end", async () => await state(place, "turning") === "exited");
  assert.equal(await state(place, "turning", "ExitCode"), "1");
  assert.equal(await place.must(["inspect", "-f", "{{.RestartCount}}", "turning"]), "2");
  await place.must(["rm", "turning"]);
});

test("stop ends even what restarts always", async (place) => {
  await place.must([...detached, "--name", "always", "--restart", "always", box, "sh", "-c", "sleep 0.3"]);
  await until("a restart", async () => Number(await place.must(["inspect", "-f", "{{.RestartCount}}", "always"])) > 0);
  await place.must(["stop", "-t", "0", "always"]);
  assert.equal(await state(place, "always"), "exited");
  await place.must(["rm", "-f", "always"]);
});

test("a container whose monitor was killed is seen as ended", async (place) => {
  const id = await place.must([...detached, "--name", "orphan", box, "sleep", "1000"]);
  const pid = Number(await state(place, "orphan", "Pid"));
  const monitor = Number(await place.must(["inspect", "-f", "{{.State.ConmonPid}}", "orphan"]));
  Deno.kill(monitor, "SIGKILL");
  Deno.kill(pid, "SIGKILL");
  await until("the end", async () => !["running", "initialized"].includes(await state(place, "orphan")));
  await place.must(["rm", "-f", "-t", "0", id]);
}, { onlyBeluga: "Podman 4.3 goes on calling it running" });
