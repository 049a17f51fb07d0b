import type { Sys } from "./sys.ts";

/** A call that a recorder saw. */
export type RecordedCall = { readonly name: string; readonly args: readonly unknown[] };

/** The scripted answers, each callable as the real thing, and the calls in order. */
export type Recorder<Names extends keyof Sys> = {
  readonly sys: Pick<Sys, Names>;
  readonly calls: RecordedCall[];
};

type Answer = (...args: never[]) => unknown;

/**
 * A stand-in for a part of `Sys` in tests: `script` has a function per name that answers (or throws a `SysError`);
 * every call is recorded before it is answered.
 *
 *     const { sys, calls } = recordSys({ mount: () => {}, umount: () => { throw new SysError("umount", 16) } });
 */
export function recordSys<Names extends keyof Sys>(script: Pick<Sys, Names>): Recorder<Names> {
  const calls: RecordedCall[] = [];
  return { sys: recordCalls(script, calls), calls };
}

/** As `recordSys`, for any object of functions, noting into a list that several recorders may share. */
export function recordCalls<T extends object>(script: T, calls: RecordedCall[]): T {
  const recording: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(script)) {
    recording[name] = typeof value === "function" ? recorded({ name, answer: value as Answer }, calls) : value;
  }
  return recording as T;
}

function recorded(call: { readonly name: string; readonly answer: Answer }, calls: RecordedCall[]): Answer {
  return (...args) => {
    calls.push({ name: call.name, args });
    return call.answer(...args);
  };
}
