import assert from "node:assert/strict";
import { fakeIo } from "./_fake_io.ts";
import { readSecret } from "./read_secret.ts";

Deno.test("readSecret() reads one line without showing it, with erased letters gone", async () => {
  const { io, stderr, terminal } = fakeIo({ terminal: true, stdin: ["sec", "x\x7fret", "\rmore"] });
  assert.equal(await readSecret(io, "Password: "), "secret");
  assert.equal(stderr(), "Password: \n");
  assert.deepEqual(terminal, ["raw", "cooked"]);
});

Deno.test("readSecret() is cancelled by Ctrl-C and leaves the terminal as it was", async () => {
  const { io, terminal } = fakeIo({ terminal: true, stdin: ["se\x03"] });
  await assert.rejects(readSecret(io, ""), { kind: "cancelled" });
  assert.deepEqual(terminal, ["raw", "cooked"]);
});

Deno.test("readSecret() takes the first line of piped input without a prompt", async () => {
  const { io, stderr } = fakeIo({ stdin: ["secret\nmore"] });
  assert.deepEqual([await readSecret(io, "Password: "), stderr()], ["secret", ""]);
});
