/** The server's half of HTTP/1.1 on one connection: requests in, answers out, one after the other. */

import { chunk, lastChunk, readBody } from "./body.ts";
import { type Framing, type Headers, parseRequestHead, requestFraming, type RequestHead, writeHead } from "./head.ts";
import { joined, type Wire, WireError } from "./wire.ts";

/** A request as handlers see it. */
export type Request = {
  readonly method: string;
  /** As sent, percent-encoded, without the query. */
  readonly path: string;
  /** As sent, without `?`. */
  readonly query: string;
  readonly headers: Headers;
  /** Can be read once. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Aborts when the client has gone or the server stops. */
  readonly signal: AbortSignal;
};

export type Header = readonly [name: string, value: string];

/** What a handler gives back. `headers` does not name the framing: that is this file's business. */
export type Answer =
  | { readonly tag: "whole"; readonly status: number; readonly headers: readonly Header[]; readonly body: Uint8Array }
  /** Headers go out at once, before the first piece is there. A failure of the body breaks the connection. */
  | {
    readonly tag: "stream";
    readonly status: number;
    readonly headers: readonly Header[];
    readonly body: AsyncIterable<Uint8Array>;
  }
  /** The connection itself, from here on no longer HTTP; closed when `run` is done. */
  | {
    readonly tag: "hijack";
    readonly status: 101 | 200;
    readonly headers: readonly Header[];
    readonly run: (wire: Wire) => Promise<void>;
  };

export type Handler = (request: Request) => Promise<Answer>;

export type ConnectionOptions = {
  readonly handle: Handler;
  /** Aborts running requests. */
  readonly signal: AbortSignal;
  /** Called at the begin (+1) and the end (-1) of each request, hijacked lines included. */
  readonly onActivity: (change: 1 | -1) => void;
};

const headLimit = 64 * 1024;
/** What is read of a body that the handler left, so that the client gets to see the answer. */
const drainLimit = 256 * 1024;
const encoder = new TextEncoder();
const emptyBody = new Uint8Array(0);

const reasons = new Map<number, string>([
  [101, "UPGRADED"],
  [200, "OK"],
  [201, "Created"],
  [204, "No Content"],
  [304, "Not Modified"],
  [400, "Bad Request"],
  [404, "Not Found"],
  [405, "Method Not Allowed"],
  [409, "Conflict"],
  [500, "Internal Server Error"],
  [501, "Not Implemented"],
]);

/** Serves `wire` until either side ends it. Never rejects. */
export async function serveConnection(wire: Wire, options: ConnectionOptions): Promise<void> {
  try {
    for (let more = true; more;) {
      const bytes = await wire.head(headLimit);
      if (bytes === null) break;
      options.onActivity(1);
      try {
        more = await serveRequest(wire, { head: parseRequestHead(bytes), options });
      } finally {
        options.onActivity(-1);
      }
    }
  } catch (error) {
    if (error instanceof WireError) await refuse(wire, error);
  } finally {
    wire.close();
  }
}

/** True if the connection can take another request. */
async function serveRequest(
  wire: Wire,
  { head, options }: { readonly head: RequestHead; readonly options: ConnectionOptions },
): Promise<boolean> {
  using running = new Running(options.signal);
  const body = new IncomingBody(wire, head, running);
  const query = head.target.indexOf("?");
  const answer = await options.handle({
    method: head.method,
    path: query < 0 ? head.target : head.target.slice(0, query),
    query: query < 0 ? "" : head.target.slice(query + 1),
    headers: head.headers,
    body,
    signal: running.signal,
  });
  running.answering = true;
  if (answer.tag === "hijack") {
    running.release();
    return await hijack(wire, answer);
  }
  const reusable = wantsMore(head) && (body.ended || await body.drain()) && !options.signal.aborted;
  const sent = answer.tag === "whole"
    ? await sendWhole(wire, { answer, head, reusable })
    : await sendStream(wire, { answer, head, reusable });
  return sent && reusable;
}

/** One request in work: its signal, and the link to the server's. */
class Running {
  readonly #controller = new AbortController();
  readonly #stop = () => this.#controller.abort();
  #released = false;
  answering = false;

