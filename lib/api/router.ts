/** Path templates → values. A walk through nested maps: no regular expression, no scan of the table. */

import type { Method } from "./row.ts";

export type Match<T> =
  | { readonly tag: "found"; readonly value: T; readonly params: ReadonlyMap<string, string> }
  | { readonly tag: "wrongMethod" }
  | { readonly tag: "unknown" };

type Node<T> = {
  readonly literals: Map<string, Node<T>>;
  parameter: { readonly name: string; readonly node: Node<T> } | null;
  /** `{name...}`: what may follow it, by the last segment; the empty one: nothing. */
  rest: { readonly name: string; readonly suffixes: Map<string, Map<Method, T>> } | null;
  readonly values: Map<Method, T>;
};

type Found<T> = { readonly values: Map<Method, T>; readonly params: Map<string, string> };

function newNode<T>(): Node<T> {
  return { literals: new Map(), parameter: null, rest: null, values: new Map() };
}

/** Where a value stands. */
export type Place = { readonly method: Method; readonly path: string };

export class Router<T> {
  readonly #root: Node<T> = newNode();

  /** `merge` makes one value of two at the same place; without it that is an error in the table. */
  add({ method, path }: Place, value: T, options: { readonly merge?: (before: T) => T } = {}): void {
    const values = this.#place(path.slice(1).split("/"));
    const before = values.get(method);
    if (before !== undefined && options.merge === undefined) throw new TypeError(`two routes for ${method} ${path}`);
    values.set(method, before === undefined ? value : options.merge?.(before) ?? value);
  }

  #place(segments: readonly string[]): Map<Method, T> {
    let node = this.#root;
    for (const [index, segment] of segments.entries()) {
      if (segment.endsWith("...}")) {
        return placeRest(node, { name: segment.slice(1, -4), suffix: segments[index + 1] ?? "" });
      }
      node = segment.startsWith("{") ? placeParameter(node, segment.slice(1, -1)) : placeLiteral(node, segment);
    }
    return node.values;
  }

  /** `segments` are percent-decoded. A literal wins over a parameter, and a parameter over the rest of a path. */
  find(method: string, segments: readonly string[]): Match<T> {
    const params = new Map<string, string>();
    const found = search(this.#root, segments, { at: 0, params });
    if (found === null) return { tag: "unknown" };
    const value = found.values.get(method as Method);
    return value === undefined ? { tag: "wrongMethod" } : { tag: "found", value, params };
  }
}

function placeLiteral<T>(node: Node<T>, segment: string): Node<T> {
  const next = node.literals.get(segment) ?? newNode<T>();
  node.literals.set(segment, next);
  return next;
}

function placeParameter<T>(node: Node<T>, name: string): Node<T> {
  node.parameter ??= { name, node: newNode<T>() };
  if (node.parameter.name !== name) throw new TypeError(`parameter {${name}} stands beside {${node.parameter.name}}`);
  return node.parameter.node;
}

type Rest = { readonly name: string; readonly suffix: string };

function placeRest<T>(node: Node<T>, { name, suffix }: Rest): Map<Method, T> {
  node.rest ??= { name, suffixes: new Map() };
  const values = node.rest.suffixes.get(suffix) ?? new Map<Method, T>();
  node.rest.suffixes.set(suffix, values);
  return values;
}

type Position = { readonly at: number; readonly params: Map<string, string> };

function search<T>(node: Node<T>, segments: readonly string[], { at, params }: Position): Found<T> | null {
  const segment = segments[at];
  if (segment === undefined) return node.values.size > 0 ? { values: node.values, params } : null;
  const literal = node.literals.get(segment);
  const exact = literal === undefined ? null : search(literal, segments, { at: at + 1, params });
  if (exact !== null) return exact;
  if (node.parameter !== null && segment !== "") {
    params.set(node.parameter.name, segment);
    const inner = search(node.parameter.node, segments, { at: at + 1, params });
    if (inner !== null) return inner;
    params.delete(node.parameter.name);
  }
  return searchRest(node, segments, { at, params });
}

function searchRest<T>(node: Node<T>, segments: readonly string[], { at, params }: Position): Found<T> | null {
  if (node.rest === null) return null;
  const last = segments.at(-1) ?? "";
  const suffixed = segments.length - at > 1 ? node.rest.suffixes.get(last) : undefined;
  const values = suffixed ?? node.rest.suffixes.get("");
  const name = segments.slice(at, suffixed === undefined ? undefined : -1).join("/");
  if (values === undefined || name === "") return null;
  params.set(node.rest.name, name);
  return { values, params };
}
