/**
 * The terminal's side of an attached process: raw mode, size, signals, input with half-close, output. Written for a
 * container and for a session of `exec` alike; both are a `Duplex` with ways to resize and to signal.
 */

import type { Duplex, WindowSize } from "../../lib/engine/mod.ts";
import type { Io } from "../io.ts";

export type Line = {
  readonly duplex: Duplex;
  /** It has a terminal. */
  readonly tty: boolean;
  /** Hand our input over. */
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  /** What lets it run, once the line is there; absent: it runs already. */
  readonly begin?: () => Promise<void>;
  readonly resize: (size: WindowSize) => Promise<void>;
  /** Absent: signals are not passed on. */
  readonly kill?: (signal: string) => Promise<void>;
};

/** Those that people and supervisors send; the rest keep their meaning for us. */
const proxied: readonly Deno.Signal[] = [
  "SIGHUP",
  "SIGINT",
  "SIGQUIT",
  "SIGTERM",
  "SIGUSR1",
  "SIGUSR2",
  "SIGALRM",
  "SIGCONT",
  "SIGTSTP",
];

/** Talks until the process has ended or the keys to detach were typed. Leaves terminal and signals as they were. */
export async function talk(io: Io, line: Line): Promise<"finished" | "detached"> {
  using undo = new DisposableStack();
  undo.defer(() => line.duplex.close());
  const stop = new AbortController();
  undo.defer(() => stop.abort());
  if (line.kill !== undefined) proxySignals(io, line.kill, { undo });
  if (line.tty) await followSize(io, line, { undo });
  if (line.tty && line.stdin && io.stdin.isTerminal()) {
    undo.use(await io.stdin.rawMode());
  }
  const input = line.stdin ? pumpInput(io, line.duplex, { signal: stop.signal }) : undefined;
  input?.catch(() => {});
  await line.begin?.();
  for await (const frame of line.duplex.output) {
    if (frame.stream === "stdout" ? line.stdout : line.stderr) io[frame.stream].write(frame.data);
  }
  return await line.duplex.ended;
}

type Undo = { readonly undo: DisposableStack };

function proxySignals(io: Io, kill: (signal: string) => Promise<void>, { undo }: Undo): void {
  for (const signal of proxied) {
    // It may have ended while the signal was under way.
    undo.defer(io.onSignal(signal, () => void kill(signal.slice(3)).catch(() => {})));
  }
}

async function followSize(io: Io, line: Line, { undo }: Undo): Promise<void> {
  const tell = async (): Promise<void> => {
    const size = io.terminalSize();
    // A process that is gone has no size any more.
    if (size !== null) await line.resize(size).catch(() => {});
  };
  if (io.terminalSize() === null) return;
  undo.defer(io.onSignal("SIGWINCH", () => void tell()));
  await tell();
}

/** Hands input over until it ends; a process that no longer reads is no failure. */
async function pumpInput(io: Io, duplex: Duplex, { signal }: { readonly signal: AbortSignal }): Promise<void> {
  for await (const chunk of io.stdin.chunks(signal)) await duplex.write(chunk);
  if (!signal.aborted) await duplex.closeInput();
}
