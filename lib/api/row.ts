/**
 * A row: how one operation of the contract crosses the wire. The server's handlers and the remote engine are both made
 * from rows; `RouteTable<Engine>` makes an operation without one, a forgotten input field or a wrong kind of answer a
 * compile error.
 */

import type { Duplex, Frame } from "../engine/mod.ts";
import type { Headers } from "./http/head.ts";
import type { Query } from "./query.ts";

export type Method = "GET" | "POST" | "PUT" | "DELETE" | "HEAD";

/** A request taken apart, for a row to read its input from. */
export type Incoming = {
  readonly params: ReadonlyMap<string, string>;
  readonly query: Query;
  readonly headers: Headers;
  /** The body as JSON where the row reads it; undefined for an empty one. */
  readonly json: unknown;
  readonly body: AsyncIterable<Uint8Array>;
  readonly api: ApiVersion;
};

/** A request being put together by the remote engine. */
export type Outgoing = {
  readonly params: Map<string, string>;
  readonly query: [name: string, value: string][];
  readonly headers: [name: string, value: string][];
  json: unknown;
  body: ReadableStream<Uint8Array> | null;
};

/** Which API a request speaks, and in what version; `major` 0: no prefix. */
export type ApiVersion = { readonly dialect: "libpod" | "docker"; readonly major: number; readonly minor: number };

/** Where one field of an input stands on the wire. */
export type Field<T> = {
  /** What the server must have read before `decode`. */
  readonly needs: "nothing" | "json" | "body";
  readonly decode: (from: Incoming) => T;
  readonly encode: (value: T, into: Outgoing) => void;
};

/** Kind of answer, by what an operation gives back. */
export type AnswerKind<R> = R extends AsyncIterable<Frame> ? "frames"
  : R extends AsyncIterable<unknown> ? "ndjson"
  : R extends Promise<infer T> ? PromisedKind<T>
  : never;

type PromisedKind<T> = [T] extends [void] ? "empty"
  : [T] extends [boolean] ? "exists"
  : [T] extends [ReadableStream] ? "bytes"
  : [T] extends [AsyncIterable<unknown>] ? "ndjson"
  : [T] extends [Duplex] ? "duplex"
  : "json";

/** What an operation reports: the promised value, or the records of a stream. */
export type Report<R> = R extends AsyncIterable<infer T> ? T : R extends Promise<infer T> ? T : never;

/** Report ⇄ JSON where they differ. `encode` may suit another client; a record that it makes undefined is left out. */
export type ReportCodec<T> = {
  readonly encode: (report: T, from: Incoming) => unknown;
  readonly decode: (wire: unknown) => T;
};

export type Row<I, R> = {
  readonly method: Method;
  /** Behind the version prefix; `{name}` takes one segment, `{name...}` takes slashes too. */
  readonly path: `/${string}`;
  readonly answer: AnswerKind<R>;
  readonly fields: { readonly [K in keyof I]-?: Field<I[K]> };
  /** Status of success; 200, or 204 for an empty answer, where it is not said. */
  readonly status?: number;
  /** JSON body fields that tell this row from another one with the same path. */
  readonly fixed?: Readonly<Record<string, boolean>>;
  readonly report?: ReportCodec<Report<R>>;
  /** Query parameters by which our own client asks for more than libpod's form has. */
  readonly extension?: Readonly<Record<string, string>>;
  /** The field whose list takes one request per item. */
  readonly each?: keyof I & string;
  /** Send the head of a stream before its first record (lines that may stay silent for long). */
  readonly early?: boolean;
  readonly localOnly?: never;
};

/** An operation that does not cross the wire, and why. */
export type LocalOnly = { readonly localOnly: string };

type Operation<I, R> = (input: I, signal?: AbortSignal) => R;

export type NounRoutes<N> = {
  readonly [O in keyof N]: N[O] extends Operation<infer I, infer R> ? Row<I, R> | LocalOnly : never;
};

export type RouteTable<E> = { readonly [N in keyof E]: NounRoutes<E[N]> };

/** A row whose types have been forgotten: what server and remote engine work with. */
export type AnyRow = {
  readonly method: Method;
  readonly path: `/${string}`;
  readonly answer: "empty" | "exists" | "json" | "ndjson" | "frames" | "bytes" | "duplex";
  readonly fields: Readonly<Record<string, Field<unknown>>>;
  readonly status?: number;
  readonly fixed?: Readonly<Record<string, boolean>>;
  readonly report?: ReportCodec<unknown>;
  readonly extension?: Readonly<Record<string, string>>;
  readonly each?: string;
  readonly early?: boolean;
  readonly localOnly?: undefined;
};

/** The row as one among many; undefined for an operation that stays local. */
export function anyRow(row: unknown): AnyRow | undefined {
  const entry = row as AnyRow | LocalOnly;
  return entry.localOnly === undefined ? entry as AnyRow : undefined;
}
