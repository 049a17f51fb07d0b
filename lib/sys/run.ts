import { quoteArgv } from "./_argv.ts";
import { type Child, type Ended, start, type StartOptions } from "./child.ts";
import { isSysError } from "./errno.ts";
import { type OwnedFd, setNonblock, tryRead } from "./fd.ts";
import { readable } from "./reactor.ts";
import { signalName } from "./signal.ts";
import { writeEverything } from "./stream.ts";

export type RunOptions = StartOptions & {
  /** Written to the program's standard input, which is then closed. */
  readonly input?: string | Uint8Array<ArrayBuffer>;
  /** After this the program gets SIGTERM, and two seconds later SIGKILL. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
};

/** How a program that `run` started came to its end. */
export type RunEnded = Ended | { readonly timedOut: true };

/** A program that failed: ended with another code than 0, by a signal, or too late. */
export class ProcessError extends Error {
  override readonly name = "ProcessError";
  readonly argv: readonly string[];
  readonly ended: RunEnded;
  /** The last 8 KiB of what it wrote to standard error. */
  readonly stderr: string;
  readonly stdout: string;

  constructor(
    input: {
      readonly argv: readonly string[];
      readonly ended: RunEnded;
      readonly stderr: string;
      readonly stdout?: string;
    },
  ) {
    const lastLine = input.stderr.trimEnd().split("\n").at(-1) ?? "";
    super(`${quoteArgv(input.argv)}: ${lastLine === "" ? describeEnd(input.ended) : lastLine}`);
    this.argv = input.argv;
    this.ended = input.ended;
    this.stderr = input.stderr;
    this.stdout = input.stdout ?? "";
  }

  /** The command line, to be pasted into a shell. */
  get command(): string {
    return quoteArgv(this.argv);
  }
}

/** "exit status 1", "killed by SIGKILL", "timed out". */
export function describeEnd(ended: RunEnded): string {
  if ("timedOut" in ended) return "timed out";
  return "code" in ended ? `exit status ${ended.code}` : `killed by ${signalName(ended.signal)}`;
}

/** What a program wrote, as text; "" where the stream was not piped. */
export type RunOutput = { readonly stdout: string; readonly stderr: string };

/**
 * Runs a program to its end and returns what it wrote. Standard output and error are piped and standard input is empty
 * unless told otherwise. Done when the program itself has ended, even if one that it left behind keeps its output open.
 * Throws `ProcessError`; `SysError` when it cannot be started; the signal's reason when aborted (the program is then
 * ended too).
 */
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<RunOutput> {
  const { stdout, stderr } = await runBytes(argv, options);
  return { stdout: new TextDecoder().decode(stdout), stderr };
}

/** As `run`, with standard output as bytes. */
export async function runBytes(
  argv: readonly string[],
  options: RunOptions = {},
): Promise<{ readonly stdout: Uint8Array<ArrayBuffer>; readonly stderr: string }> {
  options.signal?.throwIfAborted();
  const child = start(argv, {
    ...options,
    stdin: options.stdin ?? (options.input === undefined ? "null" : "piped"),
    stdout: options.stdout ?? "piped",
    stderr: options.stderr ?? "piped",
  });
  const sinks = { stdout: new Sink(child.pipes.stdout), stderr: new Sink(child.pipes.stderr) };
  const fed = feed(child, options.input);
  const ended = await waitWithin(child, options);
  const stdout = await sinks.stdout.finish();
  const stderrBytes = await sinks.stderr.finish();
  await fed;
  const stderr = new TextDecoder().decode(stderrBytes);
  options.signal?.throwIfAborted();
  if ("code" in ended && ended.code === 0) return { stdout, stderr };
  throw new ProcessError({ argv, ended, stderr: stderr.slice(-8192), stdout: new TextDecoder().decode(stdout) });
}

/** Collects what comes through a pipe. */
class Sink {
  readonly #chunks: Uint8Array<ArrayBuffer>[] = [];
  readonly #stop = new AbortController();
  readonly #pumped: Promise<void>;
  #atEnd = false;

  constructor(readonly fd: OwnedFd | undefined) {
    this.#pumped = fd === undefined ? Promise.resolve() : this.#pump(fd);
  }

  async #pump(fd: OwnedFd): Promise<void> {
    setNonblock(fd, true);
    while (!this.#atEnd && !this.#stop.signal.aborted) {
      this.#drain(fd);
      if (!this.#atEnd) await readable(fd, { signal: this.#stop.signal }).catch(() => {});
    }
  }

  /** Reads what is there now. */
  #drain(fd: OwnedFd): void {
    const buffer = new Uint8Array(65536);
    for (let count = tryRead(fd, buffer); count !== undefined; count = tryRead(fd, buffer)) {
      if (count === 0) {
        this.#atEnd = true;
        return;
      }
      this.#chunks.push(buffer.slice(0, count));
    }
  }

  /** Called when the writer has ended: what it wrote is in the pipe by now. */
  async finish(): Promise<Uint8Array<ArrayBuffer>> {
    this.#stop.abort();
    await this.#pumped;
    if (this.fd !== undefined && !this.#atEnd) this.#drain(this.fd);
    this.fd?.[Symbol.dispose]();
    return joinChunks(this.#chunks);
  }
}

function joinChunks(chunks: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const [first] = chunks;
  if (chunks.length === 1 && first !== undefined) return first;
  const all = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    all.set(chunk, offset);
    offset += chunk.length;
  }
  return all;
}

/** A program may end without reading all of its input. */
async function feed(child: Child, input: string | Uint8Array<ArrayBuffer> | undefined): Promise<void> {
  using fd = child.pipes.stdin;
  if (fd === undefined || input === undefined) return;
  setNonblock(fd, true);
  try {
    await writeEverything(fd, typeof input === "string" ? new TextEncoder().encode(input) : input);
  } catch (error) {
    if (!isSysError(error, "EPIPE")) throw error;
  }
}

const graceMs = 2000;

async function waitWithin(child: Child, options: RunOptions): Promise<RunEnded> {
  if (options.timeoutMs === undefined && options.signal === undefined) return await child.wait();
  let timedOut = false;
  let killTimer: number | undefined;
  const end = () => {
    child.kill("SIGTERM");
    killTimer ??= setTimeout(() => child.kill("SIGKILL"), graceMs);
  };
  const expire = () => {
    timedOut = true;
    end();
  };
  const timer = options.timeoutMs === undefined ? undefined : setTimeout(expire, options.timeoutMs);
  options.signal?.addEventListener("abort", end, { once: true });
  try {
    const ended = await child.wait();
    return timedOut ? { timedOut: true } : ended;
  } finally {
    options.signal?.removeEventListener("abort", end);
    clearTimeout(timer);
    clearTimeout(killTimer);
  }
}
