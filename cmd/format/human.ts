/** Sizes and spans of time in words, as docker/go-units has them. */

const units = ["B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];

/** `1.98MB`: thousands, so many significant digits. */
export function humanSize(bytes: number, digits = 3): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return significant(value, digits) + (units[unit] ?? "");
}

/** `1.98 MB`, as lists of images have it. */
export function spacedSize(bytes: number): string {
  return humanSize(bytes).replace(/([0-9])([^0-9]*)$/, "$1 $2");
}

/** Go's `%.3g`. */
function significant(value: number, digits: number): string {
  const text = value.toPrecision(digits);
  if (!text.includes("e")) return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  const [mantissa = "", exponent = ""] = text.split("e");
  const short = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
  return `${short}e${exponent.replace(/^([+-])(\d)$/, "$10$2")}`;
}

/** `About a minute`, `3 hours`, … */
export function humanDuration(milliseconds: number): string {
  const seconds = Math.trunc(milliseconds / 1000);
  if (seconds < 1) return "Less than a second";
  if (seconds === 1) return "1 second";
  if (seconds < 60) return `${seconds} seconds`;
  const minutes = Math.trunc(seconds / 60);
  if (minutes === 1) return "About a minute";
  if (minutes < 60) return `${minutes} minutes`;
  const hours = Math.trunc(milliseconds / 3_600_000 + 0.5);
  if (hours === 1) return "About an hour";
  if (hours < 48) return `${hours} hours`;
  if (hours < 24 * 7 * 2) return `${Math.trunc(hours / 24)} days`;
  if (hours < 24 * 30 * 2) return `${Math.trunc(hours / 24 / 7)} weeks`;
  if (hours < 24 * 365 * 2) return `${Math.trunc(hours / 24 / 30)} months`;
  return `${Math.trunc(milliseconds / 3_600_000 / 24 / 365)} years`;
}

/** `3 minutes ago`. */
export function humanSince(then: number, now: number): string {
  return `${humanDuration(now - then)} ago`;
}
