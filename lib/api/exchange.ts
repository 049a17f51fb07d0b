/**
 * An exchange: a request to an operation's input, its report to an answer. libpod's rows and Docker's rows both become
 * exchanges; there is no other way from HTTP to the engine.
 */

import type { Duplex, Engine, Frame } from "../engine/mod.ts";
import { EngineError } from "../errors.ts";
import { errorModel } from "./error_model.ts";
import { encodeFailure, encodeFrame } from "./frames.ts";
import { hijacked, streamType } from "./hijack.ts";
import type { Answer, Header } from "./http/serve.ts";
import { failureLine } from "./reports.ts";
import type { AnswerKind, AnyRow, Incoming, Method, Report } from "./row.ts";

export type Exchange = {
  readonly method: Method;
  readonly path: string;
  readonly needs: "nothing" | "json" | "body";
  /** Told from others at the same place by the JSON body. */
  readonly fixed?: Readonly<Record<string, boolean>>;
  readonly answer: (engine: Engine, from: Incoming, signal: AbortSignal) => Promise<Answer>;
};

/** A row of Docker's API: onto which operation, with what input, and what becomes of the report. */
export type CompatRow<I, R> = {
  readonly method: Method;
  readonly path: string;
  readonly needs?: "json" | "body";
  readonly fixed?: Readonly<Record<string, boolean>>;
  readonly operation: (engine: Engine) => (input: I, signal?: AbortSignal) => R;
  readonly input: (from: Incoming) => I | Promise<I>;
  readonly kind: AnswerKind<R>;
  readonly status?: number;
  readonly report?: (report: Report<R>, from: Incoming) => unknown;
  /** A record for a failure after the head has gone out. */
  readonly failure?: (error: unknown) => unknown;
  readonly early?: boolean;
};

type Operation = (input: unknown, signal?: AbortSignal) => unknown;

type Plan = {
  readonly kind: AnyRow["answer"];
  readonly status: number | undefined;
  readonly report: (report: unknown, from: Incoming) => unknown;
  readonly failure: (error: unknown) => unknown;
  readonly early: boolean;
};

type Call = {
  readonly engine: Engine;
  readonly from: Incoming;
  readonly signal: AbortSignal;
  /** Runs the operation. */
  readonly run: () => unknown;
};

const encoder = new TextEncoder();
const json: Header = ["Content-Type", "application/json"];
const noBytes = new Uint8Array(0);

export function compat<I, R>(row: CompatRow<I, R>): Exchange {
  const plan: Plan = {
    kind: row.kind,
    status: row.status,
    report: (row.report ?? ((report) => report)) as Plan["report"],
    failure: row.failure ?? failureLine,
    early: row.early ?? false,
  };
  const answer: Exchange["answer"] = async (engine, from, signal) => {
    const input = await row.input(from);
    return await answerTo({ engine, from, signal, run: () => row.operation(engine)(input, signal) }, plan);
  };
  return { method: row.method, path: row.path, needs: row.needs ?? "nothing", fixed: row.fixed, answer };
}

/** A row of the contract as an exchange; `operation` finds it on an engine. */
export function fromRow(row: AnyRow, operation: (engine: Engine) => Operation): Exchange {
  const plan: Plan = {
    kind: row.answer,
    status: row.status,
    report: (report, from) => row.report === undefined ? report : row.report.encode(report, from),
    failure: failureLine,
    early: row.early ?? false,
  };
  const fields = Object.entries(row.fields);
  const needs = fields.find(([, field]) => field.needs !== "nothing")?.[1].needs;
  const answer: Exchange["answer"] = async (engine, from, signal) => {
    const input: Record<string, unknown> = {};
    for (const [key, field] of fields) {
      const value = field.decode(from);
      if (value !== undefined) input[key] = value;
    }
    return await answerTo({ engine, from, signal, run: () => operation(engine)(input, signal) }, plan);
  };
  const { method, path, fixed } = row;
  return { method, path, needs: needs ?? (fixed === undefined ? "nothing" : "json"), fixed, answer };
}

