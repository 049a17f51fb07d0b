import { deepEqual, equal, rejects } from "node:assert/strict";
import { isSysError } from "./errno.ts";
import { POLL, poll, readable, waitFor } from "./reactor.ts";
import { open, pipe, writeAll } from "./fd.ts";
import { accept, connectUnix, listenUnix, packetStream, peerOf, send, SHUT, shutdown, socketPair } from "./socket.ts";

const bytes = (value: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(value);
const text = (value: Uint8Array | undefined): string => new TextDecoder().decode(value);

function temporary(): { readonly path: string } & Disposable {
  const path = Deno.makeTempDirSync({ prefix: "beluga-socket-" });
  return { path, [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }) };
}

Deno.test("packets keep their bounds both ways, and half-close leaves the way back open", async () => {
  using root = temporary();
  const folder = `${root.path}/${"long".repeat(40)}`;
  Deno.mkdirSync(folder);
  const path = `${folder}/attach`;
  using listener = listenUnix(path, { type: "seqpacket" });
  const server = accept(listener);
  const client = packetStream(await connectUnix(path, { type: "seqpacket" }));
  using socket = await server;
  const writer = client.writable.getWriter();
  const reader = client.readable.getReader();
  await writer.write(bytes("one"));
  await writer.write(bytes("two"));
  await writer.close();
  const incoming = packetStream(socket).readable.getReader();
  const seen = [await incoming.read(), await incoming.read()];
  deepEqual(seen.map((item) => text(item.value)), ["one", "two"]);
  await send(socket, bytes("still here"));
  equal(text((await reader.read()).value), "still here");
  await reader.cancel();
});

Deno.test("a stream socket to Deno's own listener works", async () => {
  using root = temporary();
  const path = `${root.path}/socket`;
  using listener = Deno.listen({ transport: "unix", path });
  using client = await connectUnix(path);
  using server = await listener.accept();
  await send(client, bytes("hello"));
  shutdown(client, SHUT.WR);
  const buffer = new Uint8Array(16);
  const count = await server.read(buffer);
  equal(text(buffer.subarray(0, count ?? 0)), "hello");
  equal(peerOf(client).pid, Deno.pid);
});

Deno.test("connectUnix() says who is not there", async () => {
  using root = temporary();
  await rejects(connectUnix(`${root.path}/none`), (error: unknown) => isSysError(error, "ENOENT"));
  const path = `${root.path}/dead`;
  listenUnix(path)[Symbol.dispose]();
  await rejects(connectUnix(path), (error: unknown) => isSysError(error, "ECONNREFUSED"));
  using _again = listenUnix(path, { replace: true });
  using client = await connectUnix(path);
  equal(client.closed, false);
});

Deno.test("waitFor() is called off by its signal, and the descriptor is of use afterwards", async () => {
  const ends = pipe();
  using readEnd = ends.read;
  using writeEnd = ends.write;
  const abort = new AbortController();
  const waiting = readable(readEnd, { signal: abort.signal });
  abort.abort(new Error("enough"));
  await rejects(waiting, /enough/);
  const again = readable(readEnd);
  writeAll(writeEnd, bytes("x"));
  await again;
});

Deno.test("waitFor() serves many at once, several on one descriptor", async () => {
  const pairs = Array.from({ length: 100 }, () => socketPair());
  const waiting = pairs.flatMap(([, b]) => [waitFor(b, POLL.IN), waitFor(b, POLL.IN)]);
  for (const [a] of pairs) await send(a, bytes("x"));
  const events = await Promise.all(waiting);
  equal(events.every((event) => (event & POLL.IN) !== 0), true);
  for (const pair of pairs) for (const fd of pair) fd[Symbol.dispose]();
});

Deno.test("waitFor() tells that the other side hung up", async () => {
  const ends = pipe();
  using readEnd = ends.read;
  const waiting = waitFor(readEnd, POLL.IN);
  ends.write[Symbol.dispose]();
  equal((await waiting) & POLL.HUP, POLL.HUP);
});

Deno.test("waitFor() finds a regular file always ready", async () => {
  using file = open("/etc/passwd", 0);
  equal(await waitFor(file, POLL.IN), POLL.IN);
});

Deno.test("poll() answers at once", () => {
  const ends = pipe();
  using readEnd = ends.read;
  using writeEnd = ends.write;
  deepEqual(poll([{ fd: readEnd, events: POLL.IN }, { fd: writeEnd, events: POLL.OUT }]), [0, POLL.OUT]);
});
