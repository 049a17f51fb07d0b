/** An engine for tests that does what the test says and notes what it was asked. */

import { EngineError } from "../lib/errors.ts";
import type { Duplex, Engine, Frame } from "../lib/engine/mod.ts";

export type Answers = { readonly [noun in keyof Engine]?: Partial<Engine[noun]> };

export type Call = readonly [operation: string, input: unknown];

export type FakeEngine = { readonly engine: Engine; readonly calls: Call[] };

/** Operations that `answers` lacks fail. */
export function fakeEngine(answers: Answers): FakeEngine {
  const calls: Call[] = [];
  const engine = {
    containers: noting("containers", answers.containers ?? {}, { calls }),
    images: noting("images", answers.images ?? {}, { calls }),
    volumes: noting("volumes", answers.volumes ?? {}, { calls }),
    networks: noting("networks", answers.networks ?? {}, { calls }),
    system: noting("system", answers.system ?? {}, { calls }),
  };
  return { engine: readEngine(engine), calls };
}

function readEngine(nouns: Readonly<Record<keyof Engine, object>>): Engine {
  return nouns as Engine;
}

const operations = {
  containers: [
    "create",
    "start",
    "stop",
    "kill",
    "wait",
    "remove",
    "list",
    "inspect",
    "exists",
    "logs",
    "attach",
    "resize",
    "execCreate",
    "execStart",
    "execStartDetached",
    "execInspect",
    "execResize",
    "execRemove",
    "cleanup",
  ],
  images: ["pull", "list", "inspect", "exists", "remove", "tag", "load", "save"],
  volumes: ["create", "list", "inspect", "exists", "remove"],
  networks: ["create", "list", "inspect", "exists", "remove"],
  system: ["info", "version", "ping", "events", "doctor"],
} as const;

function noting(noun: keyof typeof operations, answers: object, { calls }: { readonly calls: Call[] }): object {
  const given = new Map<string, (...operands: readonly unknown[]) => unknown>(Object.entries(answers));
  return Object.fromEntries(operations[noun].map((operation) => [operation, (input: unknown, signal: unknown) => {
    calls.push([`${noun}.${operation}`, input]);
    const answer = given.get(operation);
    if (answer === undefined) throw new EngineError("internal", `the test has no answer for ${noun}.${operation}`);
    return answer(input, signal);
  }]));
}

export type FakeLine = {
  readonly duplex: Duplex;
  /** What was written to it; `"<end>"` for the end of input. */
  readonly written: string[];
  readonly closed: () => boolean;
};

export type FakeLineOptions = {
  readonly ended?: "finished" | "detached";
  /** Goes on until then. */
  readonly until?: Promise<void>;
  /** Goes on until its input ends. */
  readonly echo?: boolean;
};

/** A line that says `frames` and ends. */
export function fakeLine(
  frames: readonly (readonly [Frame["stream"], string])[],
  { ended = "finished", until, echo = false }: FakeLineOptions = {},
): FakeLine {
  const written: string[] = [];
  const inputEnded = Promise.withResolvers<void>();
  let closed = false;
  async function* output(): AsyncGenerator<Frame> {
    for (const [stream, text] of frames) yield { stream, data: new TextEncoder().encode(text) };
    await until;
    if (echo) await inputEnded.promise;
  }
  const duplex: Duplex = {
    output: output(),
    ended: Promise.resolve(ended),
    write: (data) => Promise.resolve(void written.push(new TextDecoder().decode(data))),
    closeInput: () => {
      written.push("<end>");
      inputEnded.resolve();
      return Promise.resolve();
    },
    close: () => void (closed = true),
  };
  return { duplex, written, closed: () => closed };
}
