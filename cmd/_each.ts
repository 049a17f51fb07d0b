/** Does the same to each of several names: goes on after a failure and tells all of them in the end. */

import { EngineError } from "../lib/errors.ts";
import { CommandFailure } from "./command.ts";

export type EachOptions = {
  /** Exit code from what went wrong; the last error's own when absent. */
  readonly exitCode?: (errors: readonly unknown[]) => number;
};

/** Calls `act` for each name in order. Throws `CommandFailure` after the last if any failed. */
export async function forEachName(
  names: readonly string[],
  act: (name: string) => Promise<void>,
  { exitCode = lastCode }: EachOptions = {},
): Promise<void> {
  const errors: unknown[] = [];
  for (const name of names) {
    try {
      await act(name);
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw new CommandFailure(exitCode(errors), errors);
}

function lastCode(errors: readonly unknown[]): number {
  const last = errors.at(-1);
  return last instanceof EngineError ? last.exitCode : 125;
}

/** The code of `rm`: 1 if all that failed was missing, 2 if something is in use, 125 for the rest. */
export function removalCode(
  { missing, busy }: { readonly missing: readonly string[]; readonly busy: readonly string[] },
): (errors: readonly unknown[]) => number {
  return (errors) => {
    const kinds: readonly string[] = errors.map((error) => error instanceof EngineError ? error.kind : "");
    if (kinds.every((kind) => missing.includes(kind))) return 1;
    return kinds.every((kind) => missing.includes(kind) || busy.includes(kind)) ? 2 : 125;
  };
}
