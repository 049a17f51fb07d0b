/** The words in which the tests from outside are written. */

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import type { Result } from "./execute.ts";
import { isPodman, Place, program, type Where } from "./place.ts";

export type Options = {
  /** Why Podman does not meet the expectation and is not meant to. */
  readonly onlyBeluga?: string;
};

export type Test = (name: string, body: (place: Place) => Promise<void>, options?: Options) => void;

export type Setting = {
  readonly wheres: readonly Where[];
  /** What every test of the suite finds done in its place. */
  readonly prepare?: (place: Place) => Promise<void>;
  /** Containers stay when a test fails, because they were prepared for all; otherwise they go, to spare the next. */
  readonly keep?: boolean;
};

/** Opens the places of a suite when its file's tests begin; the function it gives declares a test once for each place. */
export function suite(title: string, setting: Setting): Test {
  const places = setting.wheres.map((where) => openedPlace(new Place(where), setting));
  return (name, body, options = {}) => {
    const ignore = options.onlyBeluga !== undefined && isPodman;
    for (const opened of places) {
      const full = `${title}: ${name} [${opened.place.name}]`;
      // Registries and keepers of namespaces go on from test to test; what they hold is no leak.
      const lives = { sanitizeOps: false, sanitizeResources: false };
      Deno.test({ name: full, ignore, ...lives, fn: async () => await attempt(await opened.use(), body, setting) });
    }
  };
}

async function attempt(place: Place, body: (place: Place) => Promise<void>, { keep }: Setting): Promise<void> {
  try {
    await body(place);
  } catch (error) {
    if (keep !== true) await place.run(["rm", "-f", "-a", "-t", "0"]).catch(() => {});
    throw error;
  }
}

type Opened = { readonly place: Place; readonly use: () => Promise<Place> };

function openedPlace(place: Place, { prepare }: Setting): Opened {
  let failure: unknown;
  const open = async () => {
    if (!existsSync(program)) throw new Error(`"${program}" is not there: build it with "deno task build"`);
    await place.open();
    await prepare?.(place);
  };
  Deno.test.beforeAll(() => open().catch((error) => failure = error));
  Deno.test.afterAll(() => place[Symbol.asyncDispose]());
  const use = () => failure === undefined ? Promise.resolve(place) : Promise.reject(failure);
  return { place, use };
}

/** A value that differs between the two on purpose. */
export function byProgram<T>(values: { readonly beluga: T; readonly podman: T; readonly because: string }): T {
  return isPodman ? values.podman : values.beluga;
}

/** The lines of `text`, without the empty one at the end. */
export function lines(text: string): readonly string[] {
  const trimmed = text.replace(/\n$/, "");
  return trimmed === "" ? [] : trimmed.split("\n");
}

/** Asserts that a command failed with `code` and one line on standard error that matches. */
export function assertFails(result: Result, { code, error }: { readonly code: number; readonly error: RegExp }): void {
  const told = `exit code ${result.code}, standard error: ${result.stderr}`;
  assert.equal(result.code, code, told);
  assert.match(result.stderr, error, told);
  // Attempts to be repeated are told on lines of their own, with their time; wrong words get a hint, as Podman's do.
  const failures = lines(result.stderr).filter((line) => !/^(time=|Try '.* --help' |See '.* --help'$)/.test(line));
  if (!isPodman) assert.equal(failures.length, 1, `one line is meant: ${result.stderr}`);
}

/** Asserts exit code and output at once, so that a failure tells both. */
export function assertResult(result: Result, wanted: Partial<Result>): void {
  const want: Record<string, unknown> = { code: 0, ...wanted };
  const got = Object.fromEntries(Object.keys(want).map((key) => [key, result[key as keyof Result]]));
  const told = `${brief(got)}, wanted ${brief(want)}; standard error: ${result.stderr.slice(0, 400)}`;
  assert.deepEqual(got, want, told);
}

function brief(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}
