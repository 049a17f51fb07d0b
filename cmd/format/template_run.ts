/** Go's text/template: tree and data → text. */

import { EngineError, isKind, messageOf } from "../../lib/errors.ts";
import { callFunction } from "./template_functions.ts";
import type { Invocation, Node, Pipeline, Template, Term } from "./template_parse.ts";
import { fieldOf, isMap, isTrue, printValue, type TemplateValue } from "./template_value.ts";

type Scope = { readonly variables: Map<string, TemplateValue>; readonly parent: Scope | null };

type Run = { readonly name: string; readonly template: Template; readonly output: string[]; depth: number };

/** Ends a turn of a loop, or the loop. */
class LoopSignal extends Error {
  constructor(readonly tag: "break" | "continue") {
    super(tag);
  }
}

/** Carries out `template` on `data`. Throws `usage` errors in Go's words. */
export function runTemplate(name: string, template: Template, { data }: { readonly data: TemplateValue }): string {
  const run: Run = { name, template, output: [], depth: 0 };
  walk(run, template.body, { dot: data, scope: { variables: new Map([["$", data]]), parent: null } });
  return run.output.join("");
}

type Place = { readonly dot: TemplateValue; readonly scope: Scope };

function walk(run: Run, nodes: readonly Node[], place: Place): void {
  for (const node of nodes) {
    switch (node.tag) {
      case "text":
        run.output.push(node.text);
        break;
      case "print": {
        const value = pipe(run, node.pipeline, place);
        if (node.pipeline.declares.length === 0) run.output.push(printValue(value));
        break;
      }
      case "template":
        callTemplate(run, node, place);
        break;
      case "break":
      case "continue":
        throw new LoopSignal(node.tag);
      case "if":
      case "with":
        branch(run, node, place);
        break;
      case "range":
        loop(run, node, place);
        break;
      default:
        node satisfies never;
    }
  }
}

type Control = Extract<Node, { readonly body: readonly Node[] }>;

function inner(place: Place, dot: TemplateValue = place.dot): Place {
  return { dot, scope: { variables: new Map(), parent: place.scope } };
}

function branch(run: Run, node: Control, place: Place): void {
  const inside = inner(place);
  const value = pipe(run, node.pipeline, inside);
  const chosen = isTrue(value) ? node.body : node.otherwise;
  walk(run, chosen, node.tag === "with" && isTrue(value) ? inner(inside, value) : inside);
}

function loop(run: Run, node: Control, place: Place): void {
  const outside = inner(place);
  const entries = entriesOf(pipe(run, { ...node.pipeline, declares: [] }, outside));
  if (entries.length === 0) return walk(run, node.otherwise, outside);
  for (const [key, value] of entries) {
    const inside = inner(outside, value);
    const [first, second] = node.pipeline.declares;
    if (first !== undefined) inside.scope.variables.set(first, second === undefined ? value : key);
    if (second !== undefined) inside.scope.variables.set(second, value);
    if (turn(run, node.body, inside) === "break") return;
  }
}

function turn(run: Run, body: readonly Node[], place: Place): "break" | "continue" {
  try {
    walk(run, body, place);
    return "continue";
  } catch (error) {
    if (error instanceof LoopSignal) return error.tag;
    throw error;
  }
}

function entriesOf(value: TemplateValue): readonly (readonly [TemplateValue, TemplateValue])[] {
  if (Array.isArray(value)) return value.map((item, index) => [index, item]);
  if (isMap(value)) return [...value].toSorted(([left], [right]) => left < right ? -1 : 1);
  if (value === null || value === undefined) return [];
  if (typeof value === "number") return Array.from({ length: value }, (_, index) => [index, index]);
  throw new EngineError("usage", `range can't iterate over ${printValue(value)}`);
}

function callTemplate(run: Run, node: Extract<Node, { readonly tag: "template" }>, place: Place): void {
  const body = run.template.named.get(node.name);
  if (body === undefined) {
    throw new EngineError("usage", `template: ${run.name}:1: template "${node.name}" not defined`);
  }
  if (++run.depth > 1000) throw new EngineError("usage", `template: ${run.name}:1: exceeded maximum template depth`);
  const dot = node.pipeline === null ? undefined : pipe(run, node.pipeline, place);
  walk(run, body, { dot, scope: { variables: new Map([["$", dot]]), parent: null } });
  run.depth--;
}

function pipe(run: Run, pipeline: Pipeline, place: Place): TemplateValue {
  let piped: readonly TemplateValue[] = [];
  for (const step of pipeline.steps) piped = [invoke(run, step, { place, piped })];
  for (const name of pipeline.declares) declare(pipeline.assigns, name, { scope: place.scope, value: piped[0] });
  return piped[0];
}

function declare(assigns: boolean, name: string, to: { readonly scope: Scope; readonly value: TemplateValue }): void {
  const holder = assigns ? holderOf(to.scope, name) : to.scope;
  if (holder === null) throw new EngineError("usage", `undefined variable "${name}"`);
  holder.variables.set(name, to.value);
}

function holderOf(scope: Scope | null, name: string): Scope | null {
  if (scope === null || scope.variables.has(name)) return scope;
  return holderOf(scope.parent, name);
}

type Context = { readonly place: Place; readonly piped: readonly TemplateValue[] };

function invoke(run: Run, step: Invocation, context: Context): TemplateValue {
  const { operator } = step;
  const operands = () => [...step.operands.map((term) => evaluate(run, term, context.place)), ...context.piped];
  try {
    if (operator.tag === "call") return callNamed(run, operator.name, { step, context });
    const value = evaluate(run, operator, context.place);
    if (typeof value === "function") return value(...operands());
    if (step.operands.length + context.piped.length === 0) return value;
    throw new EngineError("usage", `can't give argument to non-function ${describe(operator)}`);
  } catch (error) {
    throw located(run, operator, error);
  }
}

function callNamed(
  run: Run,
  name: string,
  call: { readonly step: Invocation; readonly context: Context },
): TemplateValue {
  const terms: readonly (() => TemplateValue)[] = [
    ...call.step.operands.map((term) => () => evaluate(run, term, call.context.place)),
    ...call.context.piped.map((value) => () => value),
  ];
  return callFunction(name, terms);
}

function evaluate(run: Run, term: Term, place: Place): TemplateValue {
  switch (term.tag) {
    case "dot":
      return place.dot;
    case "nil":
      return null;
    case "constant":
      return term.value;
    case "variable": {
      const holder = holderOf(place.scope, term.name);
      if (holder === null) throw new EngineError("usage", `undefined variable "${term.name}"`);
      return holder.variables.get(term.name);
    }
    case "call":
      return callFunction(term.name, []);
    case "pipeline":
      return pipe(run, term.pipeline, place);
    case "field": {
      const value = evaluate(run, term.of, place);
      return fieldOf(typeof value === "function" ? value() : value, term.name);
    }
  }
}

/** Adds where in the template it happened, once. */
function located(run: Run, operator: Term, error: unknown): unknown {
  if (!isKind(error, "usage") || error.message.startsWith("template: ")) return error;
  const words = `template: ${run.name}:1: executing "${run.name}" at <${describe(operator)}>: ${messageOf(error)}`;
  return new EngineError("usage", words);
}

function describe(term: Term): string {
  switch (term.tag) {
    case "dot":
      return ".";
    case "nil":
      return "nil";
    case "constant":
      return JSON.stringify(term.value);
    case "variable":
    case "call":
      return term.name;
    case "pipeline":
      return "(…)";
    case "field":
      return term.of.tag === "dot" ? `.${term.name}` : `${describe(term.of)}.${term.name}`;
  }
}
