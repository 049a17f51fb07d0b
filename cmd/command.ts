/** What a command is: one entry that parses, documents itself and runs. */

import type { Engine } from "../lib/engine/mod.ts";
import type { Config } from "../lib/config/config.ts";
import type { Flag } from "./flag.ts";
import type { FlagValues } from "./flag_values.ts";
import type { Io } from "./io.ts";

/**
 * Whether a rootless run must be inside the user namespace: `nothing` touches no state at all, `reads` can do without the
 * namespace, `writes` needs it.
 */
export type Access = "nothing" | "reads" | "writes";

export type ArgumentRule = {
  /** As in the usage line, such as `[options] IMAGE [COMMAND [ARG...]]`. */
  readonly text: string;
  readonly min?: number;
  /** `null`: no upper bound. */
  readonly max?: number | null;
  /** A rule of its own in place of the counts; gives the complaint. */
  readonly check?: (
    args: readonly string[],
    flags: FlagValues,
    call: { readonly commandPath: string },
  ) => string | undefined;
};

/** Facts on this program. */
export type Program = {
  readonly version: string;
  readonly commit: string;
  /** Seconds since 1970; 0 when run from source. */
  readonly commitTime: number;
  readonly denoVersion: string;
};

/** Serves the REST API until it has been idle for `idleSeconds` (0: for ever) or `signal` fires. */
export type Serve = (
  input: { readonly uri: string; readonly idleSeconds: number },
  signal: AbortSignal,
) => Promise<void>;

export type CommandContext = {
  readonly engine: Engine;
  readonly io: Io;
  readonly config: Config;
  readonly args: readonly string[];
  readonly flags: FlagValues;
  readonly globals: FlagValues;
  /** True if the engine is on the other end of a socket. */
  readonly remote: boolean;
  /** As in messages: `beluga container run`. */
  readonly commandPath: string;
  /** The whole command line, program first. */
  readonly commandLine: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly program: Program;
  readonly signal: AbortSignal;
  readonly serve: Serve;
};

export type Command = {
  /** Canonical path, such as `container run`. */
  readonly path: string;
  /** One line, for lists. */
  readonly summary: string;
  readonly description?: string;
  /** Lines without the program's name. */
  readonly examples?: readonly string[];
  readonly args: ArgumentRule;
  readonly flags: readonly Flag[];
  /** Flags that are known and refused, in the notation of `unsupportedFlags`. */
  readonly unsupported?: string;
  /** False: not in remote mode. */
  readonly remote: boolean;
  readonly access: Access;
  /** Flags end at the first argument. */
  readonly flagsBeforeArgsOnly?: true;
  readonly hidden?: true;
  /** SIGINT and SIGTERM abort `signal`, so that it can end in order; others die of them at once. */
  readonly endsInOrder?: true;
  /** Resolves to the exit code; nothing is 0. */
  readonly run: (context: CommandContext) => Promise<number | void>;
};

/** A command that failed in more than one way or with an exit code of its own: `main` prints each error. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";

  constructor(readonly exitCode: number, readonly errors: readonly unknown[]) {
    super(errors.map(String).join("; "));
  }
}