  constructor(readonly parent: AbortSignal) {
    if (parent.aborted) this.#controller.abort();
    else parent.addEventListener("abort", this.#stop);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Aborts when the client ends the connection; what it sends meanwhile is kept as its next request. */
  watch(wire: Wire): void {
    void wire.fill().then((alive) => alive || this.#released || this.#controller.abort());
  }

  /** From here on the client may end its half without giving up. */
  release(): void {
    this.#released = true;
  }

  [Symbol.dispose](): void {
    this.parent.removeEventListener("abort", this.#stop);
  }
}

/** The body of a request: read on demand, `100 Continue` sent when somebody wants it. */
class IncomingBody implements AsyncIterable<Uint8Array> {
  readonly #wire: Wire;
  readonly #running: Running;
  readonly #framing: Framing;
  #pieces: AsyncGenerator<Uint8Array, void> | null = null;
  readonly #expected: boolean;
  ended: boolean;
  #started = false;

  constructor(wire: Wire, head: RequestHead, running: Running) {
    const framing = requestFraming(head.headers);
    this.#wire = wire;
    this.#running = running;
    this.#framing = framing;
    this.#expected = head.headers.get("expect")?.toLowerCase() === "100-continue";
    this.ended = framing.tag === "none";
    if (this.ended) running.watch(wire);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void> {
    if (this.ended) return;
    if (this.#expected && !this.#started) await this.#wire.write(encoder.encode("HTTP/1.1 100 Continue\r\n\r\n"));
    this.#started = true;
    // One generator for handler and drain: leaving a loop over it early must not end it.
    const pieces = this.#pieces ??= readBody(this.#wire, this.#framing);
    for (let next = await pieces.next(); !next.done; next = await pieces.next()) yield next.value;
    this.ended = true;
    if (!this.#running.answering) this.#running.watch(this.#wire);
  }

  /** Reads past what the handler left, if that is little; true if the next request follows. */
  async drain(): Promise<boolean> {
    if (this.#expected && !this.#started) return false;
    let size = 0;
    for await (const piece of this) {
      size += piece.length;
      if (size > drainLimit) return false;
    }
    return this.ended;
  }
}

function wantsMore(head: RequestHead): boolean {
  const connection = head.headers.get("connection")?.toLowerCase() ?? "";
  return head.minor === 1 ? !connection.includes("close") : connection.includes("keep-alive");
}

function headText(answer: Answer, framing: readonly Header[]): Uint8Array {
  const first = `HTTP/1.1 ${answer.status} ${reasons.get(answer.status) ?? "Other"}`;
  return encoder.encode(writeHead(first, [...answer.headers, ["Date", dateText()], ...framing]));
}

let lastSecond = 0;
let lastDate = "";

/** The present moment as HTTP writes it, made once a second. */
function dateText(): string {
  const second = Math.floor(Date.now() / 1000);
  if (second !== lastSecond) [lastSecond, lastDate] = [second, new Date(second * 1000).toUTCString()];
  return lastDate;
}

type Sending<A> = { readonly answer: A; readonly head: RequestHead; readonly reusable: boolean };

async function sendWhole(wire: Wire, sending: Sending<Answer & { tag: "whole" }>): Promise<boolean> {
  const { answer, head, reusable } = sending;
  const bodyless = answer.status === 204 || answer.status === 304;
  const framing: Header[] = bodyless ? [] : [["Content-Length", String(answer.body.length)]];
  if (!reusable) framing.push(["Connection", "close"]);
  const text = headText(answer, framing);
  const body = bodyless || head.method === "HEAD" ? emptyBody : answer.body;
  return await written(wire, body.length === 0 ? text : joined(text, body));
}

async function sendStream(wire: Wire, sending: Sending<Answer & { tag: "stream" }>): Promise<boolean> {
  const { answer, head, reusable } = sending;
  const chunked = head.minor === 1;
  const framing: Header[] = chunked ? [["Transfer-Encoding", "chunked"]] : [];
  if (!reusable || !chunked) framing.push(["Connection", "close"]);
  if (!(await written(wire, headText(answer, framing)))) return await abandon(answer.body);
  for await (const piece of answer.body) {
    if (piece.length > 0 && !(await written(wire, chunked ? chunk(piece) : piece))) return false;
  }
  return chunked && await written(wire, lastChunk);
}

/** Tells a body that nobody will read it. */
async function abandon(body: AsyncIterable<Uint8Array>): Promise<false> {
  await body[Symbol.asyncIterator]().return?.();
  return false;
}

async function hijack(wire: Wire, answer: Answer & { tag: "hijack" }): Promise<false> {
  const first = `HTTP/1.1 ${answer.status} ${answer.status === 101 ? "UPGRADED" : "OK"}`;
  if (await written(wire, encoder.encode(writeHead(first, answer.headers)))) await answer.run(wire);
  return false;
}

/** False if the client has gone. */
async function written(wire: Wire, data: Uint8Array): Promise<boolean> {
  try {
    await wire.write(data);
    return true;
  } catch {
    return false;
  }
}

async function refuse(wire: Wire, error: WireError): Promise<void> {
  const body = encoder.encode(
    JSON.stringify({ cause: "invalid argument", message: error.message, response: error.status }),
  );
  const answer: Answer = { tag: "whole", status: error.status, headers: [["Content-Type", "application/json"]], body };
  await written(
    wire,
    joined(headText(answer, [["Content-Length", String(body.length)], ["Connection", "close"]]), body),
  );
}
