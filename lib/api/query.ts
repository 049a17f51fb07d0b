/** The query of a URL, read once, then asked by name without regard to case, as Podman's decoder does. */

import { EngineError } from "../errors.ts";

/** Values by lower-case name, in their order. */
export type Query = ReadonlyMap<string, readonly string[]>;

const nothing: Query = new Map();
const parameterLimit = 1000;

/** Parses the part of a target behind `?`. */
export function parseQuery(source: string): Query {
  if (source === "") return nothing;
  const query = new Map<string, string[]>();
  const parts = source.split("&", parameterLimit + 1);
  if (parts.length > parameterLimit) throw new EngineError("invalidArgument", "parsing query: too many parameters");
  for (const part of parts) {
    if (part === "") continue;
    const equals = part.indexOf("=");
    const name = decoded(equals < 0 ? part : part.slice(0, equals)).toLowerCase();
    const value = equals < 0 ? "" : decoded(part.slice(equals + 1));
    const before = query.get(name);
    if (before === undefined) query.set(name, [value]);
    else before.push(value);
  }
  return query;
}

function decoded(text: string): string {
  return decodePart(text.replaceAll("+", " "), "query");
}

/** Percent-decodes a part of a URL; `what` names it in the error. */
export function decodePart(text: string, what: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch (error) {
    throw new EngineError("invalidArgument", `decoding ${what} "${text}": malformed percent encoding`, {
      cause: error,
    });
  }
}

/** Pairs as a query with its `?`; empty without pairs. */
export function writeQuery(pairs: readonly (readonly [name: string, value: string])[]): string {
  if (pairs.length === 0) return "";
  return `?${pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&")}`;
}

/** First value of `name`; undefined if it is absent or empty. */
export function firstOf(query: Query, name: string): string | undefined {
  return query.get(name.toLowerCase())?.[0] || undefined;
}

/** True or false as Go's form decoder reads them; undefined if absent or empty. */
export function flagOf(query: Query, name: string): boolean | undefined {
  const value = firstOf(query, name);
  if (value === undefined) return undefined;
  if (["1", "t", "true", "on"].includes(value.toLowerCase())) return true;
  if (["0", "f", "false", "off"].includes(value.toLowerCase())) return false;
  throw new EngineError("invalidArgument", `parsing query parameter "${name}": "${value}" is neither true nor false`);
}

/** A whole number; undefined if absent or empty. */
export function integerOf(query: Query, name: string): number | undefined {
  const value = firstOf(query, name);
  if (value === undefined) return undefined;
  if (/^-?\d{1,15}$/.test(value)) return Number(value);
  throw new EngineError("invalidArgument", `parsing query parameter "${name}": "${value}" is not a whole number`);
}
