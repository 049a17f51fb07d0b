/** Flags of the program itself: each does what it says or is refused. */

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { assertFails, lines, suite } from "../support/suite.ts";
import { rootlessCrun, rootRunc } from "../support/place.ts";
import { box, loadBox } from "../support/images.ts";

const test = suite("global flags", { wheres: [rootRunc, rootlessCrun], prepare: loadBox });
const asRoot = suite("global flags", { wheres: [rootRunc], prepare: loadBox });
const quiet = ["run", "--rm", "--network", "none", box];

test("--runtime-flag reaches the runtime", async (place) => {
  assertFails(await place.run(["--runtime-flag", "no-such-flag", ...quiet, "true"]), {
    code: 126,
    error: /no-such-flag/,
  });
  await place.must(["--runtime-flag", "debug", ...quiet, "true"]);
});

test("--hooks-dir is refused", async (place) => {
  const error = /--hooks-dir "\/hooks" is not supported yet/;
  assertFails(await place.run(["--hooks-dir", "/hooks", ...quiet, "true"]), { code: 125, error });
}, { onlyBeluga: "Podman runs hooks" });

test("--events-backend none keeps no events", async (place) => {
  await place.must(["--events-backend", "none", "volume", "create", "quiet"]);
  const events = await place.must(["events", "--stream=false", "--since", "1h", "--filter", "volume=quiet"]);
  assert.deepEqual(lines(events), []);
  assertFails(await place.run(["--events-backend", "none", "events", "--stream=false"]), {
    code: 125,
    error: /cannot read events with the "none" backend/,
  });
});

test("--events-backend journald is refused", async (place) => {
  const error = /--events-backend "journald" is not supported yet/;
  assertFails(await place.run(["--events-backend", "journald", "ps"]), { code: 125, error });
}, { onlyBeluga: "Podman has the journal" });

test("--registries-conf names the file that counts", async (place) => {
  const file = place.path("registries.conf");
  writeFileSync(file, 'unqualified-search-registries = ["registry.invalid"]\n');
  const result = await place.run(["--registries-conf", file, "pull", "-q", "--retry", "0", "nonesuch"]);
  assertFails(result, { code: 125, error: /registry\.invalid/ });
}, { onlyBeluga: "Podman tries three times and says more than a line" });

test("--volumepath keeps volumes elsewhere, and leaves nothing there", async (place) => {
  const flags = ["--volumepath", place.folder("elsewhere")];
  await place.must([...flags, "volume", "create", "far"]);
  await place.must([...flags, "run", "--rm", "--network", "none", "-v", "far:/far", box, "touch", "/far/file"]);
  assert.deepEqual(readdirSync(place.path("elsewhere/far/_data")), ["file"]);
  await place.must([...flags, "volume", "rm", "far"]);
  assert.equal(existsSync(place.path("elsewhere/far")), false);
}, { onlyBeluga: "Podman's volume path is the first one ever given" });

asRoot("--network-config-dir keeps networks as files", async (place) => {
  const directory = place.path("definitions");
  const flags = ["--network-config-dir", directory];
  await place.must([...flags, "network", "create", "--label", "a=b", "filed"]);
  const definition = JSON.parse(readFileSync(`${directory}/filed.json`, "utf8"));
  assert.deepEqual([definition.name, definition.driver, definition.labels], ["filed", "bridge", { a: "b" }]);
  assert.deepEqual(lines(await place.must([...flags, "network", "ls", "-q"])), ["filed", "podman"]);
  assert.deepEqual(lines(await place.must(["network", "ls", "-q"])), ["podman"]);
  await place.must([...flags, "network", "rm", "filed"]);
  assert.deepEqual(readdirSync(directory).filter((name) => name.endsWith(".json")), []);
}, { onlyBeluga: "Podman's own directory is shared with the host's" });

test("--max-workers must be positive", async (place) => {
  const error = /maximum workers must be set to a positive number \(got 0\)/;
  assertFails(await place.run(["--max-workers", "0", "ps"]), { code: 125, error });
  await place.must(["--max-workers", "2", "ps"]);
});

test("--tmpdir is where containers run", async (place) => {
  if (place.rootless) return;
  const state = place.folder("state");
  await place.must(["--runroot", "", "--tmpdir", state, ...quiet, "true"]);
  assert.ok(existsSync(`${state}/containers`));
}, { onlyBeluga: "Podman keeps other things there" });

test("--identity without ssh is refused", async (place) => {
  const flags = ["--remote", "--url", `unix://${place.path("none.sock")}`, "--identity", "/key"];
  assertFails(await place.run([...flags, "ps"]), { code: 125, error: /--identity is for connections over ssh/ });
}, { onlyBeluga: "Podman ignores it" });
