/** The first minutes with the program: the image inside it, help, version, what it says about the machine. */

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { hide } from "../support/hide.ts";
import { assertFails, assertResult, lines, suite } from "../support/suite.ts";
import { allPlaces, rootRunc } from "../support/place.ts";

const ours = { onlyBeluga: "the image is inside Beluga" };
const hello = suite("hello", { wheres: allPlaces.map((where) => ({ ...where, ownNetwork: where.user === "root" })) });
const hidden = suite("first", { wheres: [{ ...rootRunc, ownNetwork: true }] });
const test = suite("first", { wheres: [rootRunc] });

hello("run hello greets, with an empty store and without a network", async (place) => {
  const result = await place.run(["run", "--rm", "hello"]);
  assert.equal(result.code, 0, result.stderr);
  assert.match(result.stdout, /hello/i);
  assert.match(result.stdout, /run/, "it says what to try next");
  assert.equal(result.stderr, "");
}, ours);

hello("it is an image like any other", async (place) => {
  await place.must(["run", "--rm", "hello"]);
  assert.equal(await place.must(["images", "--format", "{{.Repository}}:{{.Tag}}"]), "localhost/hello:latest");
  const [image] = JSON.parse(await place.must(["image", "inspect", "hello"]));
  assert.equal(image.Os, "linux");
  const archive = place.path("hello.tar");
  await place.must(["save", "-o", archive, "hello"]);
  await place.must(["rmi", "hello"]);
  await place.must(["load", "-i", archive]);
  assert.equal(await place.must(["image", "inspect", "-f", "{{.Id}}", "hello"]), image.Id);
  assert.match(await place.must(["run", "--rm", "--pull", "never", "hello"]), /hello/i);
}, ours);

test("--version and version tell version, commit and Deno", async (place) => {
  assert.match(await place.must(["--version"], { bare: true }), /^beluga version \d+\.\d+\.\d+/);
  const told = JSON.parse(await place.must(["version", "--format", "json"], { bare: true }));
  assert.match(told.Client.Version, /^\d+\.\d+\.\d+/);
  const text = await place.must(["version"], { bare: true });
  assert.match(text, /^Git Commit:\s+[0-9a-f]{40}/m);
  assert.match(text, /Deno.*2\.5\.7/i);
}, ours);

test("version and info take Go templates", async (place) => {
  assert.match(await place.must(["version", "--format", "{{.Client.APIVersion}}"]), /^\d+\.\d+\.\d+$/);
  assert.equal(await place.must(["info", "--format", "{{.Host.OCIRuntime.Name}}"]), "runc");
  assert.equal(await place.must(["info", "--format", "{{.Store.GraphRoot}}"]), place.path("root"));
  const told = JSON.parse(await place.must(["info", "--format", "json"]));
  assert.equal(told.host.security.rootless, false);
  assert.equal(told.store.containerStore.number, 0);
});

test("help lists the commands, and each has its own", async (place) => {
  const help = await place.must(["--help"], { bare: true });
  for (const name of ["run", "pull", "ps", "images", "network", "system"]) {
    assert.match(help, new RegExp(`^  ${name} `, "m"));
  }
  const run = await place.must(["run", "--help"], { bare: true });
  assert.match(run, /--rm /);
  assert.match(run, /-e, --env /);
  assertResult(await place.run(["help", "run"], { bare: true }), { stdout: `${run}\n` });
});

test("unknown commands and flags are refused with 125", async (place) => {
  assertFails(await place.run(["nonesuch"], { bare: true }), {
    code: 125,
    error: /unrecognized command `\S+ nonesuch`/,
  });
  assertFails(await place.run(["ps", "--nonesuch"], { bare: true }), { code: 125, error: /unknown flag: --nonesuch/ });
  assertFails(await place.run(["run", "--memory"], { bare: true }), {
    code: 125,
    error: /flag needs an argument: --memory/,
  });
});

test("what Podman has and Beluga lacks is named with 125", async (place) => {
  for (const words of [["pod", "create"], ["run", "--gpus", "all", "hello"], ["kube", "play", "x"]]) {
    const result = await place.run(words, { bare: true });
    assert.equal(result.code, 125, `${words}: ${result.stderr}`);
    assert.match(result.stderr, /not supported yet/);
    assert.equal(lines(result.stderr).length, 1);
  }
}, ours);

test("doctor says whether a container can run, in words and in JSON", async (place) => {
  const words = await place.run(["doctor"]);
  assert.equal(words.code, 0, words.stdout + words.stderr);
  const findings = JSON.parse((await place.run(["doctor", "--format", "json"])).stdout);
  assert.ok(JSON.stringify(findings).includes("conmon"));
}, ours);

hidden("doctor names what is missing and how to get it", async (place) => {
  await hide(place, ["conmon", "runc", "crun"]);
  const result = await place.run(["doctor"]);
  assert.notEqual(result.code, 0);
  assert.match(result.stdout + result.stderr, /conmon/);
  assert.match(result.stdout + result.stderr, /apt-get install/);
}, ours);

test("commands that only read make nothing", async (place) => {
  const away = ["--root", place.path("away"), "--runroot", place.path("away-run")];
  assertResult(await place.run([...away, "ps", "-q"], { bare: true }), { stdout: "" });
  assert.equal(existsSync(place.path("away/layers")), false);
}, ours);
