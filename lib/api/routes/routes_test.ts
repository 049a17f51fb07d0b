import assert from "node:assert/strict";
import type { Duplex, Engine, Frame } from "../../engine/mod.ts";
import { routeTable } from "../handler.ts";
import { type AnswerKind, anyRow, type NounRoutes, type RouteTable, type Row } from "../row.ts";
import { knownEndpoints } from "./known.ts";
import { routes } from "./mod.ts";

// What must not compile, said with types that are `never` or `false` when it does not.

type Fits<T, Wanted> = T extends Wanted ? true : false;
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

type Grown = Engine & { readonly volumes: { readonly rename: (input: { readonly name: string }) => Promise<void> } };
const operationWithoutRow: Fits<typeof routes, RouteTable<Grown>> = false;
const allRows: Fits<typeof routes, RouteTable<Engine>> = true;

type Input = { readonly name: string; readonly force?: boolean };
type FullRow = Row<Input, Promise<void>>;
type Forgetful = Omit<FullRow, "fields"> & { readonly fields: Omit<FullRow["fields"], "force"> };
const forgottenField: Fits<Forgetful, FullRow> = false;
const wrongKind: Fits<Omit<FullRow, "answer"> & { readonly answer: "json" }, FullRow> = false;

type Answers = [
  Same<AnswerKind<Promise<void>>, "empty">,
  Same<AnswerKind<Promise<boolean>>, "exists">,
  Same<AnswerKind<Promise<{ readonly Id: string }>>, "json">,
  Same<AnswerKind<Promise<number>>, "json">,
  Same<AnswerKind<AsyncIterable<{ readonly id: string }>>, "ndjson">,
  Same<AnswerKind<AsyncIterable<Frame>>, "frames">,
  Same<AnswerKind<Promise<ReadableStream<Uint8Array>>>, "bytes">,
  Same<AnswerKind<Promise<Duplex>>, "duplex">,
];
const answers: Answers = [true, true, true, true, true, true, true, true];
const localNeedsReason: Fits<{ readonly a: Record<never, never> }, NounRoutes<{ a: (input: Input) => Promise<void> }>> =
  false;

Deno.test("the types refuse an incomplete table", () => {
  assert.deepEqual([operationWithoutRow, allRows, forgottenField, wrongKind, localNeedsReason], [
    false,
    true,
    false,
    false,
    false,
  ]);
  assert.ok(answers.every(Boolean));
});

Deno.test("every parameter of a path is a field's, and every path is one of libpod's", () => {
  const known = new Set(knownEndpoints.map(([method, path]) => `${method} ${path.replaceAll("...", "")}`));
  for (const rows of Object.values(routes)) {
    for (const entry of Object.values(rows)) {
      const row = anyRow(entry);
      if (row === undefined) continue;
      assert.ok(known.has(`${row.method} ${row.path.replaceAll("...", "")}`), `${row.method} ${row.path}`);
      const into = { params: new Map<string, string>(), query: [], headers: [], json: undefined, body: null };
      for (const field of Object.values(row.fields)) encodeQuietly(() => field.encode("x", into));
      const names = [...row.path.matchAll(/\{(\w+)/g)].map(([, name]) => name);
      assert.deepEqual([...into.params.keys()], names, row.path);
    }
  }
});

function encodeQuietly(encode: () => void): void {
  try {
    encode();
  } catch {
    // A field of another type than text.
  }
}

Deno.test("every endpoint of both APIs has an answer", () => {
  const table = routeTable();
  for (const [method, path] of knownEndpoints) {
    const segments = path.slice(1).split("/").map((segment) => segment.startsWith("{") ? "thing" : segment);
    assert.equal(table.find(method, segments).tag, "found", `${method} ${path}`);
  }
});
