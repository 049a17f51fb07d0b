/** A terminal, files and a clock for tests. */

import type { WindowSize } from "../lib/engine/mod.ts";
import type { Io } from "./io.ts";

export type FakeIoOptions = {
  readonly stdin?: readonly string[];
  /** Stays open after what it has. */
  readonly stdinOpen?: boolean;
  readonly terminal?: boolean;
  readonly size?: WindowSize;
  readonly files?: Readonly<Record<string, string>>;
  readonly now?: string;
};

export type FakeIo = {
  readonly io: Io;
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly files: Map<string, string>;
  /** What happened to the terminal, in order. */
  readonly terminal: string[];
  /** Sends a signal to whoever listens; true if someone does. */
  readonly send: (signal: string) => boolean;
};

/** All output is kept, all signals come by `send`. */
export function fakeIo(options: FakeIoOptions = {}): FakeIo {
  const out: string[] = [];
  const err: string[] = [];
  const terminal: string[] = [];
  const files = new Map(Object.entries(options.files ?? {}));
  const handlers = new Map<string, () => void>();
  const isTerminal = () => options.terminal === true;
  const io: Io = {
    stdin: {
      isTerminal,
      chunks: (signal) => chunks(options, signal),
      stream: () => streamOf((options.stdin ?? []).join("")),
      rawMode: () => {
        terminal.push("raw");
        return Promise.resolve({ [Symbol.dispose]: () => void terminal.push("cooked") });
      },
    },
    stdout: { write: writer(out), isTerminal },
    stderr: { write: writer(err), isTerminal },
    files: fakeFiles(files),
    terminalSize: () => options.size ?? null,
    onSignal: (signal, handler) => {
      handlers.set(signal, handler);
      return () => void handlers.delete(signal);
    },
    now: () => Date.parse(options.now ?? "2026-01-02T03:04:05Z"),
    sleep: () => Promise.resolve(),
  };
  const send = (signal: string) => {
    handlers.get(signal)?.();
    return handlers.has(signal);
  };
  return { io, stdout: () => out.join(""), stderr: () => err.join(""), files, terminal, send };
}

function writer(to: string[]): (data: string | Uint8Array) => void {
  const decoder = new TextDecoder();
  return (data) => void to.push(typeof data === "string" ? data : decoder.decode(data, { stream: true }));
}

async function* chunks(options: FakeIoOptions, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for (const text of options.stdin ?? []) yield new TextEncoder().encode(text);
  if (options.stdinOpen !== true || signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

function streamOf(text: string): ReadableStream<Uint8Array> {
  return new Blob([text]).stream();
}

function fakeFiles(files: Map<string, string>): Io["files"] {
  const read = (path: string) => {
    const text = files.get(path);
    if (text === undefined) throw new Deno.errors.NotFound(path);
    return text;
  };
  return {
    exists: (path) => Promise.resolve(files.has(path)),
    readText: (path) => Promise.resolve(path).then(read),
    readTextSync: read,
    workingDirectory: () => "/here",
    read: (path) => Promise.resolve(path).then((path) => streamOf(read(path))),
    createText: (path, text) => Promise.resolve(void files.set(path, text)),
    write: async (path, content) => void files.set(path, await new Response(content).text()),
    makeDirectory: (path) => Promise.resolve(void files.set(`${path}/`, "")),
  };
}
