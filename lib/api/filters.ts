/** Filters on the wire: a JSON object in one query parameter. */

import { EngineError } from "../errors.ts";
import type { Filters } from "../engine/mod.ts";
import { parseJson } from "./shape.ts";

/** `{"label":["a","b"]}`, or Docker's older `{"label":{"a":true}}`; undefined for nothing. */
export function parseFilters(source: string | undefined): Filters | undefined {
  if (source === undefined) return undefined;
  const value = parseJson(source, "filters");
  if (value === null) return undefined;
  if (typeof value !== "object" || Array.isArray(value)) throw wrong("not an object");
  const filters: Record<string, readonly string[]> = Object.create(null);
  for (const [key, item] of Object.entries(value)) filters[key] = filterValues(key, item);
  return Object.keys(filters).length === 0 ? undefined : filters;
}

function filterValues(key: string, item: unknown): readonly string[] {
  if (Array.isArray(item) && item.every((value) => typeof value === "string")) return item;
  if (typeof item === "object" && item !== null && !Array.isArray(item)) {
    return Object.entries(item).filter(([, wanted]) => wanted === true).map(([value]) => value);
  }
  if (item === null) return [];
  throw wrong(`values of "${key}" are not a list`);
}

function wrong(reason: string): EngineError {
  return new EngineError("invalidArgument", `decoding filters: ${reason}`);
}
