import { EngineError } from "../errors.ts";

const unitMilliseconds: ReadonlyMap<string, number> = new Map([
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
  ["ms", 1],
  ["us", 1e-3],
  ["µs", 1e-3],
  ["ns", 1e-6],
]);

/** Milliseconds of a Go duration such as `1h30m` or `1.5s`; `undefined` if it is not one. */
export function parseDuration(text: string): number | undefined {
  const match = /^([+-]?)((?:\d+(?:\.\d+)?(?:h|ms|us|µs|ns|m|s))+)$/.exec(text);
  if (!match) return undefined;
  const parts = (match[2] ?? "").matchAll(/(\d+(?:\.\d+)?)(h|ms|us|µs|ns|m|s)/g);
  const sum = parts.reduce(
    (total, [, count, unit]) => total + Number(count) * (unitMilliseconds.get(unit ?? "") ?? 0),
    0,
  );
  return match[1] === "-" ? -sum : sum;
}

/** Milliseconds since 1970 of an RFC 3339 time, seconds since 1970, or a duration before now. */
export function parseTime(text: string, now: number = Date.now()): number {
  const duration = parseDuration(text);
  if (duration !== undefined) return now - duration;
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text.replace(/(\.\d{3})\d+/, "$1")) : NaN;
  if (Number.isNaN(time)) {
    throw new EngineError(
      "invalidArgument",
      `failed to parse "${text}": neither a time, seconds since 1970, nor a duration`,
    );
  }
  return time;
}
