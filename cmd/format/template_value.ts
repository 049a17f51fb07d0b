/**
 * Values as templates see them. Records (Go structs) are plain objects: an unknown field is an error. `Map`s are Go maps: an
 * unknown key is nothing. `GoTime` stands for time.Time, functions for methods.
 */

import { EngineError } from "../../lib/errors.ts";
import { GoTime } from "./go_time.ts";

export type Method = (...operands: readonly TemplateValue[]) => TemplateValue;

export type TemplateValue =
  | undefined
  | null
  | boolean
  | number
  | string
  | GoTime
  | Method
  | readonly TemplateValue[]
  | ReadonlyMap<string, TemplateValue>
  | TemplateRecord;

export type TemplateRecord = { readonly [field: string]: TemplateValue };

export function isMap(value: TemplateValue): value is ReadonlyMap<string, TemplateValue> {
  return value instanceof Map;
}

export function isRecord(value: TemplateValue): value is TemplateRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof GoTime) &&
    !(value instanceof Map);
}

/** Go's notion of an empty value is false. */
export function isTrue(value: TemplateValue): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isMap(value)) return value.size > 0;
  return Boolean(value);
}

/** `{{.}}` of the value, as fmt.Print has it. */
export function printValue(value: TemplateValue): string {
  if (value === undefined) return "<no value>";
  return printInner(value);
}

function printInner(value: TemplateValue): string {
  if (value === undefined || value === null) return "<nil>";
  if (Array.isArray(value)) return `[${value.map(printInner).join(" ")}]`;
  if (value instanceof GoTime) return printTime(value);
  if (isMap(value)) {
    const pairs = [...value].toSorted(([left], [right]) => left < right ? -1 : 1);
    return `map[${pairs.map(([key, inner]) => `${key}:${printInner(inner)}`).join(" ")}]`;
  }
  if (isRecord(value)) return `{${Object.values(value).map(printInner).join(" ")}}`;
  if (typeof value === "function") return printInner(value());
  return typeof value === "number" ? printNumber(value) : String(value);
}

function printNumber(value: number): string {
  if (Number.isInteger(value)) return BigInt(value).toString();
  return String(value).replace(/e([+-])(\d)$/, "e$10$2");
}

/** `2006-01-02 15:04:05.999999999 -0700 MST`. */
function printTime(time: GoTime): string {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(time.rfc3339);
  if (match === null) return time.rfc3339;
  const [, date, clock, fraction = "", zone = "Z"] = match;
  const digits = fraction.replace(/\.?0+$/, "");
  const offset = zone === "Z" ? "+0000" : zone.replace(":", "");
  return `${date} ${clock}${digits} ${offset} ${offset === "+0000" ? "UTC" : offset}`;
}

/** `.name` of `value`. Field names also match their spelling on the wire: `.DNSEnabled` is `dns_enabled`. */
export function fieldOf(value: TemplateValue, name: string): TemplateValue {
  if (isMap(value)) return value.get(name);
  if (value instanceof GoTime) return timeMethod(value, name);
  if (!isRecord(value)) throw new EngineError("usage", `can't evaluate field ${name} in type ${typeName(value)}`);
  if (Object.hasOwn(value, name)) return value[name];
  const wanted = plainName(name);
  const key = Object.keys(value).find((key) => plainName(key) === wanted);
  if (key === undefined) throw new EngineError("usage", `can't evaluate field ${name} in type ${typeName(value)}`);
  return value[key];
}

/** Go names and those on the wire are the same under it. */
export function plainName(name: string): string {
  return name.replaceAll("_", "").toLowerCase();
}

function typeName(value: TemplateValue): string {
  if (value === null || value === undefined) return "interface {}";
  if (Array.isArray(value)) return "[]interface {}";
  return typeof value === "object" ? "interface {}" : typeof value === "number" ? "int" : typeof value;
}

function timeMethod(time: GoTime, name: string): TemplateValue {
  const milliseconds = Date.parse(time.rfc3339);
  switch (name) {
    case "Unix":
      return Math.floor(milliseconds / 1000);
    case "UnixMilli":
      return milliseconds;
    case "UnixNano":
      return milliseconds * 1e6;
    case "Year":
      return new Date(milliseconds).getUTCFullYear();
    case "Format":
      return (layout) => formatTime(time, String(layout));
    case "String":
      return printTime(time);
    case "UTC":
    case "Local":
      return time;
    case "IsZero":
      return time.rfc3339.startsWith("0001-01-01T00:00:00");
    default:
      throw new EngineError("usage", `can't evaluate field ${name} in type time.Time`);
  }
}

const months = ["January", "February", "March", "April", "May", "June", "July", "August"];
const lateMonths = ["September", "October", "November", "December"];
const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/** Go's reference-time layouts, in UTC. */
function formatTime(time: GoTime, layout: string): string {
  const date = new Date(Date.parse(time.rfc3339));
  const two = (value: number) => String(value).padStart(2, "0");
  const month = [...months, ...lateMonths][date.getUTCMonth()] ?? "";
  const day = days[date.getUTCDay()] ?? "";
  const hour = date.getUTCHours();
  const fraction = (/\.(\d+)/.exec(time.rfc3339)?.[1] ?? "").padEnd(9, "0");
  const words: Readonly<Record<string, string>> = {
    "2006": String(date.getUTCFullYear()).padStart(4, "0"),
    "06": two(date.getUTCFullYear() % 100),
    January: month,
    Jan: month.slice(0, 3),
    "01": two(date.getUTCMonth() + 1),
    "1": String(date.getUTCMonth() + 1),
    Monday: day,
    Mon: day.slice(0, 3),
    "02": two(date.getUTCDate()),
    _2: String(date.getUTCDate()).padStart(2, " "),
    "2": String(date.getUTCDate()),
    "15": two(hour),
    "03": two(hour % 12 || 12),
    "3": String(hour % 12 || 12),
    "04": two(date.getUTCMinutes()),
    "4": String(date.getUTCMinutes()),
    "05": two(date.getUTCSeconds()),
    "5": String(date.getUTCSeconds()),
    PM: hour < 12 ? "AM" : "PM",
    pm: hour < 12 ? "am" : "pm",
    MST: "UTC",
    "Z07:00": "Z",
    "-07:00": "+00:00",
    "-0700": "+0000",
  };
  const pattern = /\.0+(?!\d)|\.9+(?!\d)|2006|January|Jan|Monday|Mon|MST|Z07:00|-07:00|-0700|0[1-6]|15|_2|PM|pm|[1-5]/g;
  return layout.replace(pattern, (word) => {
    if (word.startsWith(".0")) return `.${fraction.slice(0, word.length - 1)}`;
    if (word.startsWith(".9")) return `.${fraction.slice(0, word.length - 1)}`.replace(/\.?0+$/, "");
    return words[word] ?? word;
  });
}
