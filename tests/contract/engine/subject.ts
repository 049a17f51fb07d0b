/** What the contract's suites run on, and the few steps that most of their cases share. */

import type { CreateSpec, Duplex, Engine, Frame } from "../../../lib/engine/mod.ts";
import { EngineError, type ErrorKindName } from "../../../lib/errors.ts";
import assert from "node:assert/strict";

/** An engine with one image that has `sh`, `echo`, `cat`, `sleep` and `true`. */
export type Subject = AsyncDisposable & { readonly engine: Engine; readonly image: string };

/** Opens a fresh engine with an empty state but for the image. */
export type OpenSubject = () => Promise<Subject>;

export type Case = (subject: Subject) => Promise<void>;

/** Cases by sentence. */
export type Suite = Readonly<Record<string, Case>>;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function bytes(text: string): Uint8Array {
  return encoder.encode(text);
}

/** A container without network; `more` overrides. */
export function specOf(subject: Subject, command: readonly string[], more: Partial<CreateSpec> = {}): CreateSpec {
  return { image: subject.image, command, netns: { nsmode: "none" }, ...more };
}

/** Creates a container and gives its id. */
export async function created(
  subject: Subject,
  command: readonly string[],
  more: Partial<CreateSpec> = {},
): Promise<string> {
  return (await subject.engine.containers.create({ spec: specOf(subject, command, more) })).Id;
}

/** Creates and starts a container. */
export async function started(
  subject: Subject,
  command: readonly string[],
  more: Partial<CreateSpec> = {},
): Promise<string> {
  const name = await created(subject, command, more);
  await subject.engine.containers.start({ name });
  return name;
}

export type Said = { readonly stdout: string; readonly stderr: string };

/** All of an output as text. */
export async function said(output: AsyncIterable<Frame>): Promise<Said> {
  const parts = { stdout: "", stderr: "" };
  for await (const { stream, data } of output) parts[stream] += decoder.decode(data, { stream: true });
  return parts;
}

/** Reads until the output holds `text`; the line stays open. */
export async function until(line: Duplex, text: string): Promise<void> {
  const output = line.output[Symbol.asyncIterator]();
  for (let held = ""; !held.includes(text);) {
    const next = await output.next();
    assert.equal(next.done ?? false, false, `the output ended before "${text}": "${held}"`);
    if (!next.done) held += decoder.decode(next.value.data);
  }
}

/** The last value of a stream. */
export async function lastOf<T>(stream: AsyncIterable<T>): Promise<T | undefined> {
  let last: T | undefined;
  for await (const value of stream) last = value;
  return last;
}

/** The action must fail with an `EngineError` of `kind`. */
export async function fails(kind: ErrorKindName, action: () => Promise<unknown>): Promise<EngineError> {
  try {
    await action();
  } catch (error) {
    assert.ok(error instanceof EngineError, `not an EngineError: ${error}`);
    assert.equal(error.kind, kind, error.message);
    return error;
  }
  return assert.fail(`nothing failed; wanted ${kind}`);
}
