import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { finishChunk } from "./build.ts";
import { belongsTo, denoVersion, elfLength, fileInTar } from "./denort.ts";

const source = { commit: "abc", time: 7 };

Deno.test("finishChunk() puts commit and time in place of their marks", () => {
  const text = finishChunk('var a="@@commit@@",b="@@commit_time@@";', { name: "main.js", source, workers: [] });
  strictEqual(text, 'var a="abc",b="7";');
});

Deno.test("finishChunk() points to the worker from wherever the chunk is", () => {
  const workers = ["lib/storage/extract_worker.ts"];
  const text = 'new URL("./extract_worker.ts",import.meta.url)';
  strictEqual(
    finishChunk(text, { name: "run-AB.js", source, workers }),
    'new URL("./lib/storage/extract_worker.js",import.meta.url)',
  );
  strictEqual(
    finishChunk(text, { name: "lib/storage/other_worker.js", source, workers }),
    'new URL("./extract_worker.js",import.meta.url)',
  );
});

Deno.test("finishChunk() gives packages in CommonJS a require for built-in modules", () => {
  const text = finishChunk("throw Error('Dynamic require of x')", { name: "a.js", source, workers: [] });
  strictEqual(text.startsWith("var require=name=>process.getBuiltinModule(name);"), true);
});

function elf({ machine, sections }: { readonly machine: number; readonly sections: number }): Uint8Array {
  const bytes = new Uint8Array(1000);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x7f454c46);
  view.setUint16(18, machine, true);
  view.setBigUint64(0x28, 500n, true);
  view.setUint16(0x3a, 64, true);
  view.setUint16(0x3c, sections, true);
  return bytes;
}

Deno.test("elfLength() is the end of the section header table", () => {
  strictEqual(elfLength(elf({ machine: 62, sections: 3 })), 500 + 3 * 64);
  throws(() => elfLength(new Uint8Array(100)), /not an ELF file/);
});

Deno.test("belongsTo() tells the machine of a base program", () => {
  strictEqual(belongsTo(elf({ machine: 62, sections: 0 }), "x86_64-unknown-linux-gnu"), true);
  strictEqual(belongsTo(elf({ machine: 62, sections: 0 }), "aarch64-unknown-linux-gnu"), false);
  strictEqual(belongsTo(elf({ machine: 183, sections: 0 }), "aarch64-unknown-linux-gnu"), true);
  strictEqual(belongsTo(new TextEncoder().encode("MZ".padEnd(64)), "x86_64-pc-windows-msvc"), true);
});

Deno.test("fileInTar() finds a file behind another", () => {
  const entry = (name: string, content: string) => {
    const block = new Uint8Array(1024);
    const put = (text: string, at: number) => block.set(new TextEncoder().encode(text), at);
    put(name, 0);
    put(content.length.toString(8).padStart(11, "0"), 124);
    put(content, 512);
    return [...block];
  };
  const tar = new Uint8Array([...entry("a", "one"), ...entry("b/c", "two"), ...new Uint8Array(1024)]);
  deepStrictEqual(fileInTar(tar, "b/c"), new TextEncoder().encode("two"));
  strictEqual(fileInTar(tar, "d"), undefined);
});

Deno.test("setup.sh installs the Deno that build.ts asks for", () => {
  const setup = readFileSync(new URL("./setup.sh", import.meta.url), "utf8");
  strictEqual(setup.match(/^DENO_VERSION=(.*)$/m)?.[1], denoVersion);
});
