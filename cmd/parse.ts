/**
 * pflag's grammar: `--name=v`, `--name v`, `--bool`, `-abc`, `-ovalue`, `-o=value`, `--`, flags among the arguments or only
 * before them. Its words on bad input are kept, because scripts see them.
 */

import { EngineError } from "../lib/errors.ts";
import { BadValue, quote, readFlagValue } from "./_flag_value.ts";
import { type Flag, type FlagValue, unsupportedFlags } from "./flag.ts";

export type Grammar = {
  /** Searched in order: a command's own flags come before the root's. */
  readonly tables: readonly (readonly Flag[])[];
  /** Compact notation of the flags that are known and refused. */
  readonly unsupported?: string;
  /** False: the first argument ends the flags. */
  readonly interspersed: boolean;
  /** As in `See 'beluga run --help'`. */
  readonly commandPath: string;
  readonly remote: boolean;
};

export type Parsed = {
  readonly given: ReadonlyMap<string, FlagValue>;
  readonly args: readonly string[];
  readonly help: boolean;
};

type Progress = {
  readonly grammar: Grammar;
  readonly given: Map<string, FlagValue>;
  readonly args: string[];
  /** What is still to be read; taken from the front. */
  readonly rest: string[];
  help: boolean;
};

/** Splits `argv` into flags and arguments. Throws `usage` errors in pflag's words. */
export function parseFlags(argv: readonly string[], grammar: Grammar): Parsed {
  const progress: Progress = { grammar, given: new Map(), args: [], rest: [...argv], help: false };
  for (let word = progress.rest.shift(); word !== undefined; word = progress.rest.shift()) {
    if (word === "--") {
      progress.args.push(...progress.rest.splice(0));
    } else if (word.startsWith("--")) {
      readLong(progress, word);
    } else if (word.startsWith("-") && word.length > 1) {
      readShort(progress, word);
    } else {
      progress.args.push(word);
      if (!grammar.interspersed) progress.args.push(...progress.rest.splice(0));
    }
  }
  return progress;
}

function readLong(progress: Progress, word: string): void {
  const equals = word.indexOf("=");
  const name = equals < 0 ? word.slice(2) : word.slice(2, equals);
  if (name === "" || name.startsWith("-")) throw usage(progress, `bad flag syntax: ${word}`);
  const flag = findFlag(progress, name);
  if (flag === undefined) {
    if (name !== "help") throw unknown(progress, { wanted: { name }, words: `unknown flag: --${name}` });
    progress.help = true;
    return;
  }
  if (equals >= 0) return store(progress, flag, { text: word.slice(equals + 1) });
  if (flag.type === "bool") return store(progress, flag, { text: "true" });
  store(progress, flag, { text: take(progress, `flag needs an argument: --${name}`) });
}

function readShort(progress: Progress, word: string): void {
  let letters = word.slice(1);
  while (letters !== "") {
    const letter = String.fromCodePoint(letters.codePointAt(0) ?? 0);
    const behind = letters.slice(letter.length);
    const flag = allFlags(progress).find((flag) => flag.short === letter);
    if (flag === undefined) {
      if (letter !== "h") {
        throw unknown(progress, {
          wanted: { short: letter },
          words: `unknown shorthand flag: '${letter}' in -${letters}`,
        });
      }
      progress.help = true;
      return;
    }
    if (behind.length > 1 && behind.startsWith("=")) return store(progress, flag, { text: behind.slice(1) });
    if (flag.type !== "bool") {
      const text = behind || take(progress, `flag needs an argument: '${letter}' in -${letters}`);
      return store(progress, flag, { text });
    }
    store(progress, flag, { text: "true" });
    letters = behind;
  }
}

function take(progress: Progress, otherwise: string): string {
  const word = progress.rest.shift();
  if (word === undefined) throw usage(progress, otherwise);
  return word;
}

function store(progress: Progress, flag: Flag, { text }: { readonly text: string }): void {
  try {
    progress.given.set(flag.name, readFlagValue(flag, text, progress.given.get(flag.name)));
  } catch (error) {
    if (!(error instanceof BadValue)) throw error;
    const name = flag.short === undefined ? `--${flag.name}` : `-${flag.short}, --${flag.name}`;
    throw usage(progress, `invalid argument ${quote(text)} for "${name}" flag: ${error.message}`);
  }
}

/** Flags of the tables, without those that remote mode does not have. */
function* allFlags(progress: Progress): Generator<Flag> {
  for (const table of progress.grammar.tables) {
    for (const flag of table) if (flag.remote !== false || !progress.grammar.remote) yield flag;
  }
}

function findFlag(progress: Progress, name: string): Flag | undefined {
  for (const flag of allFlags(progress)) {
    if (flag.name === name || flag.aliases?.includes(name) === true) return flag;
  }
  return undefined;
}

type Unknown = { readonly wanted: { readonly name?: string; readonly short?: string }; readonly words: string };

function unknown(progress: Progress, { wanted, words }: Unknown): EngineError {
  const known = unsupportedFlags(progress.grammar.unsupported ?? "").find((flag) =>
    flag.name === wanted.name || (flag.short !== undefined && flag.short === wanted.short)
  );
  if (known === undefined) return usage(progress, words);
  return new EngineError("unsupported", `--${known.name} is not supported yet`);
}

function usage(progress: Progress, words: string): EngineError {
  return new EngineError("usage", `${words}\nSee '${progress.grammar.commandPath} --help'`);
}
