/** Template text → literal pieces and, for each `{{…}}`, its tokens. */

import { EngineError } from "../../lib/errors.ts";

export type Token =
  | { readonly tag: "dot" }
  | { readonly tag: "word"; readonly text: string }
  /** `.Name`; joined: directly behind the token before it. */
  | { readonly tag: "field"; readonly text: string; readonly joined: boolean }
  | { readonly tag: "variable"; readonly text: string }
  | { readonly tag: "text"; readonly text: string }
  | { readonly tag: "number"; readonly value: number }
  /** `|`, `(`, `)`, `,`, `:=` or `=`. */
  | { readonly tag: "sign"; readonly text: string };

/** Splits at `{{` and `}}`, with the trimming of `{{-` and `-}}`; comments vanish. */
export function tokenize(name: string, text: string): readonly (string | readonly Token[])[] {
  const pieces: (string | readonly Token[])[] = [];
  let at = 0;
  let trim = false;
  while (at < text.length) {
    const open = text.indexOf("{{", at);
    const literal = open < 0 ? text.slice(at) : text.slice(at, open);
    const left = open >= 0 && /^-\s/.test(text.slice(open + 2, open + 4));
    pushText(pieces, trimText(literal, { start: trim, end: left }));
    if (open < 0) break;
    const action = readAction(name, text, { start: open + (left ? 3 : 2) });
    if (action.tokens !== null) pieces.push(action.tokens);
    at = action.end;
    trim = action.trim;
  }
  return pieces;
}

function pushText(pieces: (string | readonly Token[])[], text: string): void {
  if (text !== "") pieces.push(text);
}

function trimText(text: string, { start, end }: { readonly start: boolean; readonly end: boolean }): string {
  const trimmed = start ? text.trimStart() : text;
  return end ? trimmed.trimEnd() : trimmed;
}

type Action = { readonly tokens: readonly Token[] | null; readonly end: number; readonly trim: boolean };

const patterns: readonly (readonly [RegExp, (match: RegExpExecArray, joined: boolean) => Token])[] = [
  [/\.([\p{L}_][\p{L}\p{N}_]*)/uy, (match, joined) => ({ tag: "field", text: match[1] ?? "", joined })],
  [/\$[\p{L}\p{N}_]*/uy, (match) => ({ tag: "variable", text: match[0] })],
  [/"(?:[^"\\\n]|\\.)*"/y, (match) => ({ tag: "text", text: unquote(match[0]) })],
  [/`[^`]*`/y, (match) => ({ tag: "text", text: match[0].slice(1, -1) })],
  [/[+-]?(?:0[xX][0-9a-fA-F_]+|\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?)/y, (match) => number(match[0])],
  [
    /'(?:[^'\\]|\\.)'/uy,
    (match) => ({ tag: "number", value: unquote(`"${match[0].slice(1, -1)}"`).codePointAt(0) ?? 0 }),
  ],
  [/[\p{L}_][\p{L}\p{N}_]*/uy, (match) => ({ tag: "word", text: match[0] })],
  [/:=|[|(),=]/y, (match) => ({ tag: "sign", text: match[0] })],
  [/\./y, () => ({ tag: "dot" })],
];

function readAction(name: string, text: string, { start }: { readonly start: number }): Action {
  const comment = /\s*\/\*[^]*?\*\/\s*?(\s-)?\}\}/y;
  comment.lastIndex = start;
  const found = comment.exec(text);
  if (found !== null) return { tokens: null, end: comment.lastIndex, trim: found[1] !== undefined };
  const tokens: Token[] = [];
  let at = start;
  while (true) {
    const before = at;
    while (/\s/.test(text[at] ?? "")) at++;
    if (at >= text.length) throw new EngineError("usage", `template: ${name}:1: unclosed action`);
    if (text.startsWith("}}", at)) return { tokens, end: at + 2, trim: false };
    if (at > before && text.startsWith("-}}", at)) return { tokens, end: at + 3, trim: true };
    const [token, end] = readToken(name, text, { at });
    tokens.push(token(at === before && tokens.length > 0));
    at = end;
  }
}

function readToken(
  name: string,
  text: string,
  { at }: { readonly at: number },
): readonly [(joined: boolean) => Token, number] {
  for (const [pattern, make] of patterns) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match !== null) return [(joined) => make(match, joined), at + match[0].length];
  }
  const letter = String.fromCodePoint(text.codePointAt(at) ?? 0);
  if (letter === '"') throw new EngineError("usage", `template: ${name}:1: unterminated quoted string`);
  throw new EngineError("usage", `template: ${name}:1: unexpected "${letter}" in command`);
}

function number(text: string): Token {
  return { tag: "number", value: Number(text.replaceAll("_", "")) };
}

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", a: "\x07", b: "\b", f: "\f", v: "\v" };

function unquote(text: string): string {
  return text.slice(1, -1).replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))/g,
    (_, hex, four, eight, letter) =>
      letter === undefined ? String.fromCodePoint(parseInt(hex ?? four ?? eight, 16)) : escapes[letter] ?? letter,
  );
}
