/** What a command line comes to. */

import type { EngineError } from "../lib/errors.ts";
import type { Command } from "./command.ts";
import type { FlagValues } from "./flag_values.ts";

export type Resolution =
  | {
    readonly tag: "run";
    readonly command: Command;
    readonly commandPath: string;
    readonly globals: FlagValues;
    readonly flags: FlagValues;
    readonly args: readonly string[];
    readonly remote: boolean;
  }
  | {
    /** A text for standard output; with `error`, the complaint that follows it. */
    readonly tag: "print";
    readonly text: string;
    readonly error?: EngineError;
  };
