/**
 * From a command line to what must be done, without doing it: the entry of the command with its flags and arguments, a text
 * to print, or a thrown error.
 */

import { EngineError } from "../lib/errors.ts";
import type { Command } from "./command.ts";
import { type FlagValues, flagValues } from "./flag_values.ts";
import type { Flag, FlagValue } from "./flag.ts";
import { globalFlags, persistentFlags, unsupportedGlobals } from "./globals.ts";
import { type Parsed, parseFlags } from "./parse.ts";
import type { Resolution } from "./resolution.ts";
import { childRow, programName, type Row } from "./tree.ts";

export type ResolveInput = {
  /** Without the program's name. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
};

/** Stands outside the tree, which it prints. */
const dumpRow: Row = { path: "__commands", summary: "Print every command, flag, type and default", hidden: true };

type Walk = {
  readonly input: ResolveInput;
  readonly globals: Map<string, FlagValue>;
  readonly remote: boolean;
  help: boolean;
};

const versionFlag: readonly Flag[] = [{ name: "version", short: "v", type: "bool", hidden: true }];

/** Finds the command. Throws `usage` and `unsupported` errors. */
export async function resolveCommand(input: ResolveInput): Promise<Resolution> {
  const parsed = parseFlags(input.argv, {
    tables: [globalFlags, versionFlag],
    unsupported: unsupportedGlobals,
    interspersed: false,
    commandPath: programName,
    remote: false,
  });
  if (parsed.given.get("version") === true) return { tag: "print", text: `${programName} version ${input.version}\n` };
  const globals = new Map(parsed.given);
  checkLogLevel(globals);
  const walk: Walk = { input, globals, remote: isRemote(globals, input.env), help: parsed.help };
  return await descend(walk, { path: "", summary: "" }, parsed);
}

/** Remote mode, as the flags and the environment ask for it; the configuration may still add to it. */
function isRemote(globals: ReadonlyMap<string, FlagValue>, env: ResolveInput["env"]): boolean {
  if (globals.has("remote")) return globals.get("remote") === true;
  return ["url", "host", "connection"].some((name) => globals.has(name)) ||
    [env.CONTAINER_HOST, env.CONTAINER_CONNECTION].some((value) => value !== undefined && value !== "");
}

async function descend(
  walk: Walk,
  group: Row,
  { args: [word, ...rest] }: { readonly args: readonly string[] },
): Promise<Resolution> {
  if (word === undefined) return await groupHelp(walk, group);
  if (group.path === "" && word === dumpRow.path) {
    return await leaf(walk, dumpRow, { command: (await import("./_commands.ts")).command, argv: rest });
  }
  const row = childRow(group.path, word);
  if (row === undefined) return await outsideTree(walk, group, { word, rest });
  if (row.path === "help") {
    walk.help = true;
    return await descend(walk, { path: "", summary: "" }, { args: rest });
  }
  if (row.load !== undefined) return await leaf(walk, row, { command: (await row.load()).command, argv: rest });
  const parsed = parseFlags(rest, {
    tables: [persistentFlags],
    unsupported: unsupportedGlobals,
    interspersed: false,
    commandPath: `${programName} ${row.path}`,
    remote: walk.remote,
  });
  merge(walk, parsed.given);
  walk.help ||= parsed.help;
  return await descend(walk, row, parsed);
}

async function leaf(
  walk: Walk,
  row: Row,
  found: { readonly command: Command; readonly argv: readonly string[] },
): Promise<Resolution> {
  const { command } = found;
  const commandPath = `${programName} ${row.path}`;
  const parsed = parseFlags(found.argv, {
    tables: [command.flags, persistentFlags],
    unsupported: `${command.unsupported ?? ""} ${unsupportedGlobals}`,
    interspersed: command.flagsBeforeArgsOnly !== true,
    commandPath,
    remote: walk.remote,
  });
  if (parsed.help || walk.help) {
    const { commandHelp } = await import("./help.ts");
    return { tag: "print", text: commandHelp(command, row) };
  }
  const flags = ownValues(walk, command, parsed);
  if (walk.remote && !command.remote) {
    throw new EngineError("usage", `cannot use command "${commandPath}" with the remote ${programName} client`);
  }
  checkArguments(command, { args: parsed.args, flags, commandPath });
  const globals = flagValues(walk.globals, [globalFlags]);
  return { tag: "run", command, commandPath, globals, flags, args: parsed.args, remote: walk.remote };
}

/** Parts the command's own flags from the root's that stood among them. */
function ownValues(walk: Walk, command: Command, parsed: Parsed): FlagValues {
  const own = new Map<string, FlagValue>();
  const roots = new Map<string, FlagValue>();
  for (const [name, value] of parsed.given) {
    (command.flags.some((flag) => flag.name === name) ? own : roots).set(name, value);
  }
  merge(walk, roots);
  return flagValues(own, [command.flags]);
}

function merge(walk: Walk, given: ReadonlyMap<string, FlagValue>): void {
  for (const [name, value] of given) {
    const before = walk.globals.get(name);
    walk.globals.set(name, joined(before, value));
  }
  checkLogLevel(walk.globals);
}

/** A list given before and behind the command is one list. */
function joined(before: FlagValue | undefined, value: FlagValue): FlagValue {
  if (!isTexts(before) || !isTexts(value)) return value;
  return [...before, ...value];
}

function isTexts(value: FlagValue | undefined): value is readonly string[] {
  return Array.isArray(value);
}

function checkLogLevel(globals: ReadonlyMap<string, FlagValue>): void {
  const level = globals.get("log-level");
  if (typeof level !== "string") return;
  const known = ["trace", "debug", "info", "warn", "warning", "error", "fatal", "panic"];
  if (known.includes(level.toLowerCase())) return;
  throw new EngineError("usage", `log level "${level}" is not supported, choose from: ${known.join(", ")}`);
}

type Call = { readonly args: readonly string[]; readonly flags: FlagValues; readonly commandPath: string };

function checkArguments(command: Command, call: Call): void {
  const complaint = command.args.check === undefined
    ? countComplaint(command, call)
    : command.args.check(call.args, call.flags, call);
  if (complaint !== undefined) throw new EngineError("usage", complaint);
}

function countComplaint(command: Command, call: Call): string | undefined {
  const { min = 0, max = null } = command.args;
  const count = call.args.length;
  if (count >= min && (max === null || count <= max)) return undefined;
  if (max === 0) return `\`${call.commandPath}\` takes no arguments`;
  if (max === null) return `requires at least ${min} arg(s), only received ${count}`;
  if (min === max) return `accepts ${min} arg(s), received ${count}`;
  if (min === 0) return `accepts at most ${max} arg(s), received ${count}`;
  return `accepts between ${min} and ${max} arg(s), received ${count}`;
}

async function groupHelp(walk: Walk, group: Row): Promise<Resolution> {
  const { groupHelp } = await import("./help.ts");
  const text = groupHelp(group);
  if (walk.help) return { tag: "print", text };
  const path = `${programName} ${group.path}`.trim();
  return { tag: "print", text, error: new EngineError("usage", `missing command '${path} COMMAND'`) };
}

async function outsideTree(
  walk: Walk,
  group: Row,
  call: { readonly word: string; readonly rest: readonly string[] },
): Promise<Resolution> {
  const { refuse } = await import("./refuse.ts");
  return refuse(group.path, { ...call, help: walk.help });
}
