/** Values of a command's flags, asked for by name and type. */

import { EngineError } from "../lib/errors.ts";
import { defaultOf, type Flag, type FlagValue } from "./flag.ts";

export type FlagValues = {
  readonly text: (name: string) => string;
  readonly on: (name: string) => boolean;
  readonly number: (name: string) => number;
  readonly list: (name: string) => readonly string[];
  /** True if it stood on the command line. */
  readonly given: (name: string) => boolean;
  /** What stood on the command line, by name. */
  readonly all: ReadonlyMap<string, FlagValue>;
};

/** A view of `given` over the defaults of `tables`; to ask for a name in none of them is a fault of the program. */
export function flagValues(given: ReadonlyMap<string, FlagValue>, tables: readonly (readonly Flag[])[]): FlagValues {
  const find = (name: string): FlagValue => {
    const value = given.get(name);
    if (value !== undefined) return value;
    for (const table of tables) {
      const flag = table.find((flag) => flag.name === name);
      if (flag !== undefined) return defaultOf(flag);
    }
    throw new EngineError("internal", `read flag "--${name}": the command has no such flag`);
  };
  const typed = <T extends FlagValue>(name: string, is: (value: FlagValue) => value is T): T => {
    const value = find(name);
    if (is(value)) return value;
    throw new EngineError("internal", `read flag "--${name}": it has another type`);
  };
  return {
    text: (name) => typed(name, (value) => typeof value === "string"),
    on: (name) => typed(name, (value) => typeof value === "boolean"),
    number: (name) => typed(name, (value) => typeof value === "number"),
    list: (name) => typed(name, (value): value is readonly string[] => Array.isArray(value)),
    given: (name) => given.has(name),
    all: given,
  };
}
