/** The client's half of HTTP/1.1: one request, one connection. */

import { chunk, lastChunk, readBody } from "./body.ts";
import { type Headers, parseResponseHead, responseFraming, type ResponseHead, writeHead } from "./head.ts";
import { type Connection, joined, Wire, WireError } from "./wire.ts";

/** Where a service listens. */
export type Address =
  | { readonly tag: "unix"; readonly path: string }
  | { readonly tag: "tcp"; readonly hostname: string; readonly port: number };

export type OutgoingRequest = {
  readonly method: string;
  /** Path and query, percent-encoded. */
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array | AsyncIterable<Uint8Array> | null;
};

/** An answer whose head has arrived. `close()` ends the connection, at any moment. */
export type Response = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: AsyncIterable<Uint8Array>;
  /** The line under it, for what continues after a hijack. */
  readonly wire: Wire;
  readonly close: () => void;
};

const headLimit = 256 * 1024;
const encoder = new TextEncoder();

/** Opens a connection; rejects as `Deno.connect` does. */
export async function connect(address: Address): Promise<Connection> {
  return address.tag === "unix"
    ? await Deno.connect({ transport: "unix", path: address.path })
    : await Deno.connect({ hostname: address.hostname, port: address.port });
}

/**
 * Sends the request and waits for the head of its answer. When `signal` aborts, the connection is closed and whatever
 * waits on it rejects with the signal's reason.
 */
export async function send(
  connection: Connection,
  { request, signal }: { readonly request: OutgoingRequest; readonly signal?: AbortSignal },
): Promise<Response> {
  const wire = new Wire(connection);
  const stop = () => wire.close();
  signal?.addEventListener("abort", stop, { once: true });
  const close = () => {
    signal?.removeEventListener("abort", stop);
    wire.close();
  };
  try {
    signal?.throwIfAborted();
    const sending = sendRequest(wire, request);
    // The answer may come before the whole body was taken, and then says why.
    sending.catch(() => {});
    const head = await finalHead(wire, sending);
    const body = guarded(readBody(wire, responseFraming(head, request.method)), { signal, close });
    return { status: head.status, headers: head.headers, body, wire, close };
  } catch (error) {
    close();
    throw signal?.aborted === true ? signal.reason : error;
  }
}

async function sendRequest(wire: Wire, request: OutgoingRequest): Promise<void> {
  const framing: [string, string][] = request.body === null || request.body instanceof Uint8Array
    ? [["Content-Length", String(request.body?.length ?? 0)]]
    : [["Transfer-Encoding", "chunked"]];
  const first = `${request.method} ${request.target} HTTP/1.1`;
  const head = encoder.encode(writeHead(first, [["Host", "d"], ...request.headers, ...framing]));
  if (request.body === null) return await wire.write(head);
  if (request.body instanceof Uint8Array) return await wire.write(joined(head, request.body));
  await wire.write(head);
  for await (const part of request.body) if (part.length > 0) await wire.write(chunk(part));
  await wire.write(lastChunk);
}

async function finalHead(wire: Wire, sending: Promise<void>): Promise<ResponseHead> {
  for (;;) {
    const bytes = await wire.head(headLimit);
    if (bytes === null) {
      await sending;
      throw new WireError("connection ended before an answer");
    }
    const head = parseResponseHead(bytes);
    if (head.status === 101 || head.status >= 200) return head;
  }
}

async function* guarded(
  body: AsyncGenerator<Uint8Array, void>,
  { signal, close }: { readonly signal: AbortSignal | undefined; readonly close: () => void },
): AsyncGenerator<Uint8Array, void> {
  try {
    yield* body;
  } catch (error) {
    throw signal?.aborted === true ? signal.reason : error;
  } finally {
    close();
  }
}
