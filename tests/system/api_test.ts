/** The service, driven by other people's clients, and by the program itself from afar. */

import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { execute, type Execution, type Result, type Running, until } from "../support/execute.ts";
import { box, boxImage, entriesImage, imageId, loadBox } from "../support/images.ts";
import { type Place, rootlessCrun, rootRunc } from "../support/place.ts";
import { openRegistry, type Registry } from "../support/registry.ts";
import { assertResult, lines, suite } from "../support/suite.ts";

const notOnPodman = {
  onlyBeluga: "Podman 4.3's service asks for more than the host's limits, and races with newer clients",
};
const services = new Map<Place, Running>();
let registry: Registry | undefined;
Deno.test.beforeAll(async () => {
  registry = await openRegistry();
  await registry.push(entriesImage("small", [{ path: "one", content: "1" }]), "river/small:latest");
});
Deno.test.afterAll(async () => {
  for (const service of services.values()) await service[Symbol.asyncDispose]();
  await registry?.[Symbol.asyncDispose]();
});

const test = suite("service", {
  wheres: [rootRunc, rootlessCrun],
  prepare: async (place) => {
    await loadBox(place);
    services.set(place, place.start(["system", "service", "-t", "0", url(place)], { seconds: 3600 }));
    await until("the service", async () => (await get(place, "/_ping")).stdout === "OK");
  },
});

function url(place: Place): string {
  return `unix://${place.path("api.sock")}`;
}

function get(place: Place, path: string, { flags = [] }: { readonly flags?: readonly string[] } = {}): Promise<Result> {
  return place.host(["curl", "-s", ...flags, "--unix-socket", place.path("api.sock"), `http://d${path}`]);
}

function docker(place: Place, args: readonly string[], options: Execution = {}): Promise<Result> {
  return execute(["docker", "-H", url(place), ...args], { ...options, env: place.environment });
}

function podman(place: Place, args: readonly string[], options: Execution = {}): Promise<Result> {
  return execute(["podman", "--remote", "--url", url(place), ...args], { ...options, env: place.environment });
}

test("_ping, version and info answer under both spellings", async (place) => {
  for (const path of ["/_ping", "/v1.41/_ping", "/libpod/_ping", "/v4.0.0/libpod/_ping"]) {
    assert.equal((await get(place, path)).stdout, "OK", path);
  }
  assert.match((await get(place, "/_ping", { flags: ["-I"] })).stdout, /^Api-Version: 1\.\d+\r$/im);
  const version = JSON.parse((await get(place, "/v1.41/version")).stdout);
  assert.equal(version.Os, "linux");
  const info = JSON.parse((await get(place, "/v4.0.0/libpod/info")).stdout);
  assert.equal(info.host.os, "linux");
  assert.equal(JSON.parse((await get(place, "/v1.41/info")).stdout).OSType, "linux");
});

test("unknown paths and names are 404 with a message", async (place) => {
  const code = ["-o", "/dev/null", "-w", "%{http_code}"];
  assert.equal((await get(place, "/v1.41/nonesuch", { flags: code })).stdout, "404");
  assert.equal((await get(place, "/v1.41/containers/nonesuch/json", { flags: code })).stdout, "404");
  const told = JSON.parse((await get(place, "/v4.0.0/libpod/containers/nonesuch/json")).stdout);
  assert.deepEqual([told.response, told.cause], [404, "no such container"]);
});

test("docker run --rm -i gives output, input and exit code", async (place) => {
  const flags = ["run", "--rm", "-i", "--network", "none", box];
  assertResult(await docker(place, [...flags, "cat"], { input: "to and fro\n" }), { stdout: "to and fro\n" });
  assertResult(await docker(place, [...flags, "sh", "-c", "echo out; echo err >&2; exit 7"]), {
    code: 7,
    stdout: "out\n",
    stderr: "err\n",
  });
  assert.equal(await place.must(["ps", "-aq"]), "");
}, notOnPodman);

