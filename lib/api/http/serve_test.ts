import assert from "node:assert/strict";
import { RawClient } from "../../../tests/support/raw_client.ts";
import { collect } from "./body.ts";
import { type Answer, type Handler, serveConnection } from "./serve.ts";
import { type Connection, Wire } from "./wire.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function whole(text: string, status = 200): Answer {
  return { tag: "whole", status, headers: [["Content-Type", "text/plain"]], body: encoder.encode(text) };
}

const echo: Handler = async ({ method, path, query, body }) =>
  whole(`${method} ${path} ${query} ${decoder.decode(await collect(body, 1000))}`);

/** Both ends of a connection in memory, joined by two streams. */
function pair(): readonly [Connection, Connection] {
  const [there, back] = [new TransformStream<Uint8Array, Uint8Array>(), new TransformStream<Uint8Array, Uint8Array>()];
  return [end(back.readable, there.writable), end(there.readable, back.writable)];
}

function end(readable: ReadableStream<Uint8Array>, writable: WritableStream<Uint8Array>): Connection {
  const [reader, writer] = [readable.getReader(), writable.getWriter()];
  let held = new Uint8Array(0);
  return {
    read: async (into) => {
      if (held.length === 0) held = (await reader.read()).value as Uint8Array<ArrayBuffer> ?? held;
      if (held.length === 0) return null;
      const count = Math.min(held.length, into.length);
      into.set(held.subarray(0, count));
      held = held.subarray(count);
      return count;
    },
    write: async (data) => {
      await writer.write(data.slice());
      return data.length;
    },
    closeWrite: () => writer.close(),
    close: () => {
      writer.close().catch(() => {});
      reader.cancel().catch(() => {});
    },
  };
}

type Serving = { readonly client: RawClient; readonly served: Promise<void>; readonly stop: AbortController };

function serving(handle: Handler): Serving {
  const [near, far] = pair();
  const stop = new AbortController();
  const served = serveConnection(new Wire(far), { handle, signal: stop.signal, onActivity: () => {} });
  return { client: new RawClient(near), served, stop };
}

async function answersTo(request: string, handle: Handler = echo): Promise<string> {
  const { client, served } = serving(handle);
  void client.sayLast(request).catch(() => {});
  const text = await client.rest();
  await served;
  return text;
}

const status = (answer: string): number => Number(answer.split(" ")[1]);
const bodyOf = (answer: string): string => answer.slice(answer.indexOf("\r\n\r\n") + 4);

Deno.test("serveConnection() answers requests one after the other on one connection", async () => {
  const answers = await answersTo(
    "POST /a?x=1 HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcGET /b HTTP/1.1\r\n\r\nPOST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n1;ext=1\r\n!\r\n0\r\nTrailer: x\r\n\r\n",
  );
  assert.deepEqual(answers.match(/(GET|POST) \/[^\r\n]*?(?=HTTP|$)/g), ["POST /a x=1 abc", "GET /b  ", "POST /c  hi!"]);
});

Deno.test("serveConnection() closes after HTTP/1.0 and when asked to", async () => {
  for (const request of ["GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.1\r\nConnection: close\r\n\r\n"]) {
    const { client, served } = serving(echo);
    await client.say(request);
    assert.match(await client.rest(), /Connection: close\r\n/);
    await served;
  }
});

Deno.test("serveConnection() sends no body to HEAD and with 204", async () => {
  assert.equal(bodyOf(await answersTo("HEAD / HTTP/1.1\r\n\r\n")), "");
  const empty = await answersTo("GET / HTTP/1.1\r\n\r\n", () => Promise.resolve(whole("", 204)));
  assert.doesNotMatch(empty, /Content-Length/);
});

