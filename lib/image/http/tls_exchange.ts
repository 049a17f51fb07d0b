import { isIP } from "node:net";
import { checkServerIdentity, connect, type PeerCertificate, type TLSSocket } from "node:tls";
import { EngineError } from "../../errors.ts";
import { ByteReader } from "./byte_reader.ts";
import type { HttpRequest } from "./http_request.ts";

export type TlsExchangeOptions = {
  /** Certificates (DER) one of which the server has to show itself; without, any certificate is taken. */
  readonly pinned?: readonly Uint8Array[];
  readonly client?: { readonly cert: string; readonly key: string };
};

/**
 * One HTTP/1.1 exchange over a TLS connection of its own whose certificate the runtime does not judge. `fetch` cannot
 * be told to skip that for a single server.
 */
export async function sendOverTls(request: HttpRequest, options: TlsExchangeOptions): Promise<Response> {
  const socket = await openSocket(request, options);
  const stop = () => socket.destroy(new Error("aborted"));
  request.signal?.addEventListener("abort", stop, { once: true });
  const end = () => {
    request.signal?.removeEventListener("abort", stop);
    socket.destroy();
  };
  try {
    socket.write(encodeRequest(request));
    const reader = new ByteReader(socket[Symbol.asyncIterator]());
    const { status, headers } = await readHead(reader);
    if (hasBody(request, status)) return new Response(toStream(bodyOf(headers, reader), end), { status, headers });
    end();
    return new Response(null, { status, headers });
  } catch (error) {
    end();
    throw error;
  }
}

async function openSocket(request: HttpRequest, options: TlsExchangeOptions): Promise<TLSSocket> {
  const { url, signal } = request;
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const socket = connect({ host, port: Number(url.port || 443), rejectUnauthorized: false, ...options.client });
  const abort = () => socket.destroy(new Error("aborted"));
  signal?.addEventListener("abort", abort, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once("secureConnect", resolve);
      socket.on("error", reject); // stays: a late error without a listener would end the program
    });
    if (options.pinned !== undefined) checkPinned(socket, { host, pinned: options.pinned });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}

function checkPinned(
  socket: TLSSocket,
  { host, pinned }: { readonly host: string; readonly pinned: readonly Uint8Array[] },
): void {
  const certificate = socket.getPeerCertificate();
  const shown = new Uint8Array(certificate.raw);
  const isPinned = pinned.some((one) => one.length === shown.length && one.every((byte, at) => byte === shown[at]));
  if (!isPinned) throw new EngineError("unreachable", "tls: the server's certificate is not a trusted one");
  const now = Date.now();
  const isCurrent = Date.parse(certificate.valid_from) <= now && now <= Date.parse(certificate.valid_to);
  if (!isCurrent) throw new EngineError("unreachable", "tls: certificate has expired or is not yet valid");
  if (!certifies(certificate, host)) throw new EngineError("unreachable", `tls: certificate is not for ${host}`);
}

/** `checkServerIdentity` cannot read the runtime's way of writing addresses, `IP Address:7F000001`. */
function certifies(certificate: PeerCertificate, host: string): boolean {
  if (isIP(host) === 0) return checkServerIdentity(host, certificate) === undefined;
  const names = (certificate.subjectaltname ?? "").split(", ").map((name) => name.toLowerCase());
  return names.includes(`ip address:${host.toLowerCase()}`) || names.includes(`ip address:${addressHex(host)}`);
}

function addressHex(host: string): string {
  if (isIP(host) === 4) return host.split(".").map((part) => Number(part).toString(16).padStart(2, "0")).join("");
  const [head = "", tail = ""] = new URL(`http://[${host}]`).hostname.slice(1, -1).split("::");
  const groups = (text: string) => text === "" ? [] : text.split(":").map((group) => group.padStart(4, "0"));
  const [first, last] = [groups(head), groups(tail)];
  return [...first, ...Array(8 - first.length - last.length).fill("0000"), ...last].join("");
}

function encodeRequest(request: HttpRequest): string {
  const { url, body } = request;
  const headers = new Headers(request.headers);
  headers.set("host", url.host);
  headers.set("connection", "close");
  headers.set("accept-encoding", "identity");
  if (body !== undefined) headers.set("content-length", String(new TextEncoder().encode(body).length));
  const lines = [...headers].map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return `${request.method} ${url.pathname}${url.search} HTTP/1.1\r\n${lines}\r\n${body ?? ""}`;
}

type Head = { readonly status: number; readonly headers: Headers };

const maximumHeaderLines = 200;

async function readHead(reader: ByteReader): Promise<Head> {
  const [, status] = /^HTTP\/1\.[01] ([1-5]\d\d)(?: |$)/.exec(await reader.line()) ?? [];
  if (status === undefined) throw malformed("status line");
  const headers = new Headers();
  for (let count = 0;; count++) {
    const line = await reader.line();
    if (line === "") break;
    const colon = line.indexOf(":");
    if (colon <= 0 || count === maximumHeaderLines) throw malformed("header");
    headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return status.startsWith("1") ? await readHead(reader) : { status: Number(status), headers };
}

function hasBody(request: HttpRequest, status: number): boolean {
  return request.method !== "HEAD" && status !== 204 && status !== 205 && status !== 304;
}

function bodyOf(headers: Headers, reader: ByteReader): AsyncGenerator<Uint8Array> {
  if (/\bchunked\b/i.test(headers.get("transfer-encoding") ?? "")) return chunkedBody(reader);
  const length = headers.get("content-length");
  if (length === null) return reader.rest();
  if (!/^\d+$/.test(length)) throw malformed("content-length");
  return reader.exactly(Number(length));
}

async function* chunkedBody(reader: ByteReader): AsyncGenerator<Uint8Array> {
  for (;;) {
    const [, digits] = /^([0-9a-fA-F]{1,12})[ \t]*(?:;.*)?$/.exec(await reader.line()) ?? [];
    if (digits === undefined) throw malformed("chunk");
    const size = parseInt(digits, 16);
    if (size === 0) break;
    yield* reader.exactly(size);
    if ((await reader.line()) !== "") throw malformed("chunk");
  }
}

function toStream(body: AsyncGenerator<Uint8Array>, end: () => void): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    async pull(controller) {
      const next = await body.next();
      if (!next.done) return controller.enqueue(new Uint8Array(next.value));
      end();
      controller.close();
    },
    cancel: end,
  }, { highWaterMark: 1 });
}

function malformed(what: string): EngineError {
  return new EngineError("unreachable", `malformed HTTP response: ${what}`);
}
