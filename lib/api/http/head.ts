/** Heads of HTTP/1.1 messages: text ⇄ records. Strict, because what is let in decides where a message ends. */

import { WireError } from "./wire.ts";

/** Header names in lower case; values of repeated ones joined with `, `. */
export type Headers = ReadonlyMap<string, string>;

export type RequestHead = {
  readonly method: string;
  /** As sent: path and query. */
  readonly target: string;
  /** HTTP/1.`minor`. */
  readonly minor: 0 | 1;
  readonly headers: Headers;
};

export type ResponseHead = { readonly status: number; readonly headers: Headers };

/** How the body that follows a head is delimited. */
export type Framing =
  | { readonly tag: "none" }
  | { readonly tag: "length"; readonly length: number }
  | { readonly tag: "chunked" }
  | { readonly tag: "untilClose" };

const decoder = new TextDecoder("latin1");
// deno-lint-ignore no-control-regex
const requestLine = /^([A-Z]{1,20}) ([^\s\x00-\x1f\x7f]+) HTTP\/1\.([01])$/;
const statusLine = /^HTTP\/1\.[01] (\d{3})(?: .*)?$/;
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** Control characters but tab and what ends a line. */
// deno-lint-ignore no-control-regex
const controls = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/;

export function parseRequestHead(bytes: Uint8Array): RequestHead {
  const [first = "", ...lines] = linesOf(bytes);
  const match = requestLine.exec(first);
  if (match === null) throw new WireError("malformed request line");
  const [, method = "", target = "", minor] = match;
  return { method, target, minor: minor === "0" ? 0 : 1, headers: parseHeaders(lines) };
}

export function parseResponseHead(bytes: Uint8Array): ResponseHead {
  const [first = "", ...lines] = linesOf(bytes);
  const match = statusLine.exec(first);
  if (match === null) throw new WireError("malformed status line");
  return { status: Number(match[1]), headers: parseHeaders(lines) };
}

function linesOf(bytes: Uint8Array): readonly string[] {
  const text = decoder.decode(bytes);
  if (controls.test(text)) throw new WireError("control character in a head");
  return text.split("\r\n");
}

function parseHeaders(lines: readonly string[]): Headers {
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon);
    if (colon < 1 || !token.test(name)) throw new WireError("malformed header");
    const value = line.slice(colon + 1).trim();
    if (hasLineEnd(value)) throw new WireError("malformed header value");
    const key = name.toLowerCase();
    const before = headers.get(key);
    headers.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  return headers;
}

function hasLineEnd(text: string): boolean {
  return text.includes("\n") || text.includes("\r");
}

/** Framing of a request's body; refuses what two readers could understand differently. */
export function requestFraming(headers: Headers): Framing {
  const encoding = headers.get("transfer-encoding");
  const length = headers.get("content-length");
  if (encoding !== undefined && length !== undefined) throw new WireError("both content-length and transfer-encoding");
  if (encoding !== undefined) {
    if (encoding.toLowerCase() !== "chunked") throw new WireError(`transfer encoding "${encoding}"`, 501);
    return { tag: "chunked" };
  }
  return length === undefined ? { tag: "none" } : lengthFraming(length);
}

/** Framing of a response's body to a `method` request. */
export function responseFraming(head: ResponseHead, method: string): Framing {
  if (method === "HEAD" || head.status === 204 || head.status === 304 || head.status < 200) return { tag: "none" };
  if (head.headers.get("transfer-encoding")?.toLowerCase() === "chunked") return { tag: "chunked" };
  const length = head.headers.get("content-length");
  return length === undefined ? { tag: "untilClose" } : lengthFraming(length);
}

function lengthFraming(text: string): Framing {
  if (!/^\d{1,15}$/.test(text)) throw new WireError(`content length "${text}"`);
  const length = Number(text);
  return length === 0 ? { tag: "none" } : { tag: "length", length };
}

/** First line and headers as text that ends in an empty line. A line break in a value would start another header: refused. */
export function writeHead(first: string, headers: Iterable<readonly [string, string]>): string {
  let text = `${first}\r\n`;
  for (const [name, value] of headers) {
    if (hasLineEnd(value)) throw new WireError(`header ${name} holds the end of a line`);
    text += `${name}: ${value}\r\n`;
  }
  return `${text}\r\n`;
}
