/** Commands killed at any moment: the next ones work, and what was left goes with the containers. */

import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { until } from "../support/execute.ts";
import { assertResult, suite } from "../support/suite.ts";
import { type Place, processesNaming, rootlessCrun, rootRunc } from "../support/place.ts";
import { box, boxImage, dockerArchive, loadBox, writeArchive } from "../support/images.ts";

const wheres = [{ ...rootRunc, ownNetwork: true }, rootlessCrun];
const test = suite("crash", { wheres, prepare: loadBox });

const script = "echo started; exec sleep 1";
const victims: readonly (readonly string[])[] = [
  ["run", "--rm", box, "sh", "-c", script],
  ["run", "--rm", "--network", "none", "-v", "/data", box, "sh", "-c", script],
  ["run", "-d", "--name", "named", "--replace", "-v", "kept:/etc", box, "sleep", "100"],
  ["start", "named"],
  ["stop", "-t", "0", "named"],
  ["rm", "-f", "-t", "0", "-v", "named"],
];
/** Of each command, how often it is killed. */
const rounds = 3;

/** How long the command takes when nobody kills it decides when it is killed. */
async function duration(place: Place, args: readonly string[]): Promise<number> {
  const before = performance.now();
  await place.run(args);
  return performance.now() - before;
}

async function killAfter(
  place: Place,
  args: readonly string[],
  { milliseconds }: { readonly milliseconds: number },
): Promise<void> {
  await using running = place.start(args);
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  await Promise.race([promise, running.result.catch(() => {})]);
  clearTimeout(timer);
  running.kill("SIGKILL");
  await running.result.catch(() => {});
}

function entries(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** Where this place keeps what lasts and what does not. */
function roots(place: Place): { readonly root: string; readonly runRoot: string } {
  if (!place.rootless) return { root: place.path("root"), runRoot: place.path("run") };
  return { root: place.path("home/.local/share/beluga"), runRoot: place.path("xdg/beluga") };
}

/** What belongs to containers, as paths and words; nothing when there are none. */
function remains(place: Place): readonly string[] {
  const { root, runRoot } = roots(place);
  const folders = [`${root}/containers`, `${root}/staging`]
    .concat(["containers", "netns", "exits", "attended"].map((name) => `${runRoot}/${name}`));
  return [
    ...folders.flatMap((folder) => entries(folder).map((name) => `${folder}/${name}`)),
    ...entries(`${runRoot}/runtime`).flatMap((name) => entries(`${runRoot}/runtime/${name}`)),
    ...place.mounts(),
    ...place.processes().filter((line) => !line.includes("aardvark-dns")),
  ];
}

test("a command that is killed leaves a state from which the next works, and nothing behind", async (place) => {
  for (const args of victims) {
    const whole = Math.min(await duration(place, args), 1500);
    for (let round = 1; round <= rounds; round++) {
      await killAfter(place, args, { milliseconds: (whole * (round - Math.random())) / rounds });
      const told = `after ${args.slice(0, 3).join(" ")}, killed in round ${round}`;
      assert.equal((await place.run(["ps", "-a"])).code, 0, told);
      const next = await place.run(["run", "--rm", box, "echo", "works"]);
      assertResult(next, { code: 0, stdout: "works\n" });
    }
  }
  await place.must(["rm", "-f", "-a", "-v", "-t", "0"]);
  await until("processes to end", () => remains(place).length === 0).catch(() => {});
  assert.deepEqual(remains(place), []);
  assert.equal(await place.must(["volume", "ls", "-q", "--filter", "anonymous=true"]), "");
}, { onlyBeluga: "it is a promise of ours" });

test("a removal takes away what has no row: run files, namespaces, roots, exit codes", async (place) => {
  const { root, runRoot } = roots(place);
  const id = "0123456789abcdef".repeat(4);
  for (const folder of [`${root}/containers/${id}/upper`, `${runRoot}/containers/${id}`]) {
    await place.host(["mkdir", "-p", folder]);
  }
  await place.host(["ln", "-s", root, `${runRoot}/containers/${id}/root`]);
  for (const name of ["netns", "exits", "attended", "locks"]) {
    await place.host(["mkdir", "-p", `${runRoot}/${name}`]);
    await place.host(["touch", `${runRoot}/${name}/${id}`]);
  }
  await place.run(["rm", "-f", "nonesuch"]);
  assert.deepEqual(remains(place), []);
  assert.equal(existsSync(`${runRoot}/locks/${id}`), false);
}, { onlyBeluga: "it looks at our own folders" });

test("a removal leaves alone what belongs to another root", async (place) => {
  if (place.rootless) return;
  const other = ["--root", place.path("other")];
  await place.must([...other, "load", "-q", "-i", writeArchive(place, dockerArchive(boxImage()))]);
  const id = await place.must([...other, "run", "-d", "--network", "none", box, "sleep", "100"]);
  await place.must(["create", "--name", "mine", box, "true"]);
  await place.must(["rm", "mine"]);
  assert.equal(await place.must([...other, "exec", id, "echo", "alive"]), "alive");
  await place.must([...other, "rm", "-f", "-t", "0", id]);
}, { onlyBeluga: "Podman keeps one run root for each root" });

test("after a reboot containers have ended, can be started, and those with --rm go", async (place) => {
  if (place.rootless) return;
  await place.must(["run", "-d", "--name", "survivor", box, "sleep", "100"]);
  await place.must(["run", "-d", "--rm", "--name", "temporary", box, "sleep", "100"]);
  await loseEverythingRunning(place, ["survivor", "temporary"]);
  assert.equal(await place.must(["inspect", "-f", "{{.State.Status}}", "survivor"]), "exited");
  await place.must(["start", "survivor"]);
  assert.equal(await place.must(["exec", "survivor", "echo", "again"]), "again");
  await place.must(["rm", "-f", "-t", "0", "survivor"]);
  assert.equal(await place.must(["ps", "-aq"]), "");
}, { onlyBeluga: "it looks at our own folders" });

/** What a reboot does: no process, no mount, an empty run root. */
async function loseEverythingRunning(place: Place, names: readonly string[]): Promise<void> {
  const first = await Promise.all(names.map((name) => place.must(["inspect", "-f", "{{.State.Pid}}", name])));
  const { runRoot } = roots(place);
  const monitors = processesNaming(runRoot).map(({ pid }) => String(pid));
  await place.host(["kill", "-9", ...monitors, ...first]);
  await until("the monitors to end", () => processesNaming(runRoot).length === 0);
  for (const path of place.mounts().toReversed()) await place.host(["umount", "-l", path]);
  await place.host(["rm", "-rf", runRoot]);
}
