/** What ends in order when it is told to: the service, and transfers of images. */

import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { mustExecute, until } from "../support/execute.ts";
import { assertResult, suite } from "../support/suite.ts";
import { type Place, rootRunc } from "../support/place.ts";
import { box, loadBox } from "../support/images.ts";

const test = suite("ending", { wheres: [rootRunc], prepare: loadBox });

async function service(place: Place) {
  const socket = place.path("api.sock");
  const running = place.start(["system", "service", "-t", "0", `unix://${socket}`]);
  await until("the service to listen", () => existsSync(socket));
  return { socket, running };
}

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  test(`the service ends on ${signal} and takes its socket away`, async (place) => {
    const { socket, running } = await service(place);
    await using _running = running;
    running.kill(signal);
    assertResult(await running.result, { code: 0 });
    assert.equal(existsSync(socket), false);
  });
}

test("docker's binds make the directories that are missing, on the side of the service", async (place) => {
  const { socket, running } = await service(place);
  await using _running = running;
  const missing = place.path("missing/deep");
  const docker = ["docker", "-H", `unix://${socket}`];
  const flags = ["run", "--rm", "--network", "none", "-v", `${missing}:/data`];
  await mustExecute([...docker, ...flags, box, "touch", "/data/file"]);
  assert.deepEqual(readdirSync(missing), ["file"]);
}, { onlyBeluga: "Podman's service stands for itself" });

test("a pull that is interrupted leaves nothing in staging", async (place) => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const connected = listener.accept();
  const reference = `127.0.0.1:${listener.addr.port}/slow`;
  await using running = place.start(["pull", "--tls-verify=false", reference]);
  using _connection = await connected;
  running.kill("SIGINT");
  const { code, stderr } = await running.result;
  assert.equal(code, 130, stderr);
  assert.deepEqual(readdirSync(place.path("root/staging")), []);
}, { onlyBeluga: "Podman has other folders" });
