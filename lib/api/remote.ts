/** The remote engine: every operation of the contract, made from its row and carried to a service. */

import type { Duplex, Engine, ExecCreateConfig } from "../engine/mod.ts";
import { EngineError, isKind } from "../errors.ts";
import { defaultDetachKeys, DetachScanner, parseDetachKeys } from "../spec/detach_keys.ts";
import { parseServiceUrl } from "./address.ts";
import { cancelled, jsonOf, linesOf, request } from "./client.ts";
import { decodeFrames } from "./frames.ts";
import type { Address, OutgoingRequest, Response } from "./http/client.ts";
import { writeQuery } from "./query.ts";
import { remoteLine } from "./remote_line.ts";
import { libpodApiVersion } from "./reports.ts";
import { type AnyRow, anyRow, type LocalOnly, type Outgoing } from "./row.ts";
import { routes } from "./routes/mod.ts";

export type RemoteOptions = {
  /** Keys to detach where an operation names none. */
  readonly detachKeys?: string;
};

type Input = Readonly<Record<string, unknown>>;
type Operation = (input: Input, signal?: AbortSignal) => unknown;

/** What a call needs beside its input. */
type Caller = {
  readonly address: Address;
  readonly detachKeys: string;
  /** Keys of exec sessions made here, which only their creation names; forgotten when they start. */
  readonly sessionKeys: Map<string, string>;
};

type Call = {
  readonly caller: Caller;
  readonly row: AnyRow;
  readonly input: Input;
  readonly signal: AbortSignal | undefined;
};

const encoder = new TextEncoder();

/**
 * An engine behind `url` (`unix://…`, `tcp://…`). Makes no connection before the first operation; each operation has its
 * own. Failures come back as the kind that the far engine gave; `unreachable` where there is none.
 */
export function remoteEngine(url: string, options: RemoteOptions = {}): Engine {
  const caller: Caller = {
    address: parseServiceUrl(url),
    detachKeys: options.detachKeys ?? defaultDetachKeys,
    sessionKeys: new Map(),
  };
  const nouns = Object.entries(routes).map(([noun, rows]) => [noun, nounOf(caller, noun, rows)]);
  return Object.fromEntries(nouns) as Engine;
}

function nounOf(caller: Caller, noun: string, rows: Input): Readonly<Record<string, Operation>> {
  return Object.fromEntries(
    Object.entries(rows).map(([verb, entry]) => [verb, operationOf(caller, `${noun} ${verb}`, entry)]),
  );
}

function operationOf(caller: Caller, name: string, entry: unknown): Operation {
  const row = anyRow(entry);
  if (row === undefined) {
    const { localOnly } = entry as LocalOnly;
    return () => Promise.reject(new EngineError("unsupported", `${name} with a remote engine: ${localOnly}`));
  }
  return (input, signal) => perform({ caller, row, input: withKeys(caller, row, input), signal });
}

/** Both ends must look for the same keys, so what this side would assume is said. */
function withKeys(caller: Caller, row: AnyRow, input: Input): Input {
  if (row === anyRow(routes.containers.attach)) return { ...input, detachKeys: input.detachKeys ?? caller.detachKeys };
  if (row !== anyRow(routes.containers.execCreate)) return input;
  const { config } = input as { readonly config: ExecCreateConfig };
  return { ...input, config: { ...config, DetachKeys: config.DetachKeys || caller.detachKeys } };
}

function perform(call: Call): unknown {
  switch (call.row.answer) {
    case "empty":
      return performEmpty(call);
    case "exists":
      return performExists(call);
    case "json":
      return performJson(call);
    case "ndjson":
      return records(call);
    case "frames":
      return frames(call);
    case "bytes":
      return performBytes(call);
    case "duplex":
      return performDuplex(call);
    default:
      return call.row.answer satisfies never;
  }
}

async function ask({ caller, row, input, signal }: Call): Promise<Response> {
  return await request(caller.address, { request: outgoing(row, input), signal });
}

async function performEmpty(call: Call): Promise<void> {
  const { row, input } = call;
  const items = row.each === undefined ? undefined : input[row.each];
  if (row.each === undefined || !Array.isArray(items)) return (await ask(call)).close();
  for (const item of items) (await ask({ ...call, input: { ...input, [row.each]: [item] } })).close();
}

async function performExists(call: Call): Promise<boolean> {
  try {
    (await ask(call)).close();
    return true;
  } catch (error) {
    if (isKind(error, "notFound", "noSuchContainer", "noSuchImage", "noSuchVolume", "noSuchNetwork")) return false;
    throw error;
  }
}

async function performJson(call: Call): Promise<unknown> {
  const wire = await jsonOf(await ask(call));
  const report = call.row.report === undefined ? wire : call.row.report.decode(wire);
  rememberKeys(call, report);
  return report;
}

/** The keys of a new exec session, for its start. */
function rememberKeys({ caller, row, input }: Call, report: unknown): void {
  if (row !== anyRow(routes.containers.execCreate)) return;
  const { config } = input as { readonly config: ExecCreateConfig };
  caller.sessionKeys.set((report as { readonly Id: string }).Id, config.DetachKeys);
}

async function* records(call: Call): AsyncGenerator<unknown, void> {
  try {
    for await (const wire of linesOf(await ask(call))) {
      yield call.row.report === undefined ? wire : call.row.report.decode(wire);
    }
  } catch (error) {
    throw call.signal?.aborted === true ? cancelled(call.signal) : error;
  }
}

async function* frames(call: Call): AsyncGenerator<unknown, void> {
  try {
    yield* decodeFrames((await ask(call)).body);
  } catch (error) {
    throw call.signal?.aborted === true ? cancelled(call.signal) : error;
  }
}

async function performBytes(call: Call): Promise<ReadableStream<Uint8Array>> {
  return ReadableStream.from((await ask(call)).body);
}

async function performDuplex(call: Call): Promise<Duplex> {
  const response = await ask(call);
  return remoteLine(response, new DetachScanner(parseDetachKeys(keysOf(call))));
}

function keysOf({ caller, input }: Call): string {
  if (typeof input.detachKeys === "string") return input.detachKeys;
  const { id } = input;
  const ofSession = typeof id === "string" ? caller.sessionKeys.get(id) : undefined;
  if (typeof id === "string") caller.sessionKeys.delete(id);
  return ofSession ?? caller.detachKeys;
}

/** The request of a call: a pure function of row and input. */
export function outgoing(row: AnyRow, input: Input): OutgoingRequest {
  const into: Outgoing = {
    params: new Map(),
    query: Object.entries(row.extension ?? {}),
    headers: [],
    json: row.fixed,
    body: null,
  };
  for (const [key, field] of Object.entries(row.fields)) field.encode(input[key], into);
  if (row.answer === "duplex") into.headers.push(["Connection", "Upgrade"], ["Upgrade", "tcp"]);
  if (into.json !== undefined) into.headers.push(["Content-Type", "application/json"]);
  if (into.body !== null) into.headers.push(["Content-Type", "application/x-tar"]);
  return {
    method: row.method,
    target: `/v${libpodApiVersion}${pathOf(row.path, into.params)}${writeQuery(into.query)}`,
    headers: into.headers,
    body: into.body ?? (into.json === undefined ? null : encoder.encode(JSON.stringify(into.json))),
  };
}

function pathOf(template: string, params: ReadonlyMap<string, string>): string {
  return template.replace(/\{(\w+)(?:\.\.\.)?\}/g, (_, name: string) => {
    const value = params.get(name) ?? "";
    if (value === "") throw new EngineError("invalidArgument", `${name} must not be empty`);
    return encodeURIComponent(value);
  });
}
