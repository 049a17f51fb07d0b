/** `__commands --json`: every command, flag, type and default, from the entries that parse. */

import type { Command, CommandContext } from "./command.ts";
import { defaultOf, type Flag, isList, unsupportedFlags } from "./flag.ts";
import { prettyJson } from "./format/json.ts";
import { globalFlags, unsupportedGlobals } from "./globals.ts";
import { listUnsupported, type UnsupportedCommand } from "./refuse.ts";
import { type Row, tree } from "./tree.ts";

export const command: Command = {
  path: "__commands",
  summary: "Print every command, flag, type and default",
  args: { text: "[options]", min: 0, max: 0 },
  flags: [{ name: "json", type: "bool", text: "As JSON" }],
  remote: true,
  access: "nothing",
  hidden: true,
  run: printCommands,
};

async function printCommands({ flags, io, program }: CommandContext): Promise<void> {
  const commands = await describeCommands();
  if (!flags.on("json")) return io.stdout.write(commands.map(({ path }) => `${path}\n`).join(""));
  io.stdout.write(prettyJson({ source: `beluga ${program.version}`, commands }, 1));
}

export type CommandDescription = {
  readonly path: string;
  readonly purpose: string;
  readonly args: string;
  readonly minArgs?: number;
  readonly maxArgs?: number | null;
  readonly remote: boolean;
  readonly group?: true;
  readonly hidden?: true;
  readonly flagsBeforeArgsOnly?: true;
  readonly aliasOf?: string;
  readonly nameAliases?: readonly string[];
  readonly supported?: false;
  readonly flags?: readonly FlagDescription[];
};

export type FlagDescription = Readonly<Record<string, unknown>> & { readonly name: string; readonly type: string };

/** All of them, in the shape of reference/commands.json. */
export async function describeCommands(): Promise<readonly CommandDescription[]> {
  const supported = await Promise.all(tree.map(describeRow));
  const all = [
    describeRoot(),
    describeCommand(command, { path: command.path, summary: command.summary, hidden: true }),
    ...supported,
    ...listUnsupported().map(describeUnsupported),
  ];
  return all.toSorted((left, right) => left.path < right.path ? -1 : 1);
}

function describeRoot(): CommandDescription {
  return {
    path: "",
    purpose: "Run and look after containers and images without a daemon",
    args: "[options]",
    remote: true,
    group: true,
    flags: describeFlags(globalFlags, unsupportedGlobals),
  };
}

async function describeRow(row: Row): Promise<CommandDescription> {
  if (row.load === undefined) return describeBare(row);
  return describeCommand((await row.load()).command, row);
}

function describeCommand(command: Command, row: Row): CommandDescription {
  const { min, max } = command.args;
  return {
    path: row.path,
    purpose: row.summary,
    args: command.args.text,
    ...(min === undefined ? {} : { minArgs: min, maxArgs: max ?? null }),
    remote: command.remote,
    ...(row.hidden === true ? { hidden: true } : {}),
    ...(command.flagsBeforeArgsOnly === true ? { flagsBeforeArgsOnly: true } : {}),
    ...(row.nameAliases === undefined ? {} : { nameAliases: row.nameAliases }),
    ...(row.aliasOf === undefined
      ? { flags: describeFlags(command.flags, command.unsupported ?? "") }
      : { aliasOf: row.aliasOf }),
  };
}

/** A group, or `help`, which has no entry. */
function describeBare(row: Row): CommandDescription {
  const group = tree.some((other) => other.path.startsWith(`${row.path} `));
  return {
    path: row.path,
    purpose: row.summary,
    args: group ? "" : "[COMMAND]",
    remote: true,
    ...(group ? { group: true } : {}),
    flags: [],
  };
}

function describeUnsupported(command: UnsupportedCommand): CommandDescription {
  const has = (attribute: string) => command.attributes.includes(attribute);
  return {
    path: command.path,
    purpose: command.purpose,
    args: command.arguments,
    ...(command.minArgs === undefined ? {} : { minArgs: command.minArgs, maxArgs: command.maxArgs ?? null }),
    remote: !has("local"),
    ...(has("group") ? { group: true } : {}),
    ...(has("hidden") ? { hidden: true } : {}),
    ...(has("flagsBeforeArgsOnly") ? { flagsBeforeArgsOnly: true } : {}),
    ...(command.nameAliases.length === 0 ? {} : { nameAliases: command.nameAliases }),
    supported: false,
    ...(command.aliasOf === undefined
      ? { flags: command.flags.map(describeFlag).toSorted(byName) }
      : { aliasOf: command.aliasOf }),
  };
}

function describeFlags(flags: readonly Flag[], unsupported: string): readonly FlagDescription[] {
  return [...flags, ...unsupportedFlags(unsupported)].map(describeFlag).toSorted(byName);
}

function byName(left: FlagDescription, right: FlagDescription): number {
  return left.name < right.name ? -1 : 1;
}

function describeFlag(flag: Flag): FlagDescription {
  return {
    name: flag.name,
    ...(flag.short === undefined ? {} : { short: flag.short }),
    type: flag.type,
    default: describeDefault(flag),
    ...(flag.values === undefined ? {} : { values: flag.values }),
    ...(flag.hidden === true ? { hidden: true } : {}),
    ...(flag.persistent === true ? { persistent: true } : {}),
    ...(flag.remote === undefined ? {} : { remote: flag.remote }),
    ...(flag.supported === false ? { supported: false } : {}),
  };
}

/** Pairs are an object in the reference data. */
function describeDefault(flag: Flag): unknown {
  const value = defaultOf(flag);
  return flag.type === "stringToString" && isList(flag.type) && Array.isArray(value) && value.length === 0 ? {} : value;
}
