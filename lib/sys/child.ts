import { type Ended, reapChild, spawn } from "./_spawn.ts";
import { Errno, SysError } from "./errno.ts";
import { type Fd, O, open, type OwnedFd, pipe } from "./fd.ts";
import { programPath } from "./program.ts";
import { parseSignal, pidfdOpen, tryKill, waitForExit } from "./signal.ts";
import { readableFromFd, writableFromFd } from "./stream.ts";

export { type Ended, reapChild } from "./_spawn.ts";

/** A descriptor lent to the program, nothing (/dev/null), ours, or a pipe to it. */
export type Stdio = "null" | "inherit" | "piped" | Fd;

export type StartOptions = {
  /** The whole environment; without it the program gets ours. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly stdin?: Stdio;
  readonly stdout?: Stdio;
  readonly stderr?: Stdio;
  /** Descriptors that the program finds under the same number. */
  readonly inheritFds?: readonly Fd[];
  /** Descriptors that the program finds under the given number. */
  readonly fds?: ReadonlyMap<number, Fd>;
  readonly newSession?: boolean;
  readonly newProcessGroup?: boolean;
};

/** Our ends of the pipes to a program. */
export type Pipes = { readonly stdin?: OwnedFd; readonly stdout?: OwnedFd; readonly stderr?: OwnedFd };

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * A started program. `stdin`, `stdout` and `stderr` are there where "piped" was asked for; each becomes a stream when
 * first looked at, unless the descriptor in `pipes` is used itself.
 */
export class Child implements AsyncDisposable {
  readonly #pidfd: OwnedFd;
  #ended: Promise<Ended> | undefined;
  #over = false;
  #stdin: WritableStream<Bytes> | undefined;
  #stdout: ReadableStream<Bytes> | undefined;
  #stderr: ReadableStream<Bytes> | undefined;

  constructor(readonly argv: readonly string[], readonly pid: number, readonly pipes: Pipes) {
    this.#pidfd = pidfdOpen(pid);
  }

  get stdin(): WritableStream<Bytes> {
    return this.#stdin ??= writableFromFd(present(this.pipes.stdin, "stdin"));
  }

  get stdout(): ReadableStream<Bytes> {
    return this.#stdout ??= readableFromFd(present(this.pipes.stdout, "stdout"));
  }

  get stderr(): ReadableStream<Bytes> {
    return this.#stderr ??= readableFromFd(present(this.pipes.stderr, "stderr"));
  }

  /** Resolves when the program has ended and is reaped; may be called any number of times. */
  wait(): Promise<Ended> {
    this.#ended ??= this.#waitOnce();
    return this.#ended;
  }

  async #waitOnce(): Promise<Ended> {
    for (;;) {
      const ended = reapChild(this.pid);
      if (ended === undefined) {
        await waitForExit(this.#pidfd);
        continue;
      }
      this.#over = true;
      this.#pidfd[Symbol.dispose]();
      return ended;
    }
  }

  /** Signals the program; false when it has ended. */
  kill(signal: number | string = "SIGTERM"): boolean {
    const number = typeof signal === "number" ? signal : parseSignal(signal);
    if (number === undefined) throw new SysError("kill", Errno.EINVAL, String(signal));
    return !this.#over && tryKill(this.pid, number);
  }

  /** Kills what is still running. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.kill("SIGKILL");
    await this.wait();
    for (const fd of Object.values(this.pipes)) fd?.[Symbol.dispose]();
  }
}

function present<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new TypeError(`${name} of the program is not piped`);
  return value;
}

/** Starts `argv[0]`, looked up in the search path unless it has a slash. ENOENT when there is no such program. */
export function start(argv: readonly string[], options: StartOptions = {}): Child {
  using stack = new DisposableStack();
  const ends = {
    stdin: openStdio(stack, 0, options.stdin),
    stdout: openStdio(stack, 1, options.stdout),
    stderr: openStdio(stack, 2, options.stderr),
  };
  const fds = new Map<number, Fd>([[0, ends.stdin.child], [1, ends.stdout.child], [2, ends.stderr.child]]);
  for (const fd of options.inheritFds ?? []) fds.set(typeof fd === "number" ? fd : fd.value, fd);
  for (const [number, fd] of options.fds ?? []) fds.set(number, fd);
  const pid = spawn({
    program: programPath(argv[0] ?? ""),
    argv,
    environment: options.env ?? Deno.env.toObject(),
    cwd: options.cwd,
    fds,
    newSession: options.newSession,
    newProcessGroup: options.newProcessGroup,
  });
  return new Child(argv, pid, { stdin: ends.stdin.ours, stdout: ends.stdout.ours, stderr: ends.stderr.ours });
}

type StdioEnds = { readonly child: Fd; readonly ours?: OwnedFd };

/** The child's end is closed by `stack`; ours lives on. */
function openStdio(stack: DisposableStack, number: number, stdio: Stdio = "null"): StdioEnds {
  if (stdio === "inherit") return { child: number };
  if (stdio === "null") return { child: stack.use(open("/dev/null", O.RDWR)) };
  if (stdio !== "piped") return { child: stdio };
  const ends = pipe();
  const child = stack.use(number === 0 ? ends.read : ends.write);
  return { child, ours: number === 0 ? ends.write : ends.read };
}
