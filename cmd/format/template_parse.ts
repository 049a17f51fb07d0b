/** Go's text/template: text → tree. Grammar: https://pkg.go.dev/text/template */

import { EngineError } from "../../lib/errors.ts";
import { type Token, tokenize } from "./_template_tokens.ts";

/** Where a value comes from. */
export type Term =
  | { readonly tag: "dot" }
  | { readonly tag: "nil" }
  | { readonly tag: "constant"; readonly value: string | number | boolean }
  | { readonly tag: "variable"; readonly name: string }
  | { readonly tag: "call"; readonly name: string }
  | { readonly tag: "field"; readonly of: Term; readonly name: string }
  | { readonly tag: "pipeline"; readonly pipeline: Pipeline };

/** A term with its arguments: `printf "%s" .Name`. */
export type Invocation = { readonly operator: Term; readonly operands: readonly Term[] };

export type Pipeline = {
  readonly declares: readonly string[];
  /** `=` rather than `:=`. */
  readonly assigns: boolean;
  readonly steps: readonly Invocation[];
};

export type Node =
  | { readonly tag: "text"; readonly text: string }
  | { readonly tag: "print"; readonly pipeline: Pipeline }
  | {
    readonly tag: "if" | "with" | "range";
    readonly pipeline: Pipeline;
    readonly body: readonly Node[];
    readonly otherwise: readonly Node[];
  }
  | { readonly tag: "template"; readonly name: string; readonly pipeline: Pipeline | null }
  | { readonly tag: "break" | "continue" };

export type Template = { readonly body: readonly Node[]; readonly named: ReadonlyMap<string, readonly Node[]> };

type State = {
  readonly name: string;
  readonly pieces: readonly (string | readonly Token[])[];
  readonly named: Map<string, readonly Node[]>;
  at: number;
};

type ControlTag = "if" | "with" | "range";

type Block = { readonly nodes: readonly Node[]; readonly ended: readonly Token[] | null };

/** Parses `text`; `name` stands in complaints. Throws `usage` errors. */
export function parseTemplate(name: string, text: string): Template {
  const state: State = { name, pieces: tokenize(name, text), named: new Map(), at: 0 };
  const block = parseBlock(state);
  if (block.ended !== null) throw bad(state, `unexpected {{${wordOf(block.ended)}}}`);
  return { body: block.nodes, named: state.named };
}

function parseBlock(state: State): Block {
  const nodes: Node[] = [];
  while (state.at < state.pieces.length) {
    const piece = state.pieces[state.at++] ?? "";
    if (typeof piece === "string") {
      nodes.push({ tag: "text", text: piece });
      continue;
    }
    const word = wordOf(piece);
    if (word === "end" || word === "else") return { nodes, ended: piece };
    const node = parseAction(state, piece);
    if (node !== undefined) nodes.push(node);
  }
  return { nodes, ended: null };
}

function wordOf(tokens: readonly Token[]): string {
  const first = tokens[0];
  return first?.tag === "word" ? first.text : "";
}

function parseAction(state: State, tokens: readonly Token[]): Node | undefined {
  const word = wordOf(tokens);
  switch (word) {
    case "if":
    case "with":
    case "range":
      return parseControl(state, word, { tokens: tokens.slice(1) });
    case "break":
    case "continue":
      return { tag: word };
    case "template": {
      const pipeline = tokens.length > 2 ? parsePipeline(state, tokens.slice(2)) : null;
      return { tag: "template", name: nameOf(state, tokens[1]), pipeline };
    }
    case "define":
      state.named.set(nameOf(state, tokens[1]), parseBody(state).nodes);
      return undefined;
    case "block": {
      const name = nameOf(state, tokens[1]);
      state.named.set(name, parseBody(state).nodes);
      return { tag: "template", name, pipeline: parsePipeline(state, tokens.slice(2)) };
    }
    default:
      if (tokens.length === 0) throw bad(state, "missing value for command");
      return { tag: "print", pipeline: parsePipeline(state, tokens) };
  }
}

/** A block that only `{{end}}` closes. */
function parseBody(state: State): Block {
  const block = parseBlock(state);
  if (block.ended === null) throw bad(state, "unexpected EOF");
  if (wordOf(block.ended) !== "end") throw bad(state, "unexpected {{else}}");
  return block;
}