async function answerTo(call: Call, plan: Plan): Promise<Answer> {
  switch (plan.kind) {
    case "empty":
      await call.run();
      return { tag: "whole", status: plan.status ?? 204, headers: [], body: noBytes };
    case "exists":
      if (await call.run() !== true) throw new EngineError("notFound", `no object "${call.from.params.get("name")}"`);
      return { tag: "whole", status: 204, headers: [], body: noBytes };
    case "json":
      return jsonAnswer(plan.report(await call.run(), call.from), plan.status);
    case "ndjson":
      return await recordsAnswer(call, plan);
    case "bytes":
      return bytesAnswer(await call.run() as ReadableStream<Uint8Array>);
    case "frames":
      return await framesAnswer(call);
    case "duplex":
      return await duplexAnswer(call);
    default:
      return plan.kind satisfies never;
  }
}

export function jsonAnswer(value: unknown, status = 200): Answer {
  return { tag: "whole", status, headers: [json], body: encoder.encode(`${JSON.stringify(value)}\n`) };
}

/** Any failure as an answer. */
export function failureAnswer(error: unknown): Answer {
  const model = errorModel(error);
  return jsonAnswer(model, model.response);
}

function bytesAnswer(body: ReadableStream<Uint8Array>): Answer {
  return { tag: "stream", status: 200, headers: [["Content-Type", "application/x-tar"]], body };
}

/** Waits for the first record, so that an early failure is a status; unless the stream may stay silent for long. */
async function recordsAnswer(call: Call, plan: Plan): Promise<Answer> {
  const records = (await call.run() as AsyncIterable<unknown>)[Symbol.asyncIterator]();
  const first = records.next();
  first.catch(() => {});
  if (!plan.early) await first;
  return { tag: "stream", status: 200, headers: [json], body: recordLines(records, { first, call, plan }) };
}

async function* recordLines(
  records: AsyncIterator<unknown>,
  { first, call, plan }: { readonly first: Promise<IteratorResult<unknown>>; readonly call: Call; readonly plan: Plan },
): AsyncGenerator<Uint8Array, void> {
  try {
    for (let next = await first; !next.done; next = await records.next()) {
      const record = plan.report(next.value, call.from);
      if (record !== undefined) yield encoder.encode(`${JSON.stringify(record)}\n`);
    }
  } catch (error) {
    if (!call.signal.aborted) yield encoder.encode(`${JSON.stringify(plan.failure(error))}\n`);
  } finally {
    await records.return?.();
  }
}

/** Output of the past and, if followed, of what comes. Docker's clients get a terminal's without frames, libpod's never. */
async function framesAnswer(call: Call): Promise<Answer> {
  const { engine, from, signal } = call;
  const { Config } = await engine.containers.inspect({ name: from.params.get("name") ?? "" }, signal);
  const raw = Config.Tty && from.api.dialect === "docker";
  const frames = call.run() as AsyncIterable<Frame>;
  const headers: readonly Header[] = [["Content-Type", streamType({ terminal: raw, api: from.api })]];
  return { tag: "stream", status: 200, headers, body: frameBytes(frames, { raw, signal }) };
}

async function* frameBytes(
  frames: AsyncIterable<Frame>,
  { raw, signal }: { readonly raw: boolean; readonly signal: AbortSignal },
): AsyncGenerator<Uint8Array, void> {
  try {
    for await (const frame of frames) yield raw ? frame.data : encodeFrame(frame);
  } catch (error) {
    if (!raw && !signal.aborted) yield encodeFailure(errorModel(error).message);
  }
}

async function duplexAnswer(call: Call): Promise<Answer> {
  const { engine, from, signal } = call;
  const terminal = await hasTerminal(engine, from, signal);
  const line = await call.run() as Duplex;
  return hijacked(line, { terminal, upgrade: from.headers.has("upgrade"), api: from.api, signal });
}

async function hasTerminal(engine: Engine, { params }: Incoming, signal: AbortSignal): Promise<boolean> {
  const id = params.get("id");
  if (id !== undefined) return (await engine.containers.execInspect({ id }, signal)).ProcessConfig.tty;
  return (await engine.containers.inspect({ name: params.get("name") ?? "" }, signal)).Config.Tty;
}
