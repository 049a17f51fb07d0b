import assert from "node:assert/strict";
import { humanDuration, humanSize, spacedSize } from "./human.ts";

Deno.test("humanSize() counts in thousands with three digits", () => {
  const expected = [[0, "0B"], [12, "12B"], [999, "999B"], [1000, "1kB"], [1977912, "1.98MB"], [
    123456789,
    "123MB",
  ]] as const;
  for (const [bytes, text] of expected) assert.equal(humanSize(bytes), text);
});

Deno.test("spacedSize() parts number and unit", () => {
  assert.equal(spacedSize(1997912), "2 MB");
  assert.equal(spacedSize(7654), "7.65 kB");
});

Deno.test("humanDuration() speaks as docker/go-units", () => {
  const second = 1000;
  const hour = 3_600_000;
  const expected = [
    [0, "Less than a second"],
    [second, "1 second"],
    [59 * second, "59 seconds"],
    [60 * second, "About a minute"],
    [120 * second, "2 minutes"],
    [hour, "About an hour"],
    [47 * hour, "47 hours"],
    [48 * hour, "2 days"],
    [24 * 14 * hour, "2 weeks"],
    [24 * 61 * hour, "2 months"],
    [24 * 365 * 2 * hour, "2 years"],
  ] as const;
  for (const [milliseconds, text] of expected) assert.equal(humanDuration(milliseconds), text);
});
