/** Answers for words that are no command of ours: known and not built yet, or unknown, with the nearest known ones. */

import { EngineError } from "../lib/errors.ts";
import { type Flag, unsupportedFlags } from "./flag.ts";
import type { Resolution } from "./resolution.ts";
import { childRows, lastWord, parentOf, programName } from "./tree.ts";
import { unsupportedCommands } from "./unsupported.ts";

export type UnsupportedCommand = {
  readonly path: string;
  readonly purpose: string;
  readonly arguments: string;
  readonly minArgs?: number;
  readonly maxArgs?: number | null;
  readonly aliasOf?: string;
  readonly nameAliases: readonly string[];
  /** `group`, `hidden`, `local`, `flagsBeforeArgsOnly`, `passThrough`, `deprecated`. */
  readonly attributes: readonly string[];
  readonly flags: readonly Flag[];
};

/** The table of commands that are not built yet. */
export function listUnsupported(): readonly UnsupportedCommand[] {
  return unsupportedCommands.trim().split(/\n(?! )/).map(readBlock);
}

function readBlock(block: string): UnsupportedCommand {
  const [head = "", ...flags] = block.split("\n");
  const [path = "", purpose = "", text = "", attributes = ""] = head.split(" |").map((part) => part.trim());
  const words = attributes.split(" ").filter((word) => word !== "");
  const value = (key: string) => words.find((word) => word.startsWith(`${key}=`))?.slice(key.length + 1);
  const [min, max] = value("args")?.split("..") ?? [];
  return {
    path,
    purpose,
    arguments: text,
    ...(min === undefined ? {} : { minArgs: Number(min), maxArgs: max ? Number(max) : null }),
    ...(value("aliasOf") === undefined ? {} : { aliasOf: value("aliasOf")?.replaceAll("_", " ") }),
    nameAliases: value("names")?.split(",") ?? [],
    attributes: words.filter((word) => !word.includes("=")),
    flags: unsupportedFlags(flags.join(" ")),
  };
}

export type Refusal = { readonly word: string; readonly rest: readonly string[]; readonly help: boolean };

/** Says that `word` below `parent` is not supported yet, or throws if nobody knows it. */
export function refuse(parent: string, refusal: Refusal): Resolution {
  const all = listUnsupported();
  let found = child(all, parent, refusal);
  for (const word of refusal.rest) {
    if (found === undefined || word.startsWith("-")) break;
    found = child(all, found.path, { word }) ?? found;
  }
  if (found === undefined) throw unrecognised(parent, refusal.word);
  const error = new EngineError("unsupported", `command "${programName} ${found.path}" is not supported yet`);
  const help = refusal.help || refusal.rest.includes("--help");
  if (!help) throw error;
  return { tag: "print", text: `${found.purpose}\n\nNot supported yet.\n` };
}

function child(
  all: readonly UnsupportedCommand[],
  parent: string,
  { word }: { readonly word: string },
): UnsupportedCommand | undefined {
  return all.find((command) =>
    parentOf(command.path) === parent && (lastWord(command.path) === word || command.nameAliases.includes(word))
  );
}

function unrecognised(parent: string, word: string): EngineError {
  const path = `${programName} ${parent}`.trim();
  const near = suggestions(parent, word);
  const meant = near.length === 0 ? "" : `\n\nDid you mean this?\n\t${near.join("\n\t")}\n`;
  return new EngineError(
    "usage",
    `unrecognized command \`${path} ${word}\`${meant}\nTry '${path} --help' for more information`,
  );
}

function suggestions(parent: string, word: string): readonly string[] {
  const typed = word.toLowerCase();
  return childRows(parent)
    .filter((row) => row.hidden !== true)
    .map((row) => lastWord(row.path))
    .filter((name) => name.startsWith(typed) || editDistance(name, typed) <= 2);
}

/** Levenshtein's distance. */
function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (const [index, letter] of [...left].entries()) {
    const next = [index + 1];
    for (const [column, other] of [...right].entries()) {
      const swap = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(swap, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}
