/** Functions of templates: Go's built-in ones, and Podman's json, join, lower, upper, title, split, pad, truncate. */

import { EngineError } from "../../lib/errors.ts";
import { formatGo } from "./_printf.ts";
import { compactJson } from "./json.ts";
import { GoTime } from "./go_time.ts";
import { fieldOf, isMap, isTrue, printValue, type TemplateValue } from "./template_value.ts";

type Values = readonly TemplateValue[];

/** Calls function `name`; operands are asked for when needed, for `and` and `or` stop early. */
export function callFunction(name: string, operands: readonly (() => TemplateValue)[]): TemplateValue {
  if (name === "and" || name === "or") return shortCircuit(name, operands);
  const call = functions[name];
  if (!Object.hasOwn(functions, name) || call === undefined) throw bad(`function "${name}" not defined`);
  return call(operands.map((operand) => operand()));
}

function bad(words: string): EngineError {
  return new EngineError("usage", words);
}

function shortCircuit(name: string, operands: readonly (() => TemplateValue)[]): TemplateValue {
  let value: TemplateValue = undefined;
  for (const operand of operands) {
    value = operand();
    if (isTrue(value) === (name === "or")) return value;
  }
  return value;
}

const functions: Readonly<Record<string, (values: Values) => TemplateValue>> = {
  not: ([value]) => !isTrue(value),
  len: ([value]) => length(value),
  index: ([value, ...keys]) => keys.reduce(index, value),
  slice: ([value, ...bounds]) => slice(value, bounds.map(Number)),
  print: (values) => values.map(printValue).join(" "),
  println: (values) => `${values.map(printValue).join(" ")}\n`,
  printf: ([format, ...values]) => formatGo(String(format), values),
  call: ([value, ...operands]) => {
    if (typeof value !== "function") throw bad("error calling call: non-function");
    return value(...operands);
  },
  html: (values) => escape(text(values), htmlEscapes),
  js: (values) => escape(text(values), jsEscapes),
  urlquery: (values) => encodeURIComponent(text(values)).replaceAll("%20", "+").replace(/[!'()*]/g, percent),
  eq: ([left, ...rights]) => rights.some((right) => equal(left, right)),
  ne: ([left, right]) => !equal(left, right),
  lt: ([left, right]) => compare(left, right) < 0,
  le: ([left, right]) => compare(left, right) <= 0,
  gt: ([left, right]) => compare(left, right) > 0,
  ge: ([left, right]) => compare(left, right) >= 0,
  json: ([value]) => compactJson(plainValue(value)),
  join: ([values, separator]) => list(values).map(printValue).join(String(separator ?? "")),
  lower: ([value]) => printValue(value).toLowerCase(),
  upper: ([value]) => printValue(value).toUpperCase(),
  title: ([value]) =>
    printValue(value).replace(/(^|[^\p{L}\p{N}_'])(\p{L})/gu, (_, before, letter) => before + letter.toUpperCase()),
  split: ([value, separator]) => printValue(value).split(String(separator ?? "")),
  pad: ([value, before, after]) => pad(printValue(value), { before: Number(before), after: Number(after) }),
  truncate: ([value, count]) => printValue(value).slice(0, Number(count)),
};

function text(values: Values): string {
  return values.map(printValue).join("");
}

function list(value: TemplateValue): Values {
  if (Array.isArray(value)) return value;
  if (value === null || value === undefined) return [];
  throw bad(`wrong type for value; expected []string; got ${typeof value}`);
}

function pad(text: string, { before, after }: { readonly before: number; readonly after: number }): string {
  return text === "" ? text : " ".repeat(before) + text + " ".repeat(after);
}

function length(value: TemplateValue): number {
  if (typeof value === "string") return new TextEncoder().encode(value).length;
  if (Array.isArray(value)) return value.length;
  if (isMap(value)) return value.size;
  if (value === null || value === undefined) throw bad("error calling len: len of nil pointer");
  throw bad(`error calling len: len of type ${typeof value}`);
}

function index(value: TemplateValue, key: TemplateValue): TemplateValue {
  if (isMap(value)) return value.get(String(key)) ?? "";
  const position = Number(key);
  if (typeof value === "string") return value.charCodeAt(position);
  if (Array.isArray(value)) {
    if (Number.isInteger(position) && position >= 0 && position < value.length) return value[position];
    throw bad(`error calling index: index out of range: ${printValue(key)}`);
  }
  if (value === null || value === undefined) throw bad("error calling index: index of untyped nil");
  return fieldOf(value, String(key));
}

function slice(value: TemplateValue, [start = 0, end]: readonly number[]): TemplateValue {
  if (typeof value === "string" || Array.isArray(value)) return value.slice(start, end);
  throw bad(`error calling slice: can't slice item of type ${typeof value}`);
}

function equal(left: TemplateValue, right: TemplateValue): boolean {
  if (left === undefined || left === null || right === undefined || right === null) {
    return (left ?? null) === (right ?? null);
  }
  if (typeof left !== typeof right) throw bad("error calling eq: incompatible types for comparison");
  return left instanceof GoTime && right instanceof GoTime ? left.rfc3339 === right.rfc3339 : left === right;
}

function compare(left: TemplateValue, right: TemplateValue): number {
  if (typeof left === "number" && typeof right === "number") return left - right;
  if (typeof left === "string" && typeof right === "string") return left < right ? -1 : left > right ? 1 : 0;
  throw bad("error calling lt: incompatible types for comparison");
}

/** For JSON: maps become objects with sorted keys, times their text, methods vanish. */
export function plainValue(value: TemplateValue): unknown {
  if (value instanceof GoTime) return value.rfc3339;
  if (Array.isArray(value)) return value.map(plainValue);
  if (isMap(value)) return plainMap(value);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).filter(([, inner]) => typeof inner !== "function").map((
      [key, inner],
    ) => [key, plainValue(inner)]),
  );
}

function plainMap(value: ReadonlyMap<string, TemplateValue>): unknown {
  const sorted = [...value].toSorted(([left], [right]) => left < right ? -1 : 1);
  return Object.fromEntries(sorted.map(([key, inner]) => [key, plainValue(inner)]));
}

const htmlEscapes: Readonly<Record<string, string>> = {
  "<": "&lt;",
  ">": "&gt;",
  "&": "&amp;",
  "'": "&#39;",
  '"': "&#34;",
  "\0": "\uFFFD",
};

const jsEscapes: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "'": "\\'",
  '"': '\\"',
  "<": "\\u003C",
  ">": "\\u003E",
  "&": "\\u0026",
  "=": "\\u003D",
  "\n": "\\u000A",
  "\r": "\\u000D",
  "\t": "\\u0009",
};

function escape(text: string, table: Readonly<Record<string, string>>): string {
  return [...text].map((letter) => Object.hasOwn(table, letter) ? table[letter] ?? letter : letter).join("");
}

function percent(letter: string): string {
  return `%${letter.charCodeAt(0).toString(16).toUpperCase()}`;
}
