import assert from "node:assert/strict";
import { memoryEngine, memoryImage } from "../../tests/support/memory_engine.ts";
import { RawClient } from "../../tests/support/raw_client.ts";
import { unixService } from "../../tests/support/service.ts";
import type { Engine } from "../engine/mod.ts";

const upgrade = "Connection: Upgrade\r\nUpgrade: tcp\r\n";

function frame(text: string): string {
  return `\x01\0\0\0\0\0\0${String.fromCharCode(text.length)}${text}`;
}

async function catOn(engine: Engine, terminal = false): Promise<string> {
  const spec = { image: memoryImage, command: ["cat"], stdin: true, terminal };
  return (await engine.containers.create({ spec })).Id;
}

Deno.test("attach with an upgrade answers 101 and carries frames, past the end of input", async () => {
  const engine = memoryEngine();
  await using service = await unixService(engine);
  const id = await catOn(engine);
  using client = await RawClient.open({ tag: "unix", path: service.socket });
  await client.say(
    `POST /v1.44/containers/${id}/attach?stdin=1&stdout=1&stderr=1&stream=1 HTTP/1.1\r\nHost: d\r\n${upgrade}\r\nearly `,
  );
  const head = await client.head();
  assert.match(head, /^HTTP\/1\.1 101 UPGRADED\r\n/);
  assert.match(head, /\r\nContent-Type: application\/vnd\.docker\.multiplexed-stream/);
  assert.match(head, /\r\nConnection: Upgrade\r\nUpgrade: tcp/);
  await engine.containers.start({ name: id });
  await client.sayLast("late");
  assert.equal(await client.rest(), `${frame("early ")}${frame("late")}`);
});

Deno.test("exec without an upgrade answers 200 on the same raw connection", async () => {
  const engine = memoryEngine();
  await using service = await unixService(engine);
  const name = await catOn(engine);
  await engine.containers.start({ name });
  const config = {
    User: "",
    Privileged: false,
    Tty: false,
    AttachStdin: true,
    AttachStderr: true,
    AttachStdout: true,
    DetachKeys: "",
    Env: [],
    WorkingDir: "",
    Cmd: ["cat"],
    Detach: false,
  };
  const { Id } = await engine.containers.execCreate({ name, config });
  using client = await RawClient.open({ tag: "unix", path: service.socket });
  const body = `{"Detach":false,"Tty":false,"h":0,"w":0}`;
  await client.sayLast(
    `POST /v4.3.1/libpod/exec/${Id}/start HTTP/1.1\r\nHost: d\r\nContent-Length: ${body.length}\r\n\r\n${body}typed`,
  );
  assert.match(
    await client.head(),
    /^HTTP\/1\.1 200 OK\r\nContent-Type: application\/vnd\.docker\.multiplexed-stream$/,
  );
  assert.equal(await client.rest(), "\x01\0\0\0\0\0\0\x05typed");
});

Deno.test("a terminal's output goes out as it is, and only typed keys end its input", async () => {
  const engine = memoryEngine();
  await using service = await unixService(engine);
  const id = await catOn(engine, true);
  using client = await RawClient.open({ tag: "unix", path: service.socket });
  await client.say(`POST /containers/${id}/attach?stdin=1&stdout=1 HTTP/1.1\r\nHost: d\r\n${upgrade}\r\n`);
  assert.match(await client.head(), /application\/vnd\.docker\.raw-stream/);
  await engine.containers.start({ name: id });
  await client.sayLast("hi");
  assert.equal(await client.exactly(4), "hihi");
  assert.equal((await engine.containers.inspect({ name: id })).State.Running, true);
  await engine.containers.kill({ name: id });
  assert.equal(await client.rest(), "");
});

Deno.test("Docker's API before 1.42 knows one type of stream", async () => {
  const engine = memoryEngine();
  await using service = await unixService(engine);
  const id = await catOn(engine);
  using client = await RawClient.open({ tag: "unix", path: service.socket });
  await client.say(`POST /v1.41/containers/${id}/attach?stdout=1 HTTP/1.1\r\nHost: d\r\n${upgrade}\r\n`);
  assert.match(await client.head(), /application\/vnd\.docker\.raw-stream/);
});

Deno.test("attach to nothing is a status, not a line", async () => {
  await using service = await unixService(memoryEngine());
  using client = await RawClient.open({ tag: "unix", path: service.socket });
  await client.say(`POST /v1.44/containers/absent/attach HTTP/1.1\r\nHost: d\r\n${upgrade}\r\n`);
  assert.match(await client.head(), /^HTTP\/1\.1 404 Not Found\r\n/);
});