Deno.test("serveConnection() asks for a body that the client holds back, once it is wanted", async () => {
  const { client, served } = serving(echo);
  await client.say("POST /a HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  assert.equal(await client.head(), "HTTP/1.1 100 Continue");
  await client.sayLast("ok");
  assert.match(await client.rest(), /POST \/a {2}ok$/);
  await served;
});

Deno.test("serveConnection() refuses what two readers could understand differently", async () => {
  const refused: readonly (readonly [number, string])[] = [
    [400, "GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"],
    [400, "GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"],
    [400, "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n"],
    [501, "GET / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"],
    [400, "GET / HTTP/1.1\r\nBad Header: x\r\n\r\n"],
    [400, "GET / HTTP/1.1\r\n folded: x\r\n\r\n"],
    [400, "GET / HTTP/1.1\r\nA: b\nC: d\r\n\r\n"],
    [400, "GET  / HTTP/1.1\r\n\r\n"],
    [400, "get / HTTP/1.1\r\n\r\n"],
    [400, "GET / HTTP/2.0\r\n\r\n"],
    [431, `GET / HTTP/1.1\r\nA: ${"x".repeat(70000)}\r\n\r\n`],
  ];
  for (const [wanted, request] of refused) assert.equal(status(await answersTo(request)), wanted, request.slice(0, 80));
});

Deno.test("serveConnection() tells a malformed or too long body from a request", async () => {
  const chunked = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
  assert.equal(status(await answersTo(`${chunked}zz\r\n`)), 400);
  assert.equal(status(await answersTo(`${chunked}2\r\nabX\r\n`)), 400);
  assert.equal(status(await answersTo(`POST / HTTP/1.1\r\nContent-Length: 2000\r\n\r\n${"x".repeat(2000)}`)), 413);
  assert.equal(status(await answersTo("POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc")), 400);
});

Deno.test("serveConnection() aborts the signal when the client goes away", async () => {
  const aborted = Promise.withResolvers<void>();
  const waiting: Handler = async ({ signal }) => {
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    aborted.resolve();
    return whole("too late");
  };
  const { client, served } = serving(waiting);
  await client.sayLast("GET / HTTP/1.1\r\n\r\n");
  await aborted.promise;
  await client.rest();
  await served;
});

Deno.test("serveConnection() aborts the signal when the server stops", async () => {
  const { client, served, stop } = serving(async ({ signal }) => {
    stop.abort();
    await Promise.resolve();
    return whole(String(signal.aborted));
  });
  await client.say("GET / HTTP/1.1\r\n\r\n");
  assert.match(await client.rest(), /true$/);
  await served;
});

Deno.test("serveConnection() sends the head of a stream before its first piece", async () => {
  const piece = Promise.withResolvers<Uint8Array>();
  const { client, served } = serving(() =>
    Promise.resolve({ tag: "stream", status: 200, headers: [], body: ReadableStream.from([piece.promise]) })
  );
  await client.say("GET / HTTP/1.1\r\n\r\n");
  assert.match(await client.head(), /^HTTP\/1.1 200 OK/);
  piece.resolve(encoder.encode("late"));
  await client.wire.closeWrite();
  assert.equal(await client.rest(), "4\r\nlate\r\n0\r\n\r\n");
  await served;
});

Deno.test("serveConnection() breaks the connection when a stream fails", async () => {
  async function* failing(): AsyncGenerator<Uint8Array, void> {
    yield encoder.encode("part");
    await Promise.resolve();
    throw new Error("disk");
  }
  const answer = await answersTo(
    "GET / HTTP/1.1\r\n\r\n",
    () => Promise.resolve({ tag: "stream", status: 200, headers: [], body: failing() }),
  );
  assert.equal(bodyOf(answer), "4\r\npart\r\n");
});

Deno.test("serveConnection() refuses a header that would start another one", async () => {
  const { client, served } = serving(() =>
    Promise.resolve({ tag: "whole", status: 200, headers: [["X", "a\r\nY: b"]], body: encoder.encode("") })
  );
  await client.say("GET / HTTP/1.1\r\n\r\n");
  assert.doesNotMatch(await client.rest(), /Y: b/);
  await served;
});

Deno.test("serveConnection() survives any bytes", async () => {
  const parts = [
    "GET",
    " ",
    "/",
    " HTTP/1.1",
    "\r\n",
    "\r\n\r\n",
    "Content-Length: 5",
    "Transfer-Encoding: chunked",
    "0",
    "a:b",
    "\0",
    "\xff",
    "5\r\nhello",
    ":",
  ];
  for (let round = 0; round < 300; round++) {
    const length = 1 + Math.floor(Math.random() * 12);
    const request = Array.from({ length }, () => parts[Math.floor(Math.random() * parts.length)]).join("");
    const answer = await answersTo(request);
    assert.ok(answer === "" || /^HTTP\/1\.1 \d{3} /.test(answer), JSON.stringify([request, answer]));
  }
});