function parseControl(state: State, tag: ControlTag, { tokens }: { readonly tokens: readonly Token[] }): Node {
  if (tokens.length === 0) throw bad(state, `missing value for ${tag}`);
  const pipeline = parsePipeline(state, tokens);
  const body = parseBlock(state);
  if (body.ended === null) throw bad(state, "unexpected EOF");
  return { tag, pipeline, body: body.nodes, otherwise: parseElse(state, body.ended) };
}

/** What follows `{{else}}`, `{{else if …}}`; nothing after `{{end}}`. */
function parseElse(state: State, ended: readonly Token[]): readonly Node[] {
  if (wordOf(ended) === "end") return [];
  const rest = ended.slice(1);
  const word = wordOf(rest);
  if (word === "if" || word === "with") return [parseControl(state, word, { tokens: rest.slice(1) })];
  return parseBody(state).nodes;
}

function nameOf(state: State, token: Token | undefined): string {
  if (token?.tag === "text") return token.text;
  throw bad(state, "missing template name");
}

function parsePipeline(state: State, tokens: readonly Token[]): Pipeline {
  const sign = tokens.findIndex((token) => token.tag === "sign" && (token.text === ":=" || token.text === "="));
  const names = tokens.slice(0, Math.max(0, sign)).filter((token) => token.tag === "variable");
  const cursor: Cursor = { state, tokens: sign < 0 ? tokens : tokens.slice(sign + 1), at: 0 };
  const steps = parseSteps(cursor);
  if (cursor.at < cursor.tokens.length) throw bad(state, `unexpected "${textOf(cursor.tokens[cursor.at])}" in command`);
  return { declares: names.map((token) => token.text), assigns: sign >= 0 && textOf(tokens[sign]) === "=", steps };
}

type Cursor = { readonly state: State; readonly tokens: readonly Token[]; at: number };

function parseSteps(cursor: Cursor): readonly Invocation[] {
  const steps: Invocation[] = [];
  do {
    const terms: Term[] = [];
    for (let term = parseTerm(cursor); term !== undefined; term = parseTerm(cursor)) terms.push(term);
    const [operator, ...operands] = terms;
    if (operator === undefined) throw bad(cursor.state, "missing value for command");
    steps.push({ operator, operands });
  } while (accept(cursor, "|"));
  return steps;
}

function accept(cursor: Cursor, sign: string): boolean {
  const token = cursor.tokens[cursor.at];
  if (token?.tag !== "sign" || token.text !== sign) return false;
  cursor.at++;
  return true;
}

function parseTerm(cursor: Cursor): Term | undefined {
  const token = cursor.tokens[cursor.at];
  if (token === undefined || (token.tag === "sign" && token.text !== "(")) return undefined;
  cursor.at++;
  let term = token.tag === "sign" ? parseParentheses(cursor) : simpleTerm(token);
  for (let next = cursor.tokens[cursor.at]; next?.tag === "field" && next.joined; next = cursor.tokens[++cursor.at]) {
    term = { tag: "field", of: term, name: next.text };
  }
  return term;
}

function parseParentheses(cursor: Cursor): Term {
  const steps = parseSteps(cursor);
  if (!accept(cursor, ")")) throw bad(cursor.state, "unclosed left paren");
  return { tag: "pipeline", pipeline: { declares: [], assigns: false, steps } };
}

function simpleTerm(token: Exclude<Token, { tag: "sign" }>): Term {
  switch (token.tag) {
    case "dot":
      return { tag: "dot" };
    case "field":
      return { tag: "field", of: { tag: "dot" }, name: token.text };
    case "variable":
      return { tag: "variable", name: token.text };
    case "text":
      return { tag: "constant", value: token.text };
    case "number":
      return { tag: "constant", value: token.value };
    case "word":
      if (token.text === "true" || token.text === "false") return { tag: "constant", value: token.text === "true" };
      return token.text === "nil" ? { tag: "nil" } : { tag: "call", name: token.text };
  }
}

function textOf(token: Token | undefined): string {
  if (token === undefined) return "";
  if (token.tag === "dot") return ".";
  return token.tag === "number" ? String(token.value) : token.text;
}

function bad(state: State, words: string): EngineError {
  return new EngineError("usage", `template: ${state.name}:1: ${words}`);
}
