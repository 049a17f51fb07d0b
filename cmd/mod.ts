/**
 * What people type and see. A command is one entry (arguments, flags, words for `--help`) and a function that turns them
 * into calls of the engine and prints; parsing, help and `__commands` come from the entry. May import `lib/errors.ts`, types
 * of `lib/engine`, `lib/oci` and the pure folders `lib/spec` and `lib/config`; never a driver, `lib/api` or `lib/local`.
 * Nothing here prints an error or sets an exit code: `main.ts` does. Entries are loaded when they are called for.
 */

export { type Access, type Command, type CommandContext, CommandFailure, type Program, type Serve } from "./command.ts";
export type { FlagValues } from "./flag_values.ts";
export { type Io, type IoOptions, openIo, OutputClosed } from "./io.ts";
export type { Resolution } from "./resolution.ts";
export { resolveCommand, type ResolveInput } from "./resolve.ts";
export { programName } from "./tree.ts";
