import assert from "node:assert/strict";
import { EngineError } from "../errors.ts";
import { makeTar } from "./_test_image.ts";
import { Archive } from "./archive.ts";
import { joinChunks } from "./registry/body.ts";
import { encodeTarHeader, parseTarHeader, tarBlock } from "./tar_header.ts";

type Bytes = Uint8Array<ArrayBuffer>;
type Part = { readonly name: string; readonly type?: string; readonly link?: string; readonly content?: string };

const end = new Uint8Array(2 * tarBlock);

/** Members in the order given, of any type. */
function tarOf(parts: readonly Part[], closing: Bytes = end): Bytes {
  const blocks = parts.flatMap(({ name, type = "0", link = "", content = "" }) => {
    const body = new TextEncoder().encode(content);
    const header = encodeTarHeader(name, { size: body.length });
    header[156] = type.charCodeAt(0);
    header.set(new TextEncoder().encode(link), 157);
    return [seal(header), body, new Uint8Array((tarBlock - body.length % tarBlock) % tarBlock)];
  });
  return joinChunks([...blocks, closing]);
}

function seal(header: Bytes): Bytes {
  header.fill(0x20, 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.set(new TextEncoder().encode(`${sum.toString(8).padStart(6, "0")}\0 `), 148);
  return header;
}

function pax(records: Readonly<Record<string, string>>): string {
  return Object.entries(records).map(([key, value]) => {
    const rest = ` ${key}=${value}\n`;
    const length = [1, 2, 3, 4].map((digits) => rest.length + digits).find((sum) =>
      `${sum}`.length + rest.length === sum
    );
    return `${length}${rest}`;
  }).join("");
}

async function withArchive<T>(bytes: Bytes, use: (archive: Archive) => T): Promise<T> {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeFile(path, bytes);
    using archive = Archive.open(path);
    return use(archive);
  } finally {
    await Deno.remove(path);
  }
}

const textOf = (name: string) => (archive: Archive) => new TextDecoder().decode(archive.read(name, { limit: 100 }));

Deno.test("Archive finds members and where their bytes are", async () => {
  const bytes = await makeTar([{ name: "a", content: "one" }, { name: "d/b", content: "" }]);
  await withArchive(bytes, (archive) => {
    assert.deepEqual(archive.names(), ["a", "d/b"]);
    assert.deepEqual(archive.locate("./a"), { path: archive.path, offset: 512, size: 3 });
    assert.equal(textOf("d/b")(archive), "");
    assert.equal(archive.locate("missing"), undefined);
    assert.throws(() => archive.read("missing", { limit: 1 }), { kind: "notFound" });
    assert.throws(() => archive.read("a", { limit: 2 }), { kind: "corrupt" });
  });
});

Deno.test("Archive understands PAX and GNU names, links and sizes", async () => {
  const long = "x/".repeat(100) + "name";
  const bytes = tarOf([
    { name: "ignored", type: "g", content: pax({ path: "global" }) },
    { name: "p", type: "x", content: pax({ path: long, size: "3" }) },
    { name: "short", content: "pax" },
    { name: "l", type: "L", content: `gnu/${long}\0` },
    { name: "short", content: "gnu" },
    { name: "k", type: "K", content: `gnu/${long}\0` },
    { name: "link", type: "2", link: "short" },
    { name: "after", content: "plain" },
  ]);
  await withArchive(bytes, (archive) => {
    assert.equal(textOf(long)(archive), "pax");
    assert.equal(textOf(`gnu/${long}`)(archive), "gnu");
    assert.equal(textOf("link")(archive), "gnu");
    assert.equal(textOf("after")(archive), "plain");
  });
});

Deno.test("links lead to members of the archive alone", async () => {
  const bytes = tarOf([
    { name: "blob", content: "data" },
    { name: "d/soft", type: "2", link: "../blob" },
    { name: "d/hard", type: "1", link: "blob" },
    { name: "passwd", type: "2", link: "/etc/passwd" },
    { name: "up", type: "2", link: "../../../../etc/passwd" },
    { name: "loop", type: "2", link: "loop" },
    { name: "etc/passwd", content: "ours" },
  ]);
  await withArchive(bytes, (archive) => {
    assert.equal(textOf("d/soft")(archive), "data");
    assert.equal(textOf("d/hard")(archive), "data");
    assert.equal(textOf("passwd")(archive), "ours");
    assert.equal(textOf("up")(archive), "ours");
    assert.throws(() => archive.locate("loop"), { kind: "corrupt" });
  });
});

Deno.test("the first of two members of a name counts", async () => {
  await withArchive(tarOf([{ name: "a", content: "first" }, { name: "./a", content: "second" }]), (archive) => {
    assert.equal(textOf("a")(archive), "first");
  });
});

Deno.test("an archive may lack its end, but not a part of a member", async () => {
  const bytes = tarOf([{ name: "a", content: "x".repeat(600) }], new Uint8Array());
  await withArchive(bytes, (archive) => assert.equal(archive.locate("a")?.size, 600));
  for (let length = 1; length < bytes.length - 424; length += 97) {
    await assert.rejects(withArchive(bytes.slice(0, length), () => {}), { kind: "corrupt" }, `${length}`);
  }
});

Deno.test("what is no tar is refused as Podman says it", async () => {
  for (const text of ["", "hello", "x".repeat(512), "x".repeat(4096)]) {
    await assert.rejects(withArchive(new TextEncoder().encode(text), () => {}), /^EngineError: archive\/tar: /);
  }
  await assert.rejects(withArchive(end, () => {}), { kind: "corrupt" });
});

Deno.test("Archive fails in no other way, wherever it is damaged", async () => {
  const bytes = tarOf([
    { name: "p", type: "x", content: pax({ path: "long" }) },
    { name: "short", content: "pax" },
    { name: "link", type: "2", link: "long" },
  ]);
  const path = await Deno.makeTempFile();
  for (let at = 0; at < bytes.length - 1024; at += 7) {
    const damaged = bytes.slice();
    damaged[at] = (damaged[at] ?? 0) ^ 0x41;
    Deno.writeFileSync(path, damaged);
    try {
      Archive.open(path)[Symbol.dispose]();
    } catch (error) {
      assert.ok(error instanceof EngineError && error.kind === "corrupt", String(error));
    }
  }
  await Deno.remove(path);
});

Deno.test("sizes beyond octal are written and read in base 256", () => {
  for (const size of [0, 8 ** 11 - 1, 8 ** 11, 2 ** 52]) {
    assert.equal(parseTarHeader(encodeTarHeader("a", { size }))?.size, size);
  }
});

Deno.test("what writeTar() writes, tar(1) reads", async () => {
  const path = await Deno.makeTempFile();
  await Deno.writeFile(
    path,
    await makeTar([{ name: "blobs/a", content: "x".repeat(513) }, { name: "b", content: "y" }]),
  );
  const { stdout } = await new Deno.Command("tar", { args: ["-tvf", path] }).output();
  assert.match(new TextDecoder().decode(stdout), /^-rw-r--r-- 0\/0 +513 .* blobs\/a\n-rw-r--r-- 0\/0 +1 .* b\n$/);
  await Deno.remove(path);
});
