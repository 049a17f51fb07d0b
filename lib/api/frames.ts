/**
 * Docker's multiplexed stream. Each frame: one byte stream (1 stdout, 2 stderr, 3 a failure's text), three zero bytes,
 * the length as 32 bits big-endian, the bytes.
 */

import type { Frame } from "../engine/mod.ts";
import { EngineError } from "../errors.ts";
import { joined } from "./http/wire.ts";

const headerLength = 8;
/** Longer frames are cut; a longer one from outside is refused. */
const longest = 1024 * 1024;
const numbers = { stdout: 1, stderr: 2, failure: 3 } as const;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function encodeFrame({ stream, data }: Frame): Uint8Array {
  return encode(numbers[stream], data);
}

/** The frame that says why a stream ends early. */
export function encodeFailure(message: string): Uint8Array {
  return encode(numbers.failure, encoder.encode(message));
}

function encode(number: number, data: Uint8Array): Uint8Array {
  if (data.length > longest) {
    return joined(encode(number, data.subarray(0, longest)), encode(number, data.subarray(longest)));
  }
  const frame = new Uint8Array(headerLength + data.length);
  frame[0] = number;
  new DataView(frame.buffer).setUint32(4, data.length);
  frame.set(data, headerLength);
  return frame;
}

/** Frames of a byte stream, however it is cut; a failure frame rejects. */
export async function* decodeFrames(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Frame, void> {
  let held: Uint8Array = new Uint8Array(0);
  for await (const part of bytes) {
    held = held.length === 0 ? part : joined(held, part);
    for (let next = cutFrame(held); next !== null; next = cutFrame(held)) {
      held = held.subarray(next.length);
      yield next.frame;
    }
  }
  if (held.length > 0) throw new EngineError("corrupt", "reading a stream of frames: it ended inside a frame");
}

function cutFrame(held: Uint8Array): { readonly frame: Frame; readonly length: number } | null {
  if (held.length < headerLength) return null;
  const size = new DataView(held.buffer, held.byteOffset).getUint32(4);
  const number = held[0] ?? 0;
  if (number > numbers.failure || size > 16 * longest) {
    throw new EngineError("corrupt", "reading a stream of frames: malformed header");
  }
  const length = headerLength + size;
  if (held.length < length) return null;
  const data = held.subarray(headerLength, length);
  if (number === numbers.failure) throw new EngineError("internal", decoder.decode(data));
  return { frame: { stream: number === numbers.stderr ? "stderr" : "stdout", data }, length };
}

/** Bytes of a terminal: all of it is stdout. */
export async function* rawFrames(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Frame, void> {
  for await (const data of bytes) yield { stream: "stdout", data };
}