test("docker run -d, ps, logs, exec, inspect, stop and rm", async (place) => {
  const run = await docker(place, [
    "run",
    "-d",
    "--name",
    "web",
    "--network",
    "none",
    box,
    "sh",
    "-c",
    "echo started; exec sleep 1000",
  ]);
  assert.equal(run.code, 0, run.stderr);
  const id = run.stdout.trim();
  assert.match(id, /^[0-9a-f]{64}$/);
  assertResult(await docker(place, ["ps", "--format", "{{.Names}} {{.Image}} {{.State}}"]), {
    stdout: `web ${box} running\n`,
  });
  await until("the log", async () => (await docker(place, ["logs", "web"])).stdout === "started\n");
  assertResult(await docker(place, ["exec", "web", "sh", "-c", "echo inside; exit 4"]), {
    code: 4,
    stdout: "inside\n",
  });
  assertResult(await docker(place, ["exec", "-i", "web", "cat"], { input: "through exec\n" }), {
    stdout: "through exec\n",
  });
  assertResult(await docker(place, ["inspect", "-f", "{{.State.Running}} {{.Id}}", "web"]), { stdout: `true ${id}\n` });
  assertResult(await docker(place, ["stop", "-t", "0", "web"]), { stdout: "web\n" });
  assertResult(await docker(place, ["wait", "web"]), { stdout: "137\n" });
  assertResult(await docker(place, ["rm", "web"]), { stdout: "web\n" });
}, notOnPodman);

test("docker pull, images, tag, save, load and rmi", async (place) => {
  const name = `${registry?.host}/river/small:latest`;
  // The service decides about http; docker's client has no word for it.
  await place.must(["pull", "-q", "--tls-verify=false", name]);
  const small = imageId(entriesImage("small", [{ path: "one", content: "1" }]));
  assertResult(await docker(place, ["images", "-q", "--no-trunc", name]), { stdout: `sha256:${small}\n` });
  assertResult(await docker(place, ["tag", name, "localhost/tagged:v1"]), {});
  const file = place.path("docker-saved.tar");
  assertResult(await docker(place, ["save", "-o", file, "localhost/tagged:v1"]), {});
  assert.equal((await docker(place, ["rmi", "localhost/tagged:v1", name])).code, 0);
  assert.match((await docker(place, ["load", "-i", file])).stdout, /Loaded image: localhost\/tagged:v1/);
  assert.equal((await docker(place, ["rmi", "localhost/tagged:v1"])).code, 0);
});

test("podman --remote runs, lists and inspects", async (place) => {
  const flags = ["run", "--rm", "--network", "none"];
  assertResult(await podman(place, [...flags, box, "echo", "remote"]), { stdout: "remote\n" });
  assertResult(await podman(place, [...flags, "-i", box, "cat"], { input: "words\n" }), { stdout: "words\n" });
  assertResult(await podman(place, [...flags, box, "sh", "-c", "exit 9"]), { code: 9 });
  assertResult(await podman(place, ["images", "-q", "--no-trunc", box]), { stdout: `sha256:${imageId(boxImage())}\n` });
  assertResult(await podman(place, ["run", "-d", "--name", "far", "--network", "none", box, "sleep", "1000"]), {});
  assertResult(await podman(place, ["ps", "--format", "{{.Names}}"]), { stdout: "far\n" });
  assertResult(await podman(place, ["exec", "far", "echo", "in"]), { stdout: "in\n" });
  assertResult(await podman(place, ["rm", "-f", "-t", "0", "far"]), {});
}, notOnPodman);

