import assert from "node:assert/strict";
import { parseDuration, parseTime } from "./parse_time.ts";

Deno.test("parseDuration() reads Go's durations and nothing else", () => {
  assert.equal(parseDuration("1h30m"), 5_400_000);
  assert.equal(parseDuration("1.5s"), 1500);
  assert.equal(parseDuration("-10ms"), -10);
  for (const text of ["", "10", "1d", "s", "1h x"]) assert.equal(parseDuration(text), undefined, text);
});

Deno.test("parseTime() reads times, seconds and durations ago", () => {
  assert.equal(parseTime("10s", 100_000), 90_000);
  assert.equal(parseTime("1700000000.5"), 1_700_000_000_500);
  assert.equal(parseTime("2024-01-01T00:00:00.123456789Z"), Date.UTC(2024, 0, 1, 0, 0, 0, 123));
  assert.throws(() => parseTime("yesterday"), /failed to parse "yesterday"/);
});
