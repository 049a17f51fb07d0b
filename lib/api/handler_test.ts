import assert from "node:assert/strict";
import { memoryEngine, memoryImage } from "../../tests/support/memory_engine.ts";
import type { CreateContainerInput, Engine } from "../engine/mod.ts";
import { EngineError } from "../errors.ts";
import { engineHandler } from "./handler.ts";
import { collect } from "./http/body.ts";

type Given = { readonly status: number; readonly headers: Headers; readonly json: unknown; readonly text: string };

async function ask(engine: Engine, line: string, body = ""): Promise<Given> {
  const [method = "", target = ""] = line.split(" ");
  const [path = "", query = ""] = target.split("?");
  const answer = await engineHandler(engine)({
    method,
    path,
    query,
    headers: new Map(),
    body: ReadableStream.from(body === "" ? [] : [new TextEncoder().encode(body)]),
    signal: new AbortController().signal,
  });
  assert.notEqual(answer.tag, "hijack");
  if (answer.tag === "hijack") return assert.fail();
  const text = new TextDecoder().decode(answer.tag === "whole" ? answer.body : await collect(answer.body));
  return {
    status: answer.status,
    headers: new Headers([...answer.headers] as [string, string][]),
    text,
    json: jsonIn(text),
  };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text.trim().split("\n").at(-1) ?? "");
  } catch {
    return undefined;
  }
}

Deno.test("_ping tells clients whom they talk to", async () => {
  for (const path of ["/_ping", "/v1.41/_ping", "/libpod/_ping", "/v4.3.1/libpod/_ping"]) {
    const { status, headers, text } = await ask(memoryEngine(), `GET ${path}`);
    assert.deepEqual([status, text], [200, "OK"]);
    assert.equal(headers.get("api-version"), "1.44");
    assert.equal(headers.get("libpod-api-version"), "5.8.2");
    assert.equal(headers.get("ostype"), "linux");
  }
});

Deno.test("a failure is libpod's error model, whoever asks", async () => {
  for (const path of ["/v1.44/containers/x/json", "/v5.8.2/libpod/containers/x/json"]) {
    const { status, json } = await ask(memoryEngine(), `GET ${path}`);
    assert.equal(status, 404);
    assert.deepEqual(json, {
      cause: "no such container",
      message: `no container with name or ID "x" found: no such container`,
      response: 404,
      kind: "noSuchContainer",
    });
  }
});

Deno.test("what is known but not there yet says so; what nobody knows is not found", async () => {
  assert.equal((await ask(memoryEngine(), "POST /v5.8.2/libpod/pods/create", "{}")).status, 501);
  assert.match((await ask(memoryEngine(), "POST /v1.44/build")).text, /POST \/v1\.44\/build: not supported yet/);
  assert.deepEqual((await ask(memoryEngine(), "GET /v1.44/nothing")).text, "Not Found\n");
  assert.equal((await ask(memoryEngine(), "PUT /v1.44/info")).status, 405);
});

Deno.test("wrong types, prototype keys and broken text are bad requests", async () => {
  const path = "POST /v5.8.2/libpod/containers/create";
  for (
    const body of ["{", "[]", "1", `{"image":1}`, `{"env":[]}`, `{"mounts":{}}`, `{"image":"a","labels":{"b":1}}`, ""]
  ) {
    const { status, json } = await ask(memoryEngine(), path, body);
    assert.deepEqual([status, (json as { cause: string }).cause], [400, "invalid argument"], body);
  }
  assert.equal((await ask(memoryEngine(), "GET /v5/libpod/containers/%zz/json")).status, 400);
  assert.equal((await ask(memoryEngine(), "GET /v5/libpod/containers/json?filters=[")).status, 400);
  assert.equal((await ask(memoryEngine(), "GET /__proto__")).status, 404);
  const made = await ask(memoryEngine(), path, `{"image":"${memoryImage}","__proto__":{"name":"x"},"constructor":1}`);
  assert.equal(made.status, 201);
});

Deno.test("Docker's binds ask for missing directories, libpod's mounts do not", async () => {
  const engine = memoryEngine();
  const asked: CreateContainerInput[] = [];
  const create: Engine["containers"]["create"] = (input) => {
    asked.push(input);
    return engine.containers.create(input);
  };
  const watched: Engine = { ...engine, containers: { ...engine.containers, create } };
  const body = JSON.stringify({ Image: memoryImage, HostConfig: { Binds: ["/missing:/x", "volume:/y"] } });
  assert.equal((await ask(watched, "POST /v1.44/containers/create", body)).status, 201);
  const mounts = [{ destination: "/x", type: "bind", source: "/missing" }];
  const own = JSON.stringify({ image: memoryImage, mounts });
  assert.equal((await ask(watched, "POST /v5.8.2/libpod/containers/create", own)).status, 201);
  assert.deepEqual(asked.map(({ directories }) => directories), [["/missing"], undefined]);
});

Deno.test("an engine that throws anything at all is a server error", async () => {
  const engine = memoryEngine();
  const broken: Engine = { ...engine, system: { ...engine.system, info: () => Promise.reject("no error object") } };
  assert.deepEqual((await ask(broken, "GET /info")).json, {
    cause: "internal libpod error",
    message: "no error object",
    response: 500,
  });
});