/** Words that must say the same near and far. */
const table: readonly (readonly string[])[] = [
  ["ps", "-a"],
  ["ps", "-a", "--format", "json"],
  ["ps", "-aq", "--no-trunc"],
  ["images"],
  ["images", "--format", "json"],
  ["image", "inspect", box],
  ["inspect", "kept"],
  ["inspect", "-f", "{{.State.ExitCode}}", "kept"],
  ["logs", "kept"],
  ["logs", "-t", "kept"],
  ["wait", "kept"],
  ["container", "exists", "kept"],
  ["container", "exists", "nonesuch"],
  ["image", "exists", box],
  ["network", "ls"],
  ["volume", "ls"],
  ["inspect", "nonesuch"],
  ["logs", "nonesuch"],
  ["rm", "nonesuch"],
  ["rmi", "nonesuch"],
  ["start", "nonesuch"],
  ["exec", "kept", "true"],
  ["tag", "nonesuch", "x"],
  ["run", "--rm", "--network", "none", box, "echo", "hello"],
  ["run", "--rm", "--network", "none", box, "sh", "-c", "echo out; echo err >&2; exit 5"],
  ["run", "--rm", "--network", "none", box, "nonesuch"],
  ["run", "--rm", "--network", "none", "-u", "nonesuch", box, "true"],
  ["run", "--rm", "--network", "none", "-v", "relative/x:/y", box, "true"],
  ["run", "--rm", "--network", "none", "--nonesuch", box, "true"],
  ["run", "--rm", "--pull", "never", "localhost/nonesuch", "true"],
  ["create", "--name", "kept", box, "true"],
  ["rm", "kept"],
];

test("the program says the same near and far", async (place) => {
  await place.must(["run", "--name", "kept", "--network", "none", box, "sh", "-c", "echo kept; exit 3"]).catch(
    () => {},
  );
  const far = ["--url", url(place)];
  const differences = [];
  for (const words of table) {
    const near = await place.run(words);
    if (words[0] === "rm" && words[1] === "kept") await place.run(["create", "--name", "kept", box, "true"]);
    const remote = await place.run([...far, ...words], { bare: true });
    if (!same(near, remote)) differences.push({ words: words.join(" "), near, remote });
  }
  await place.run(["rm", "-f", "kept"]);
  assert.deepEqual(differences, []);
}, { onlyBeluga: "Podman's remote client words some failures otherwise" });

/** Ids and ages differ from run to run, and with the ages the width of their column. */
function same(near: Result, remote: Result): boolean {
  const plain = (text: string) =>
    text.replace(/\b[0-9a-f]{64}\b/g, "ID").replace(/(\d+|Less than a|About a) (seconds?|minutes?) ago/g, "AGO")
      .replace(/ {2,}/g, "  ");
  return near.code === remote.code && plain(near.stdout) === plain(remote.stdout) &&
    plain(near.stderr) === plain(remote.stderr);
}

test("CONTAINER_HOST leads to the service", async (place) => {
  const env = { CONTAINER_HOST: url(place) };
  assertResult(await place.run(["--remote", "ps", "-q"], { bare: true, env }), { stdout: "" });
});

test("input, large output and a terminal's size go through the service", async (place) => {
  const far = ["--url", url(place), "run", "--rm", "--network", "none"];
  const input = "line of words\n".repeat(20_000);
  assertResult(await place.run([...far, "-i", box, "cat"], { bare: true, input }), { stdout: input });
  assert.equal(lines((await place.run([...far, box, "seq", "1", "50000"], { bare: true })).stdout).length, 50_000);
}, { onlyBeluga: "Podman 4.3 as a client needs podman-remote's words" });

test("events are told while they happen", async (place) => {
  await using watching = place.start(["events", "--format", "{{.Type}} {{.Status}}"], {});
  await until("an event", async () => {
    await place.must(["run", "--rm", "--network", "none", box, "true"]);
    return /container start/.test(watching.seen());
  });
});

test("a service without requests ends after its time", async (place) => {
  const socket = place.path("short.sock");
  const result = await place.run(["system", "service", "-t", "1", `unix://${socket}`], { seconds: 20 });
  assertResult(result, { code: 0 });
  rmSync(socket, { force: true });
});
