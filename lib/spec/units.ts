/** Sizes and durations as people write them. */

import { invalid } from "./invalid.ts";

const sizePattern = /^(\d+(?:\.\d*)?|\.\d+) ?([kKmMgGtTpP])?(?:[iI]?[bB])?$/;
const sizePowers = "kmgtp";

/** Bytes of `512m`, `1.5g`, `64k`, `100`, `1GiB` (powers of 1024). Throws `invalid size: 'x'`. */
export function parseBytes(text: string): number {
  return parseSize(text, 1024);
}

/** The same in powers of 1000, as containers.conf counts `shm_size`. */
export function parseDecimalBytes(text: string): number {
  return parseSize(text, 1000);
}

function parseSize(text: string, step: 1000 | 1024): number {
  const found = sizePattern.exec(text.trim());
  if (found === null) throw invalid(`invalid size: '${text}'`);
  const power = found[2] === undefined ? 0 : sizePowers.indexOf(found[2].toLowerCase()) + 1;
  const bytes = Math.trunc(Number(found[1]) * step ** power);
  if (!Number.isSafeInteger(bytes)) throw invalid(`invalid size: '${text}': too large`);
  return bytes;
}

const nanoseconds: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  "µs": 1e3,
  "μs": 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

/** Nanoseconds of `1h30m`, `2.5s`, `100ms`, as Go's time.ParseDuration. */
export function parseDuration(text: string): number {
  const wrong = () => invalid(`time: invalid duration ${JSON.stringify(text)}`);
  if (text === "0" || text === "+0" || text === "-0") return 0;
  const body = text.replace(/^[+-]/, "");
  if (!/^(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(body)) {
    if (/^(\d+(\.\d*)?|\.\d+)$/.test(body)) throw invalid(`time: missing unit in duration ${JSON.stringify(text)}`);
    throw wrong();
  }
  let total = 0;
  for (const [, amount, unit] of body.matchAll(/(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g)) {
    total += Number(amount) * (nanoseconds[unit ?? ""] ?? Number.NaN);
  }
  const rounded = Math.round(total);
  if (!Number.isSafeInteger(rounded)) throw wrong();
  return text.startsWith("-") ? -rounded : rounded;
}

/** `1.5MB`-like text with four significant digits, decimal units, as Podman prints sizes. */
export function formatSize(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${Number(value.toPrecision(3))}${units[unit]}`;
}

const steps: readonly (readonly [number, string, number])[] = [
  [60, "seconds", 1],
  [3600, "minutes", 60],
  [48 * 3600, "hours", 3600],
  [14 * 86400, "days", 86400],
  [60 * 86400, "weeks", 7 * 86400],
  [2 * 365 * 86400, "months", 30 * 86400],
];

/** `3 minutes`, `About an hour`, `Less than a second`: how long `seconds` is, as docker and Podman say it. */
export function humanDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 1) return "Less than a second";
  if (whole === 1) return "1 second";
  if (whole >= 60 && whole < 120) return "About a minute";
  if (Math.round(seconds / 3600) === 1 && whole >= 3600) return "About an hour";
  for (const [limit, unit, size] of steps) {
    if (whole >= limit) continue;
    const amount = unit === "hours" ? Math.round(seconds / 3600) : Math.floor(whole / size);
    return `${amount} ${unit}`;
  }
  return `${Math.floor(whole / (365 * 86400))} years`;
}
