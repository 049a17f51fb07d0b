/** Flags of `create` and `run`, with the caller's environment and files → `CreateSpec`. */

import type { CreateSpec } from "../../lib/engine/mod.ts";
import { specFromFlags } from "../../lib/spec/from_flags.ts";
import type { CommandContext } from "../command.ts";
import { defaultOf, type FlagValue } from "../flag.ts";
import { createFlags, runFlags } from "./create_flags.ts";

/** The description of the container that the command line asks for. */
export function specOf({ args, commandLine, env, flags, io }: CommandContext): CreateSpec {
  const values: Record<string, FlagValue> = Object.create(null);
  for (const flag of [...createFlags, ...runFlags]) values[flag.name] = defaultOf(flag);
  for (const [name, value] of flags.all) values[name] = value;
  return specFromFlags({
    values,
    given: new Set(flags.all.keys()),
    args,
    env,
    cwd: io.files.workingDirectory(),
    readFile: io.files.readTextSync,
    commandLine: withoutPasswords(commandLine, args.length),
  });
}

/** The command line is kept with the container, for all to see: the value of `--creds` is not. */
function withoutPasswords(commandLine: readonly string[], argumentCount: number): readonly string[] {
  const end = commandLine.length - argumentCount;
  return commandLine.map((word, at) => {
    if (at >= end) return word;
    if (commandLine[at - 1] === "--creds") return "***";
    return word.startsWith("--creds=") ? "--creds=***" : word;
  });
}
