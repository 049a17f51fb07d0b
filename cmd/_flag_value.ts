/** Text of a flag → its value, with pflag's words where it cannot be read. */

import { type Flag, type FlagType, type FlagValue, isList } from "./flag.ts";

/** Why a value was refused; the parser adds the flag's name. */
export class BadValue extends Error {}

const limits: Readonly<Record<string, readonly [bigint, bigint]>> = {
  int: [-(2n ** 63n), 2n ** 63n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint: [0n, 2n ** 64n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
};

/** The value of `flag` after one more occurrence with `text`; `before` is what earlier occurrences gave. */
export function readFlagValue(flag: Flag, text: string, before: FlagValue | undefined): FlagValue {
  if (isList(flag.type)) {
    const earlier = Array.isArray(before) ? before as readonly string[] : [];
    return [...earlier, ...readList(flag.type, text)];
  }
  return readScalar(flag, text);
}

function readScalar(flag: Flag, text: string): FlagValue {
  switch (flag.type) {
    case "bool":
      return readBool(text);
    case "choice":
      return readChoice(text, flag.values ?? []);
    case "duration":
      return readDuration(text);
    case "float64":
      return readFloat(text);
    case "ip":
      return readAddress(text, (bad) => `failed to parse IP: ${quote(bad)}`);
    case "string":
      return text;
    default:
      return readInteger(text, flag.type);
  }
}

function readList(type: FlagType, text: string): readonly string[] {
  if (type === "stringArray") return [text];
  const fields = text === "" ? [] : readCsv(text);
  if (type === "ipSlice") {
    return fields.map((field) =>
      readAddress(field.trim(), (bad) => `invalid string being converted to IP address: ${bad}`)
    );
  }
  if (type === "uintSlice") return fields.map((field) => String(readInteger(field, "uint")));
  if (type === "intSlice") return fields.map((field) => String(readInteger(field, "int", { call: "Atoi" })));
  if (type !== "stringToString") return fields;
  const bare = fields.find((field) => !field.includes("="));
  if (bare !== undefined) throw new BadValue(`${bare} must be formatted as key=value`);
  return fields;
}

function readBool(text: string): boolean {
  if (["1", "t", "T", "true", "TRUE", "True"].includes(text)) return true;
  if (["0", "f", "F", "false", "FALSE", "False"].includes(text)) return false;
  throw new BadValue(`strconv.ParseBool: parsing ${quote(text)}: invalid syntax`);
}

function readChoice(text: string, choices: readonly string[]): string {
  if (choices.includes(text)) return text;
  throw new BadValue(`${quote(text)} is not a valid value.  Choose from: "${choices.join(", ")}"`);
}

/** Go's base 0: decimal, 0x, 0o, 0b and a leading 0 for octal; single `_` between digits. */
function readInteger(text: string, type: FlagType, { call }: { readonly call?: string } = {}): number {
  const name = call ?? (type.startsWith("u") ? "ParseUint" : "ParseInt");
  const pattern = type.startsWith("u") ? /^()(.+)$/s : /^([+-]?)(.+)$/s;
  const [, sign, digits = ""] = pattern.exec(text) ?? [];
  const magnitude = readMagnitude(digits);
  if (magnitude === undefined) throw new BadValue(`strconv.${name}: parsing ${quote(text)}: invalid syntax`);
  const value = sign === "-" ? -magnitude : magnitude;
  const [low, high] = limits[type] ?? [0n, 0n];
  if (value < low || value > high) throw new BadValue(`strconv.${name}: parsing ${quote(text)}: value out of range`);
  return Number(value);
}

function readMagnitude(digits: string): bigint | undefined {
  if (/^(0|[1-9](_?[0-9])*)$/.test(digits)) return BigInt(digits.replaceAll("_", ""));
  if (/^0[xX](_?[0-9a-fA-F])+$/.test(digits) || /^0[bB](_?[01])+$/.test(digits)) {
    return BigInt(digits.replaceAll("_", ""));
  }
  if (!/^0[oO]?(_?[0-7])+$/.test(digits)) return undefined;
  return BigInt(`0o${digits.replaceAll("_", "").replace(/^0[oO]?/, "")}`);
}

function readFloat(text: string): number {
  if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) return Number(text);
  throw new BadValue(`strconv.ParseFloat: parsing ${quote(text)}: invalid syntax`);
}

function readDuration(text: string): string {
  if (/^[+-]?(0|((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)$/.test(text)) return text;
  throw new BadValue(`time: invalid duration ${quote(text)}`);
}

function readAddress(text: string, words: (bad: string) => string): string {
  const v4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (v4 !== null && v4.slice(1).every((part) => Number(part) < 256)) return text;
  if (v4 === null && text.includes(":") && URL.canParse(`http://[${text}]/`)) return text;
  throw new BadValue(words(text));
}

/** One record of RFC 4180 as Go's encoding/csv reads it. */
function readCsv(text: string): readonly string[] {
  const line = text.split("\n", 1)[0]?.replace(/\r$/, "") ?? "";
  const fields: string[] = [];
  let at = 0;
  while (true) {
    const [field, next] = line[at] === '"' ? readQuoted(line, at) : readBare(line, at);
    fields.push(field);
    if (next >= line.length) return fields;
    at = next + 1;
  }
}

function readBare(line: string, start: number): readonly [string, number] {
  const comma = line.indexOf(",", start);
  const end = comma < 0 ? line.length : comma;
  const field = line.slice(start, end);
  const mark = field.indexOf('"');
  if (mark < 0) return [field, end];
  throw new BadValue(`parse error on line 1, column ${start + mark + 1}: bare " in non-quoted field`);
}

function readQuoted(line: string, start: number): readonly [string, number] {
  let field = "";
  let at = start + 1;
  while (true) {
    const mark = line.indexOf('"', at);
    if (mark < 0) {
      throw new BadValue(`parse error on line 1, column ${line.length + 1}: extraneous or missing " in quoted-field`);
    }
    field += line.slice(at, mark);
    const after = line[mark + 1];
    if (after === undefined || after === ",") return [field, mark + 1];
    if (after !== '"') {
      throw new BadValue(`parse error on line 1, column ${mark + 1}: extraneous or missing " in quoted-field`);
    }
    field += '"';
    at = mark + 2;
  }
}

/** Go's %q, near enough for one line of terminal text. */
export function quote(text: string): string {
  return JSON.stringify(text);
}
