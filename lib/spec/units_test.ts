import assert from "node:assert/strict";
import { isAddress, isMac } from "./addresses.ts";
import { capabilitiesOfMask } from "./capabilities.ts";
import { csvFields } from "./csv.ts";
import { matchGlob } from "./glob.ts";
import { findFreeIds, hostId } from "./id_maps.ts";
import { cleanPath } from "./invalid.ts";
import { generateName } from "./names.ts";
import { parseSignal, signalName } from "./signals.ts";
import { formatSize, parseBytes, parseDuration } from "./units.ts";

Deno.test("parseBytes() reads sizes as docker does", () => {
  const cases: readonly (readonly [string, number])[] = [
    ["0", 0],
    ["100", 100],
    ["1b", 1],
    ["64k", 65536],
    ["65536k", 67108864],
    ["1.5G", 1610612736],
    ["1GiB", 1073741824],
    ["2 MB", 2097152],
  ];
  for (const [text, bytes] of cases) assert.equal(parseBytes(text), bytes, text);
  for (const text of ["", "x", "-1", "1x", "1kk", "1e3", "99999999999p"]) {
    assert.throws(() => parseBytes(text), { message: new RegExp(`^invalid size: '${text}'`) });
  }
});

Deno.test("parseDuration() reads durations as Go does", () => {
  const cases: readonly (readonly [string, number])[] = [
    ["0", 0],
    ["1s", 1e9],
    ["1h2m3.5s", 3723.5e9],
    ["-1.5ms", -1.5e6],
    [".5us", 500],
  ];
  for (const [text, value] of cases) assert.equal(parseDuration(text), value, text);
  assert.throws(() => parseDuration("5"), { message: 'time: missing unit in duration "5"' });
  for (const text of ["", "x", "1s2", "s", "1 s"]) {
    assert.throws(() => parseDuration(text), { message: /^time: (invalid|missing unit in) duration/ });
  }
});

Deno.test("formatSize() has three digits and decimal units", () => {
  assert.deepEqual([0, 999, 1000, 1536000, 5e9].map(formatSize), ["0B", "999B", "1kB", "1.54MB", "5GB"]);
});

Deno.test("parseSignal() and signalName() agree", () => {
  const cases: readonly (readonly [string, number])[] = [
    ["TERM", 15],
    ["sigkill", 9],
    ["9", 9],
    ["SIGRTMIN", 34],
    ["RTMIN+3", 37],
    ["RTMAX-1", 63],
    ["CLD", 17],
  ];
  for (const [text, number] of cases) assert.equal(parseSignal(text), number, text);
  for (const text of ["", "0", "65", "FOO", "RTMIN-1", "RTMAX+1", "constructor"]) {
    assert.throws(() => parseSignal(text), { message: `invalid signal: ${text}` });
  }
  for (let number = 1; number <= 31; number++) assert.equal(parseSignal(signalName(number)), number);
});

Deno.test("isAddress() takes addresses and nothing else", () => {
  for (const text of ["1.2.3.4", "::", "::1", "fe80::1", "1:2:3:4:5:6:7:8", "::ffff:1.2.3.4", "2001:db8::"]) {
    assert.ok(isAddress(text), text);
  }
  for (
    const text of [
      "",
      "1.2.3",
      "1.2.3.256",
      "01.2.3.4",
      ":",
      ":::",
      "1::2::3",
      "1:2:3:4:5:6:7:8:9",
      "g::",
      "[::1]",
      "12345::",
    ]
  ) {
    assert.ok(!isAddress(text), text);
  }
  assert.deepEqual(["aa:bb:cc:dd:ee:ff", "aa-bb-cc-dd-ee-ff", "aa:bb-cc:dd:ee:ff", "aa"].map(isMac), [
    true,
    true,
    false,
    false,
  ]);
});

Deno.test("csvFields() keeps commas within quotes", () => {
  assert.deepEqual(csvFields('a,"b,c",,"d ""e"""'), ["a", "b,c", "", 'd "e"']);
  for (const text of ['a"b', '"a', '"a"b']) assert.throws(() => csvFields(text), { message: /parse error on line 1/ });
});

Deno.test("matchGlob() is Go's path.Match", () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ["/proc/*", "/proc/acpi", true],
    ["/proc/*", "/proc/a/b", false],
    ["/sys/f?rmware", "/sys/firmware", true],
    ["/[a-c]x", "/bx", true],
    ["/[^a-c]x", "/bx", false],
    ["a.b", "axb", false],
    [String.raw`\*`, "*", true],
    ["[", "[", false],
    ["a[", "a", false],
  ];
  for (const [pattern, text, expected] of cases) assert.equal(matchGlob(pattern, text), expected, pattern);
});

Deno.test("cleanPath() is Go's path.Clean", () => {
  const cases = [["", "."], ["/", "/"], ["/a/../../b/./c//", "/b/c"], ["a/../..", ".."], ["./a", "a"]] as const;
  for (const [path, clean] of cases) assert.equal(cleanPath(path), clean);
});

Deno.test("capabilitiesOfMask() reads the kernel's masks", () => {
  assert.deepEqual(capabilitiesOfMask("0000000000000003"), ["CAP_CHOWN", "CAP_DAC_OVERRIDE"]);
  assert.equal(capabilitiesOfMask("000001ffffffffff").length, 41);
});

Deno.test("findFreeIds() finds the first gap that is large enough", () => {
  const used = [{ container_id: 0, host_id: 100, size: 50 }, { container_id: 0, host_id: 160, size: 100 }];
  const find = (size: number) => findFreeIds({ available: [{ start: 100, size: 200 }], used, size })?.host_id;
  assert.deepEqual([find(10), find(11), find(40), find(41)], [150, 260, 260, undefined]);
  assert.equal(hostId([{ container_id: 5, host_id: 100, size: 2 }], 6), 101);
  assert.equal(hostId([{ container_id: 5, host_id: 100, size: 2 }], 7), undefined);
});

Deno.test("generateName() goes on until a name is free", () => {
  let calls = 0;
  const name = generateName(() => 0.5, () => ++calls < 8);
  assert.match(name, /^[a-z]+_[a-z]+\d+$/);
});
