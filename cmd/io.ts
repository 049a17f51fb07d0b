/**
 * The only door of commands to terminal, files, signals and clock. Writes are synchronous, so that what was printed is out
 * before the exit code is; a reader that went away ends the command quietly.
 */

import type { WindowSize } from "../lib/engine/mod.ts";

export type Output = {
  readonly write: (data: string | Uint8Array) => void;
  readonly isTerminal: () => boolean;
};

export type Input = {
  readonly isTerminal: () => boolean;
  /** What is typed or piped in, as it comes. Ends with the input or with the signal. */
  readonly chunks: (signal: AbortSignal) => AsyncIterable<Uint8Array>;
  readonly stream: () => ReadableStream<Uint8Array>;
  /** Every byte as typed, and output untouched, until disposed. */
  readonly rawMode: () => Promise<Disposable>;
};

export type Files = {
  readonly exists: (path: string) => Promise<boolean>;
  readonly readText: (path: string) => Promise<string>;
  readonly readTextSync: (path: string) => string;
  readonly workingDirectory: () => string;
  readonly read: (path: string) => Promise<ReadableStream<Uint8Array>>;
  /** Fails with `AlreadyExists` if the file is there. */
  readonly createText: (path: string, text: string) => Promise<void>;
  /** Replaces the file; for a device or pipe writes into it. */
  readonly write: (path: string, content: ReadableStream<Uint8Array>) => Promise<void>;
  readonly makeDirectory: (path: string) => Promise<void>;
};

export type Io = {
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly files: Files;
  /** Of the terminal on standard output or input; null without one. */
  readonly terminalSize: () => WindowSize | null;
  /** Calls `handler` for each signal until the returned function is called. */
  readonly onSignal: (signal: Deno.Signal, handler: () => void) => () => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
};

/** The reader of standard output went away: end without a word, as a program that SIGPIPE kills. */
export class OutputClosed extends Error {
  override readonly name = "OutputClosed";
  readonly exitCode = 141;
}

/** Why a file could not be opened, in the C library's words. */
export function fileReason(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "no such file or directory";
  if (error instanceof Deno.errors.PermissionDenied) return "permission denied";
  if (error instanceof Deno.errors.IsADirectory) return "is a directory";
  if (error instanceof Deno.errors.NotADirectory) return "not a directory";
  if (error instanceof Deno.errors.AlreadyExists) return "file exists";
  return error instanceof Error ? error.message.replace(/ \(os error \d+\)$/, "").toLowerCase() : String(error);
}

export type IoOptions = {
  /** A file in place of standard output (`--out`). */
  readonly out?: string;
  /** Throw standard output away (`--noout`). */
  readonly silent?: boolean;
  /** The whole of raw mode; without it the runtime's, which goes on translating line feeds of output. */
  readonly rawMode?: () => Promise<Disposable>;
};

/** The real thing. */
export function openIo(options: IoOptions = {}): Io {
  return {
    stdin: realInput(options),
    stdout: realStdout(options),
    stderr: fileOutput(Deno.stderr),
    files: realFiles,
    terminalSize,
    onSignal,
    now: () => Date.now(),
    sleep,
  };
}

type Sink = { writeSync(data: Uint8Array): number; isTerminal(): boolean };

function realStdout(options: IoOptions): Output {
  if (options.silent === true) return { write: () => {}, isTerminal: () => false };
  if (options.out === undefined || options.out === "") return fileOutput(Deno.stdout);
  return fileOutput(Deno.openSync(options.out, { write: true, create: true, truncate: true, mode: 0o644 }));
}

function fileOutput(sink: Sink): Output {
  const encoder = new TextEncoder();
  return {
    write: (data) => writeAll(sink, typeof data === "string" ? encoder.encode(data) : data),
    isTerminal: () => sink.isTerminal(),
  };
}

function writeAll(sink: Sink, data: Uint8Array): void {
  for (let rest = data; rest.length > 0;) {
    try {
      rest = rest.subarray(sink.writeSync(rest));
    } catch (error) {
      if (error instanceof Deno.errors.BrokenPipe) throw new OutputClosed("write output: its reader went away");
      if (!(error instanceof Deno.errors.WouldBlock)) throw error;
      waitABit();
    }
  }
}

/** Another program made our output non-blocking: nothing to poll with from here, so try again in a millisecond. */
function waitABit(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
}

function realInput({ rawMode = runtimeRawMode }: IoOptions): Input {
  return {
    isTerminal: () => Deno.stdin.isTerminal(),
    chunks: readInput,
    stream: () => Deno.stdin.readable,
    rawMode,
  };
}

function runtimeRawMode(): Promise<Disposable> {
  Deno.stdin.setRaw(true);
  return Promise.resolve({ [Symbol.dispose]: () => Deno.stdin.setRaw(false) });
}

async function* readInput(signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const stopped = new Promise<null>((resolve) => signal.addEventListener("abort", () => resolve(null), { once: true }));
  while (!signal.aborted) {
    const buffer = new Uint8Array(32 * 1024);
    const count = await Promise.race([Deno.stdin.read(buffer), stopped]);
    if (count === null) return;
    yield buffer.subarray(0, count);
  }
}

function terminalSize(): WindowSize | null {
  try {
    const { columns, rows } = Deno.consoleSize();
    return columns > 0 && rows > 0 ? { width: columns, height: rows } : null;
  } catch {
    return null;
  }
}

function onSignal(signal: Deno.Signal, handler: () => void): () => void {
  Deno.addSignalListener(signal, handler);
  return () => Deno.removeSignalListener(signal, handler);
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}

const realFiles: Files = {
  exists: async (path) => {
    try {
      await Deno.lstat(path);
      return true;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    }
  },
  readText: (path) => Deno.readTextFile(path),
  readTextSync: (path) => Deno.readTextFileSync(path),
  workingDirectory: () => Deno.cwd(),
  read: async (path) => {
    if ((await Deno.stat(path)).isDirectory) throw new Deno.errors.IsADirectory(path);
    return (await Deno.open(path)).readable;
  },
  createText: (path, text) => Deno.writeTextFile(path, text, { createNew: true }),
  write: async (path, content) => {
    const file = await Deno.open(path, { write: true, create: true, truncate: true, mode: 0o644 });
    await content.pipeTo(file.writable);
  },
  makeDirectory: (path) => Deno.mkdir(path, { recursive: true, mode: 0o755 }),
};
