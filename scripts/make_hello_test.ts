import { match, strictEqual } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { makeHello, makeModule } from "./make_hello.ts";

Deno.test("make_hello.ts makes the committed file again", () => {
  const committed = new URL("../lib/image/_hello_program.ts", import.meta.url);
  strictEqual(makeModule(), readFileSync(committed, "utf8"));
});

Deno.test({
  name: "the hello program prints its greeting and exits with 0",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const file = await Deno.makeTempFile();
    await Deno.writeFile(file, makeHello(Deno.build.arch === "x86_64" ? "amd64" : "arm64"), { mode: 0o755 });
    await Deno.chmod(file, 0o755);
    const { code, stdout } = await new Deno.Command(file).output();
    await Deno.remove(file);
    strictEqual(code, 0);
    match(new TextDecoder().decode(stdout), /Hello from Beluga!/);
  },
});
