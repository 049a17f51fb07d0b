import assert from "node:assert/strict";
import { EngineError } from "../errors.ts";
import { DetachScanner, parseDetachKeys } from "./detach_keys.ts";

const text = (bytes: Uint8Array): string => new TextDecoder("latin1").decode(bytes);
const bytes = (source: string): Uint8Array => Uint8Array.from(source, (character) => character.charCodeAt(0));

Deno.test("parseDetachKeys() reads characters and control keys", () => {
  assert.deepEqual([...parseDetachKeys("ctrl-p,ctrl-q")], [16, 17]);
  assert.deepEqual([...parseDetachKeys("a,ctrl-@,ctrl-[,ctrl-\\,ctrl-],ctrl-^,ctrl-_")], [97, 0, 27, 28, 29, 30, 31]);
  assert.deepEqual([...parseDetachKeys("")], []);
});

Deno.test("parseDetachKeys() refuses what is no key", () => {
  for (const keys of ["ctrl-", "ctrl-P", "ab", "ctrl-p,", "é", "ctrl-1"]) {
    assert.throws(
      () => parseDetachKeys(keys),
      (error) => error instanceof EngineError && error.kind === "invalidArgument",
    );
  }
});

Deno.test("DetachScanner finds the keys in one piece and in many", () => {
  const whole = new DetachScanner(parseDetachKeys("ctrl-p,ctrl-q")).scan(bytes("ls\x10\x11more"));
  assert.deepEqual([text(whole.pass), whole.detached], ["ls", true]);
  const pieces = new DetachScanner(parseDetachKeys("ctrl-p,ctrl-q"));
  assert.deepEqual(pieces.scan(bytes("a\x10")), { pass: bytes("a"), detached: false });
  assert.equal(pieces.scan(bytes("\x11")).detached, true);
});

Deno.test("DetachScanner lets go of a beginning that leads nowhere", () => {
  const scanner = new DetachScanner(parseDetachKeys("a,a,b"));
  assert.equal(text(scanner.scan(bytes("aac")).pass), "aac");
  const overlapping = scanner.scan(bytes("xaaab"));
  assert.deepEqual([text(overlapping.pass), overlapping.detached], ["xa", true]);
});

Deno.test("DetachScanner gives back what it held when the input ends", () => {
  const scanner = new DetachScanner(parseDetachKeys("a,b"));
  assert.equal(text(scanner.scan(bytes("xa")).pass), "x");
  assert.equal(text(scanner.rest()), "a");
});

Deno.test("DetachScanner passes everything that does not hold the keys, however it is cut", () => {
  const keys = parseDetachKeys("a,b,a,c");
  for (let round = 0; round < 500; round++) {
    const source = Array.from({ length: 40 }, () => "abcd"[Math.floor(Math.random() * 4)]).join("");
    const scanner = new DetachScanner(keys);
    let passed = "";
    let found = false;
    for (let at = 0; at < source.length && !found;) {
      const step = 1 + Math.floor(Math.random() * 5);
      const { pass, detached } = scanner.scan(bytes(source.slice(at, at + step)));
      passed += text(pass);
      found = detached;
      at += step;
    }
    const place = source.indexOf("abac");
    assert.equal(found, place >= 0, source);
    assert.equal(passed + (found ? "" : text(scanner.rest())), place >= 0 ? source.slice(0, place) : source);
  }
});

Deno.test("DetachScanner without keys passes all", () => {
  const scanner = new DetachScanner(parseDetachKeys(""));
  assert.deepEqual(scanner.scan(bytes("\x10\x11")), { pass: bytes("\x10\x11"), detached: false });
});
