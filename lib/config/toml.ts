/** TOML files: parsed by smol-toml, loaded only if a file has anything to say. */

import { EngineError, messageOf } from "../errors.ts";

export type TomlTable = Readonly<Record<string, unknown>>;

/** Only blank lines, comments and table headers: such a file sets nothing, and most are so. */
const emptyLine = /^[ \t]*(\[[A-Za-z0-9_.-]+\][ \t]*)?(#[^\n]*)?\r?$/;

function setsNothing(text: string): boolean {
  return text.split("\n").every((line) => emptyLine.test(line));
}

/**
 * Distributions' files are comments for the most part, which the parser reads letter by letter: 4 ms of each command's
 * start. Lines keep their numbers. A text with strings of several lines is left alone.
 */
function withoutComments(text: string): string {
  return /"""|'''/.test(text) ? text : text.replace(/^[ \t]*#[^\r\n]*/gm, "");
}

/** Parses `text` of `file`. Throws `EngineError("invalidArgument")` that names file and line. */
export async function parseToml(text: string, file: string): Promise<TomlTable> {
  if (setsNothing(text)) return {};
  const { parse, TomlError } = await import("smol-toml");
  try {
    return parse(withoutComments(text)) as TomlTable;
  } catch (cause) {
    const place = cause instanceof TomlError ? `line ${cause.line}: ` : "";
    const reason = messageOf(cause).split("\n")[0]?.replace(/^Invalid TOML document: /, "") ?? "invalid TOML";
    throw new EngineError("invalidArgument", `reading "${file}": ${place}${reason}`, { cause });
  }
}

/** The line of the first `key = …` in `text`, 0 if it cannot be seen. For messages only. */
export function lineOf(text: string, key: string): number {
  const name = key.slice(key.lastIndexOf(".") + 1);
  const found = text.split("\n").findIndex((line) => line.trimStart().replaceAll('"', "").startsWith(name));
  return found + 1;
}

/** An error about the value of `key` in `file`. */
export function badValue(
  file: string,
  key: string,
  input: { readonly text: string; readonly want: string },
): EngineError {
  return new EngineError(
    "invalidArgument",
    `reading "${file}": line ${lineOf(input.text, key)}: "${key}" must be ${input.want}`,
  );
}
