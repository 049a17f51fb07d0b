import assert from "node:assert/strict";
import { join } from "node:path/posix";
import { memoryEngine, memoryImage } from "../../tests/support/memory_engine.ts";
import { EngineError, type ErrorKindName } from "../errors.ts";
import { remoteEngine } from "./remote.ts";
import { serve } from "./server.ts";
import { parseServiceUrl, serviceUrl } from "./address.ts";

async function temporary(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await Deno.makeTempDir({ prefix: "beluga-api-" });
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

const unix = (path: string) => ({ tag: "unix", path }) as const;
const kind = (wanted: ErrorKindName) => (error: unknown): boolean =>
  error instanceof EngineError && error.kind === wanted;

Deno.test("serve() makes a socket for its owner alone and takes it away", async () => {
  await using root = await temporary();
  const path = join(root.path, "run", "api.sock");
  const service = await serve(memoryEngine(), { address: unix(path), idleSeconds: 0 });
  assert.equal(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o600);
  assert.equal(((await Deno.stat(join(root.path, "run"))).mode ?? 0) & 0o777, 0o700);
  await service.stop();
  await assert.rejects(Deno.stat(path), Deno.errors.NotFound);
});

Deno.test("serve() replaces a socket that nobody answers on, but nothing else", async () => {
  await using root = await temporary();
  const path = join(root.path, "api.sock");
  Deno.listen({ transport: "unix", path }).close();
  const service = await serve(memoryEngine(), { address: unix(path), idleSeconds: 0 });
  await assert.rejects(serve(memoryEngine(), { address: unix(path), idleSeconds: 0 }), kind("conflict"));
  await remoteEngine(serviceUrl(service.address)).system.ping({});
  await service.stop();
  const file = join(root.path, "file");
  await Deno.writeTextFile(file, "mine");
  await assert.rejects(serve(memoryEngine(), { address: unix(file), idleSeconds: 0 }), kind("conflict"));
  assert.equal(await Deno.readTextFile(file), "mine");
});

Deno.test("serve() refuses a port in use", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const address = { tag: "tcp", hostname: "127.0.0.1", port: taken.addr.port } as const;
  await assert.rejects(serve(memoryEngine(), { address, idleSeconds: 0 }), kind("portInUse"));
});

Deno.test("a service ends when it was idle for long enough", async () => {
  await using root = await temporary();
  const path = join(root.path, "api.sock");
  const service = await serve(memoryEngine(), { address: unix(path), idleSeconds: 0.05 });
  const engine = remoteEngine(`unix://${path}`);
  const { Id } = await engine.containers.create({ spec: { image: memoryImage, command: ["cat"], stdin: true } });
  const line = await engine.containers.attach({ name: Id });
  await engine.containers.start({ name: Id });
  await line.closeInput();
  for await (const _ of line.output) assert.fail("cat says nothing");
  await service.finished;
  await assert.rejects(engine.system.ping({}), kind("unreachable"));
});

Deno.test("stop() ends lines that would never end by themselves", async () => {
  await using root = await temporary();
  const path = join(root.path, "api.sock");
  const service = await serve(memoryEngine(), { address: unix(path), idleSeconds: 0 });
  const engine = remoteEngine(`unix://${path}`);
  const { Id } = await engine.containers.create({ spec: { image: memoryImage, command: ["cat"], stdin: true } });
  const line = await engine.containers.attach({ name: Id });
  const events = engine.system.events({})[Symbol.asyncIterator]();
  await events.next();
  const stopped = service.stop(0);
  for await (const _ of line.output) assert.fail("cat says nothing");
  assert.equal((await events.next()).done, true);
  await stopped;
});

Deno.test("an engine that nobody serves says what to do", async () => {
  const engine = remoteEngine("unix:///nonexistent/api.sock");
  await assert.rejects(engine.system.ping({}), (error) => {
    assert.ok(error instanceof EngineError);
    assert.equal(error.exitCode, 125);
    assert.match(
      error.message,
      /^Cannot connect to Beluga\. Is `beluga system service` running\? .*unix:\/\/\/nonexistent\/api\.sock.*no such file/,
    );
    return true;
  });
});

Deno.test("parseServiceUrl() reads addresses and refuses what it cannot serve", () => {
  assert.deepEqual(parseServiceUrl("unix:///run/a.sock"), { tag: "unix", path: "/run/a.sock" });
  assert.deepEqual(parseServiceUrl("unix://run/a.sock"), { tag: "unix", path: "/run/a.sock" });
  assert.deepEqual(parseServiceUrl("tcp://localhost:80"), { tag: "tcp", hostname: "localhost", port: 80 });
  assert.deepEqual(parseServiceUrl("tcp://[::1]:80/"), { tag: "tcp", hostname: "::1", port: 80 });
  assert.equal(serviceUrl(parseServiceUrl("tcp://[::1]:80")), "tcp://[::1]:80");
  for (const url of ["", "unix://", "http://x", "tcp://x", "tcp://x:99999", "tcp://u:p@x:1", "/run/a.sock"]) {
    assert.throws(() => parseServiceUrl(url), kind("usage"), url);
  }
  assert.throws(() => parseServiceUrl("ssh://u:secret@host/run/a.sock"), (error) => {
    return kind("unsupported")(error) && !String(error).includes("secret");
  });
});
