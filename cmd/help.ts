/** `--help`, made from the entries. */

import type { Command } from "./command.ts";
import { defaultOf, type Flag, type FlagType } from "./flag.ts";
import { globalFlags } from "./globals.ts";
import { childRows, lastWord, parentOf, programName, type Row } from "./tree.ts";

const typeWords: Readonly<Record<FlagType, string>> = {
  bool: "",
  choice: "string",
  duration: "duration",
  float64: "float",
  int: "int",
  int32: "int32",
  int64: "int",
  intSlice: "ints",
  ip: "ip",
  ipSlice: "ipSlice",
  string: "string",
  stringArray: "stringArray",
  stringSlice: "strings",
  stringToString: "stringToString",
  uint: "uint",
  uint64: "uint",
  uintSlice: "uints",
};

const helpFlag: Flag = { name: "help", type: "bool", text: "Show this text" };

/** Help on a command, under the path it was called by. */
export function commandHelp(command: Command, row: Row): string {
  const path = `${programName} ${row.path}`;
  const names = otherNames(row).map((name) => `${programName} ${name}`);
  const sections = [
    command.summary,
    section("Description", command.description === undefined ? [] : [`  ${command.description}`]),
    section("Usage", [`  ${path} ${command.args.text}`.trimEnd()]),
    section("Aliases", names.length === 0 ? [] : [`  ${[path, ...names].join(", ")}`]),
    section("Examples", (command.examples ?? []).map((line) => `  ${programName} ${line}`)),
    section("Options", optionLines([...command.flags, helpFlag])),
  ];
  return join(sections);
}

/** Help on the program or a group of commands. */
export function groupHelp(row: Row): string {
  const root = row.path === "";
  const path = `${programName} ${row.path}`.trim();
  const rows = childRows(row.path).filter((child) => child.hidden !== true);
  const width = Math.max(...rows.map((child) => lastWord(child.path).length));
  const sections = [
    root ? "Run and look after containers and images without a daemon" : row.summary,
    section("Usage", [`  ${path} ${root ? "[options] " : ""}[command]`]),
    section("Available Commands", rows.map((child) => `  ${lastWord(child.path).padEnd(width)} ${child.summary}`)),
    section("Options", optionLines(root ? [...globalFlags, helpFlag] : [])),
    root ? firstSteps : `"${path} COMMAND --help" shows the options of a command.`,
  ];
  return join(sections);
}

const firstSteps = `"${programName} run hello" starts a first container, "${programName} doctor" looks at this host, and
"${programName} COMMAND --help" shows the options of a command.`;

function join(sections: readonly string[]): string {
  return `${sections.filter((text) => text !== "").join("\n\n")}\n`;
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : `${title}:\n${lines.join("\n")}`;
}

function otherNames(row: Row): readonly string[] {
  return (row.nameAliases ?? []).map((name) => `${parentOf(row.path)} ${name}`.trim());
}

function optionLines(flags: readonly Flag[]): readonly string[] {
  const shown = flags.filter((flag) => flag.hidden !== true).toSorted((left, right) => left.name < right.name ? -1 : 1);
  const heads = shown.map(optionHead);
  const width = Math.max(0, ...heads.map((head) => head.length)) + 3;
  return shown.map((flag, index) =>
    `${(heads[index] ?? "").padEnd(width)}${flag.text ?? ""}${defaultText(flag)}`.trimEnd()
  );
}

function optionHead(flag: Flag): string {
  const short = flag.short === undefined ? "    " : `-${flag.short}, `;
  return `  ${short}--${flag.name} ${flag.value ?? typeWords[flag.type]}`.trimEnd();
}

function defaultText(flag: Flag): string {
  if (flag.shownDefault !== undefined) return flag.shownDefault === "" ? "" : ` (default ${flag.shownDefault})`;
  const value = defaultOf(flag);
  if (Array.isArray(value)) return value.length === 0 ? "" : ` (default [${value.join(",")}])`;
  if (typeof value === "string") return value === "" ? "" : ` (default ${JSON.stringify(value)})`;
  return value === false || value === 0 ? "" : ` (default ${value})`;
}
