/** `--filter key=value` → values by key. */

import type { Filters } from "../lib/engine/mod.ts";
import { EngineError } from "../lib/errors.ts";

/** Keeps `label!=x` as key `label!`. Throws on a word without `=`. */
export function parseFilters(words: readonly string[]): Filters {
  const filters: Record<string, string[]> = Object.create(null);
  for (const word of words) {
    const equals = word.indexOf("=");
    if (equals < 0) throw new EngineError("usage", `invalid filter "${word}"`);
    (filters[word.slice(0, equals)] ??= []).push(word.slice(equals + 1));
  }
  return filters;
}
