import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { openZstd } from "../../sys/zstd.ts";
import { type Bytes, bytesOf, concat } from "../support_test.ts";
import { detectCompression, type Inflater, openInflater, openPureZstd } from "./inflate.ts";

const text = bytesOf("some text that repeats ".repeat(2000));
const gzip = new Uint8Array(gzipSync(text));

/** A zstd frame with one raw block (RFC 8878): magic, header descriptor with a content size of 2 bytes, block. */
function zstdFrame(content: Bytes): Bytes {
  const size = content.length;
  const block = (size << 3) | 1;
  const header = [0x28, 0xb5, 0x2f, 0xfd, 0x60, (size - 256) & 0xff, (size - 256) >> 8];
  return concat([Uint8Array.from([...header, block & 0xff, (block >> 8) & 0xff, block >> 16]), content]);
}

const skippable = Uint8Array.of(0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3);

type Open = (take: (bytes: Bytes) => void) => Promise<Inflater>;

async function inflate(open: Open, input: Bytes, { step }: { readonly step: number }): Promise<Bytes> {
  const parts: Bytes[] = [];
  using inflater = await open((bytes) => parts.push(bytes.slice()));
  for (let at = 0; at < input.length; at += step) await inflater.push(input.slice(at, at + step));
  await inflater.end();
  return concat(parts);
}

const gunzip: Open = (take) => openInflater("gzip", take);

Deno.test("detectCompression() goes by the first bytes", () => {
  assert.equal(detectCompression(gzip), "gzip");
  assert.equal(detectCompression(zstdFrame(text.slice(0, 300))), "zstd");
  assert.equal(detectCompression(skippable), "zstd");
  assert.equal(detectCompression(text), "none");
  assert.equal(detectCompression(new Uint8Array(0)), "none");
  assert.throws(() => detectCompression(Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0)), { kind: "unsupported" });
});

Deno.test("gzip is inflated in pieces of any size, several members too", async () => {
  for (const step of [1, 13, 100_000]) {
    assert.deepEqual(await inflate(gunzip, gzip, { step }), text);
    assert.deepEqual(await inflate(gunzip, concat([gzip, gzip]), { step }), concat([text, text]));
  }
});

Deno.test("zstd is inflated by libzstd and without it, several frames too", async () => {
  const small = text.slice(0, 5000);
  const frames = concat([zstdFrame(small), skippable, zstdFrame(small)]);
  const decoders: Open[] = [openPureZstd, (take) => openInflater("zstd", take)];
  for (const open of decoders) {
    for (const step of [7, 100_000]) {
      assert.deepEqual(await inflate(open, zstdFrame(small), { step }), small);
      assert.deepEqual(await inflate(open, frames, { step }), concat([small, small]));
    }
  }
});

Deno.test("damaged and cut streams are corrupt", async () => {
  const damaged = gzip.slice();
  damaged[40] = (damaged[40] ?? 0) ^ 255;
  for (const bad of [damaged, gzip.slice(0, 50), gzip.slice(0, -1), text]) {
    await assert.rejects(
      inflate(gunzip, bad, { step: 1000 }),
      (error) => (error as { kind?: string }).kind === "corrupt",
    );
  }
  const frame = zstdFrame(text.slice(0, 5000));
  const decoders: Open[] = [openPureZstd, (take) => openInflater("zstd", take)];
  for (const open of decoders) {
    for (const bad of [frame.slice(0, 1000), concat([frame, text])]) {
      await assert.rejects(
        inflate(open, bad, { step: 700 }),
        (error) => (error as { kind?: string }).kind === "corrupt",
      );
    }
  }
});

Deno.test("what the taker throws passes through", async () => {
  const stop = new Error("stop");
  const frame = zstdFrame(text.slice(0, 5000));
  const cases: readonly (readonly [Open, Bytes])[] = [[gunzip, gzip], [openPureZstd, frame]];
  for (const [open, input] of cases) {
    const failing: Open = () =>
      open(() => {
        throw stop;
      });
    await assert.rejects(inflate(failing, input, { step: 100_000 }), stop);
  }
});

Deno.test("openZstd() frees its decoder once", () => {
  const stream = openZstd();
  stream?.[Symbol.dispose]();
  stream?.[Symbol.dispose]();
});
