import assert from "node:assert/strict";
import type { Frame } from "../engine/mod.ts";
import { EngineError } from "../errors.ts";
import { decodeFrames, encodeFailure, encodeFrame } from "./frames.ts";
import { joined } from "./http/wire.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function decoded(...parts: readonly Uint8Array[]): Promise<readonly (readonly [string, string])[]> {
  const frames: Frame[] = [];
  for await (const frame of decodeFrames(ReadableStream.from(parts))) frames.push(frame);
  return frames.map(({ stream, data }) => [stream, new TextDecoder().decode(data)]);
}

Deno.test("encodeFrame() writes Docker's eight bytes", () => {
  assert.deepEqual([...encodeFrame({ stream: "stderr", data: bytes("hi") })], [2, 0, 0, 0, 0, 0, 0, 2, 104, 105]);
});

Deno.test("decodeFrames() reads frames however they are cut", async () => {
  const whole = joined(
    encodeFrame({ stream: "stdout", data: bytes("one") }),
    encodeFrame({ stream: "stderr", data: bytes("") }),
    encodeFrame({ stream: "stderr", data: bytes("two") }),
  );
  const wanted = [["stdout", "one"], ["stderr", ""], ["stderr", "two"]];
  assert.deepEqual(await decoded(whole), wanted);
  assert.deepEqual(await decoded(...Array.from(whole, (byte) => Uint8Array.of(byte))), wanted);
});

Deno.test("decodeFrames() rejects with a failure's text", async () => {
  await assert.rejects(decoded(encodeFailure("disk is on fire")), /disk is on fire/);
});

Deno.test("decodeFrames() refuses a broken stream", async () => {
  const broken = (error: unknown): boolean => error instanceof EngineError && error.kind === "corrupt";
  await assert.rejects(decoded(bytes("HTTP/1.1 200 OK")), broken);
  await assert.rejects(decoded(Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 9, 1)), broken);
  await assert.rejects(decoded(Uint8Array.of(1, 0, 0, 0, 255, 255, 255, 255)), broken);
});

Deno.test("encodeFrame() cuts what is too long for one frame", async () => {
  const data = new Uint8Array(2_500_000).fill(120);
  const frames = await decoded(encodeFrame({ stream: "stdout", data }));
  assert.deepEqual(frames.map(([, text]) => text.length), [1048576, 1048576, 402848]);
});
