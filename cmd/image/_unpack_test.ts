import assert from "node:assert/strict";
import { fakeIo } from "../_fake_io.ts";
import { unpackImageDirectory } from "./_unpack.ts";

type Entry = { readonly name: string; readonly content?: string; readonly type?: string };

/** A ustar archive with an end mark. */
function tarOf(entries: readonly Entry[]): Uint8Array {
  const parts = entries.flatMap(({ name, content = "", type = "0" }) => {
    const header = new Uint8Array(512);
    const put = (at: number, text: string) => header.set(new TextEncoder().encode(text), at);
    put(0, name);
    put(100, "0000644\0");
    put(124, content.length.toString(8).padStart(11, "0") + "\0");
    put(148, "        ");
    put(156, type);
    put(257, "ustar\x0000");
    put(148, header.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, "0") + "\0 ");
    const body = new Uint8Array(Math.ceil(content.length / 512) * 512);
    body.set(new TextEncoder().encode(content));
    return [header, body];
  });
  return new Uint8Array([...parts, new Uint8Array(1024)].flatMap((part) => [...part]));
}

/** In pieces of odd lengths. */
function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull: (controller) => {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + 333));
      at += 333;
    },
  });
}

async function unpack(entries: readonly Entry[]): Promise<Map<string, string>> {
  const { io, files } = fakeIo();
  await unpackImageDirectory(streamOf(tarOf(entries)), "/out", io.files);
  return files;
}

const digest = "a".repeat(64);

Deno.test("unpackImageDirectory() writes the files of an OCI layout", async () => {
  const files = await unpack([
    { name: "./", type: "5" },
    { name: "oci-layout", content: "{}" },
    { name: "blobs/", type: "5" },
    { name: "blobs/sha256/", type: "5" },
    { name: `blobs/sha256/${digest}`, content: "x".repeat(2000) },
    { name: "index.json", content: "[]" },
  ]);
  assert.equal(files.get("/out/oci-layout"), "{}");
  assert.equal(files.get(`/out/blobs/sha256/${digest}`), "x".repeat(2000));
  assert.equal(files.get("/out/index.json"), "[]");
});

const refused: readonly Entry[] = [
  { name: "../index.json", content: "x" },
  { name: "/index.json", content: "x" },
  { name: "blobs/sha256/../../../etc", content: "x" },
  { name: "other", content: "x" },
  { name: "index.json", type: "2" },
  { name: "etc/", type: "5" },
  { name: `blobs/sha256/${digest}/x`, content: "x" },
];

for (const entry of refused) {
  Deno.test(`unpackImageDirectory() refuses ${entry.name} of type ${entry.type ?? "0"}`, async () => {
    await assert.rejects(unpack([entry]), { kind: "corrupt" });
  });
}

Deno.test("unpackImageDirectory() refuses an archive that ends early or was changed", async () => {
  const whole = tarOf([{ name: "index.json", content: "x".repeat(600) }]);
  const { io } = fakeIo();
  await assert.rejects(unpackImageDirectory(streamOf(whole.slice(0, 700)), "/out", io.files), { kind: "corrupt" });
  const changed = whole.slice();
  changed[0] = 120;
  await assert.rejects(unpackImageDirectory(streamOf(changed), "/out", io.files), { kind: "corrupt" });
});