Deno.test("an image's name may hold slashes, encoded or not", async () => {
  for (const name of ["localhost/tools", "localhost%2Ftools", "localhost/tools:latest"]) {
    assert.equal((await ask(memoryEngine(), `GET /v5.8.2/libpod/images/${name}/json`)).status, 200, name);
    assert.equal((await ask(memoryEngine(), `GET /v1.44/images/${name}/json`)).status, 200, name);
    assert.equal((await ask(memoryEngine(), `GET /v5.8.2/libpod/images/${name}/exists`)).status, 204, name);
  }
});

Deno.test("clients of Podman 4 get the entrypoint as a string and the signal as a number", async () => {
  const engine = memoryEngine();
  const { Id } = await engine.containers.create({ spec: { image: memoryImage, entrypoint: ["sh", "-c"] } });
  const config = async (version: string) =>
    ((await ask(engine, `GET /${version}/libpod/containers/${Id}/json`)).json as { Config: Record<string, unknown> })
      .Config;
  const [older, newer] = [await config("v4.3.1"), await config("v5.8.2")];
  assert.deepEqual([older.Entrypoint, older.StopSignal], ["sh -c", 15]);
  assert.deepEqual([newer.Entrypoint, newer.StopSignal], [["sh", "-c"], "SIGTERM"]);
});

Deno.test("pull: other clients get text, a failure before the first line is a status, a later one a line", async () => {
  const path = "POST /v4.3.1/libpod/images/pull?reference=";
  const good = (await ask(memoryEngine(), `${path}quay.io/a/b:1`)).text.trim().split("\n").map((line) =>
    JSON.parse(line)
  );
  assert.ok(good.every((line) => line.stream || line.images?.length > 0), JSON.stringify(good));
  assert.equal((await ask(memoryEngine(), `${path}unreachable/a`)).status, 500);
  const late = await ask(memoryEngine(), `${path}quay.io/broken/b`);
  assert.equal(late.status, 200);
  assert.match((late.json as { error: string }).error, /digest mismatch/);
  const docker = await ask(memoryEngine(), "POST /v1.44/images/create?fromImage=broken&tag=1");
  assert.match((docker.json as { errorDetail: { message: string } }).errorDetail.message, /digest mismatch/);
});

Deno.test("Docker's wait flushes nothing for an unknown container and an exit code for a known one", async () => {
  const engine = memoryEngine();
  assert.equal((await ask(engine, "POST /v1.44/containers/absent/wait?condition=next-exit")).status, 404);
  const { Id } = await engine.containers.create({ spec: { image: memoryImage, command: ["sh", "-c", "exit 6"] } });
  const waiting = ask(engine, `POST /v1.44/containers/${Id}/wait?condition=next-exit`);
  await engine.containers.start({ name: Id });
  assert.deepEqual((await waiting).json, { StatusCode: 6 });
  assert.deepEqual((await ask(engine, `POST /v1.44/containers/${Id}/wait`)).json, { StatusCode: 6 });
  assert.equal((await ask(engine, `POST /v1.44/containers/${Id}/wait?condition=sometime`)).status, 400);
});

Deno.test("Docker's wait for the next exit sees a container that is started again", async () => {
  const engine = memoryEngine();
  const { Id } = await engine.containers.create({ spec: { image: memoryImage, command: ["true"] } });
  await engine.containers.start({ name: Id });
  await engine.containers.wait({ name: Id });
  const { StartedAt } = (await engine.containers.inspect({ name: Id })).State;
  const waiting = ask(engine, `POST /v1.44/containers/${Id}/wait?condition=next-exit`);
  do await engine.containers.start({ name: Id }).catch((error) => assert.ok(error instanceof EngineError)); while (
    (await engine.containers.inspect({ name: Id })).State.StartedAt === StartedAt
  );
  assert.deepEqual((await waiting).json, { StatusCode: 0 });
});

Deno.test("Docker's network bridge is ours named podman", async () => {
  const engine = memoryEngine();
  await engine.networks.create({ network: { name: "podman" } });
  assert.equal(((await ask(engine, "GET /v1.44/networks/bridge")).json as { Name: string }).Name, "bridge");
  assert.equal(((await ask(engine, "GET /v1.44/networks")).json as { Name: string }[])[0]?.Name, "bridge");
});

Deno.test("the removal of one image fails with a status, that of several with a report", async () => {
  const engine = memoryEngine();
  await engine.containers.create({ spec: { image: memoryImage } });
  for (const prefix of ["/v5.8.2/libpod", "/v1.44"]) {
    assert.equal((await ask(engine, `DELETE ${prefix}/images/absent`)).status, 404);
    assert.equal((await ask(engine, `DELETE ${prefix}/images/${memoryImage}`)).status, 409);
  }
  const several = await ask(engine, "DELETE /v5.8.2/libpod/images/remove?images=absent");
  assert.deepEqual([several.status, (several.json as { ExitCode: number }).ExitCode], [200, 1]);
});
