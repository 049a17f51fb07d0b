/**
 * Readers of JSON from outside. A shape turns an unknown value into a typed one or fails with the place of the fault. As
 * in Go, whose clients these are: what is missing or null gets the zero value of its type, unknown fields are dropped.
 */

import { EngineError } from "../errors.ts";

/** Reads `value`, which stands at `where` (such as `env` or `mounts[2].type`). */
export type Shape<T> = (value: unknown, where: string) => T;

function wrong(where: string, wanted: string, value: unknown): EngineError {
  const given = Array.isArray(value) ? "an array" : value === null ? "null" : typeof value;
  return new EngineError("invalidArgument", `reading "${where}": wanted ${wanted}, not ${given}`);
}

const missing = (value: unknown): value is null | undefined => value === null || value === undefined;

export const text: Shape<string> = (value, where) => {
  if (missing(value)) return "";
  if (typeof value === "string") return value;
  throw wrong(where, "a string", value);
};

/** A whole number within the range in which numbers are exact. */
export const integer: Shape<number> = (value, where) => {
  if (missing(value)) return 0;
  if (typeof value === "number" && Number.isInteger(value)) return value;
  throw wrong(where, "a whole number", value);
};

export const flag: Shape<boolean> = (value, where) => {
  if (missing(value)) return false;
  if (typeof value === "boolean") return value;
  throw wrong(where, "true or false", value);
};

/** Anything at all. */
export const anything: Shape<unknown> = (value) => value;

/** Absent stays absent. */
export function optional<T>(shape: Shape<T>): Shape<T | undefined> {
  return (value, where) => missing(value) ? undefined : shape(value, where);
}

export function list<T>(shape: Shape<T>): Shape<readonly T[]> {
  return (value, where) => {
    if (missing(value)) return [];
    if (!Array.isArray(value)) throw wrong(where, "an array", value);
    return value.map((item, index) => shape(item, `${where}[${index}]`));
  };
}

/** An object with keys from outside: has no prototype, so that `__proto__` is a key like any other. */
export function map<T>(shape: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return (value, where) => {
    const result: Record<string, T> = Object.create(null);
    if (missing(value)) return result;
    for (const [key, item] of Object.entries(objectAt(value, where))) result[key] = shape(item, `${where}.${key}`);
    return result;
  };
}

/** An object with known fields; a field that is forgotten here does not compile. */
export function record<T>(fields: { readonly [K in keyof T]-?: Shape<T[K]> }): Shape<T> {
  const entries = Object.entries<Shape<unknown>>(fields);
  return (value, where) => {
    const from = missing(value) ? {} : objectAt(value, where);
    const result: Record<string, unknown> = {};
    for (const [key, shape] of entries) {
      const item = shape(Object.hasOwn(from, key) ? from[key] : undefined, where === "" ? key : `${where}.${key}`);
      if (item !== undefined) result[key] = item;
    }
    return result as T;
  };
}

function objectAt(value: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong(where, "an object", value);
  return value as Readonly<Record<string, unknown>>;
}

/** Text as JSON; `what` names it in the error. */
export function parseJson(source: string, what: string): unknown {
  try {
    return JSON.parse(source);
  } catch (error) {
    throw new EngineError("invalidArgument", `decoding ${what}: not JSON`, { cause: error });
  }
}
