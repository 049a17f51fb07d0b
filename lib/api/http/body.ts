/** Bodies of HTTP/1.1 messages: framing ⇄ bytes. */

import type { Framing } from "./head.ts";
import { joined, type Wire, WireError } from "./wire.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("latin1");
const lineEnd = encoder.encode("\r\n");

/** The body, piece by piece; leaves the wire right behind it when read to its end. */
export async function* readBody(wire: Wire, framing: Framing): AsyncGenerator<Uint8Array, void> {
  switch (framing.tag) {
    case "none":
      return;
    case "length":
      return yield* readLength(wire, framing.length);
    case "chunked":
      return yield* readChunks(wire);
    case "untilClose":
      return yield* readUntilClose(wire);
    default:
      return framing satisfies never;
  }
}

async function* readLength(wire: Wire, length: number): AsyncGenerator<Uint8Array, void> {
  for (let left = length; left > 0;) {
    const part = await wire.take(left);
    if (part === null) throw new WireError("connection ended inside a body");
    left -= part.length;
    yield part;
  }
}

async function* readChunks(wire: Wire): AsyncGenerator<Uint8Array, void> {
  for (;;) {
    const size = /^([0-9a-fA-F]{1,12})(?:[ \t]*;.*)?$/.exec(decoder.decode(await wire.line(4096)))?.[1];
    if (size === undefined) throw new WireError("malformed chunk");
    const length = Number.parseInt(size, 16);
    if (length === 0) break;
    yield* readLength(wire, length);
    if ((await wire.line(2)).length !== 0) throw new WireError("malformed chunk");
  }
  while ((await wire.line(8192)).length > 0);
}

async function* readUntilClose(wire: Wire): AsyncGenerator<Uint8Array, void> {
  for (let part = await wire.take(); part !== null; part = await wire.take()) yield part;
}

/** One chunk of a chunked body. */
export function chunk(data: Uint8Array): Uint8Array {
  return joined(encoder.encode(`${data.length.toString(16)}\r\n`), data, lineEnd);
}

/** What ends a chunked body. */
export const lastChunk = encoder.encode("0\r\n\r\n");

/** The whole body; fails beyond `limit` bytes. */
export async function collect(body: AsyncIterable<Uint8Array>, limit = Number.MAX_SAFE_INTEGER): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > limit) throw new WireError(`body is longer than ${limit} bytes`, 413);
    parts.push(part);
  }
  const [first] = parts;
  return parts.length === 1 && first !== undefined ? first : joined(...parts);
}
