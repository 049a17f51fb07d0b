import { EngineError } from "../errors.ts";
import type { ProcessIdentity } from "../engine/container.ts";
import { type Child, start } from "../sys/child.ts";
import { isSysError } from "../sys/errno.ts";
import { type Fd, type OwnedFd, pipe, readAll, readSmallFile, setNonblock, writeAll } from "../sys/fd.ts";
import { startTime } from "../sys/proc.ts";
import { readSome } from "../sys/stream.ts";
import { joinCgroup } from "./cgroup.ts";
import { runtimeError } from "./runtime_error.ts";
import type { CreateRuntimeContainer, ExecRuntimeContainer, OciRuntime } from "./types.ts";

/** What conmon says on its pipes: a pid (or 0 for "ready"), or a negative number and the runtime's error. */
export type SyncAnswer = { readonly data: number; readonly message: string };

/** conmon's line: `{"data": 123}` or `{"data": -1, "message": "…"}`. `undefined` if it is none. */
export function parseSyncAnswer(line: string): SyncAnswer | undefined {
  try {
    // conmon copies bytes of the runtime unescaped where they are control characters.
    // deno-lint-ignore no-control-regex
    const value: unknown = JSON.parse(line.replaceAll(/[\x00-\x1f]/g, " "));
    if (typeof value !== "object" || value === null || !("data" in value)) return undefined;
    const message = "message" in value ? String(value.message) : "";
    return typeof value.data === "number" ? { data: value.data, message } : undefined;
  } catch {
    return undefined;
  }
}

type Pipe = { readonly read: OwnedFd; readonly write: OwnedFd };

/** A started conmon before its first answer. */
export type Monitor = AsyncDisposable & {
  readonly child: Child;
  /** One answer of the pipe `sync` or `attach`; throws what conmon or the runtime complained about. */
  readonly answer: (from: "sync" | "attach") => Promise<SyncAnswer>;
  /** Lets conmon go on, where it was started with a start pipe. */
  readonly proceed: () => void;
};

type StartMonitor = {
  readonly argv: readonly string[];
  readonly input: CreateRuntimeContainer | ExecRuntimeContainer;
  readonly heldFds: readonly Fd[];
  readonly attach: boolean;
};

/**
 * Starts conmon with its pipes. Descriptors: 3… those to be preserved for the container, then conmon's own, then those it
 * only holds.
 */
export function startMonitor(options: StartMonitor, signal?: AbortSignal): Monitor {
  using stack = new DisposableStack();
  const owned = (made: Pipe): Pipe => ({ read: stack.use(made.read), write: stack.use(made.write) });
  const { input } = options;
  const sync = owned(pipe());
  const startPipe = options.attach || input.conmonCgroup !== undefined ? owned(pipe()) : undefined;
  const attach = options.attach ? owned(pipe()) : undefined;
  const fds = new DescriptorTable(input.preservedFds ?? []);
  const env = {
    ...input.env,
    _OCI_SYNCPIPE: fds.add(sync.write),
    ...(startPipe === undefined ? {} : { _OCI_STARTPIPE: fds.add(startPipe.read) }),
    ...(attach === undefined ? {} : { _OCI_ATTACHPIPE: fds.add(attach.write) }),
  };
  for (const fd of options.heldFds) fds.add(fd);
  const stdio = input.log.driver === "passthrough" ? "inherit" : "null";
  const stderr = stdio === "inherit" ? "inherit" : "piped";
  const child = start(options.argv, { env, fds: fds.table, stdin: stdio, stdout: stdio, stderr });
  for (const end of [sync.write, startPipe?.read, attach?.write]) end?.[Symbol.dispose]();
  const lines = { sync: new LineReader(sync.read), attach: attach && new LineReader(attach.read) };
  const pipes = stack.move();
  const proceed = () => startPipe && writeAll(startPipe.write, new Uint8Array([0]));
  if (startPipe !== undefined) {
    if (input.conmonCgroup !== undefined) joinCgroup(input.conmonCgroup, child.pid);
    proceed();
  }
  return {
    child,
    proceed,
    answer: (from) => readAnswer({ lines: lines[from], child, runtime: input.handle.runtime }, signal),
    async [Symbol.asyncDispose]() {
      pipes.dispose();
      for (const fd of Object.values(child.pipes)) fd?.[Symbol.dispose]();
      // conmon has forked by now; this is its short-lived parent.
      await child.wait();
    },
  };
}

class DescriptorTable {
  readonly table = new Map<number, Fd>();
  #next = 3;

  constructor(preserved: readonly Fd[]) {
    for (const fd of preserved) this.add(fd);
  }

  add(fd: Fd): string {
    const number = this.#next++;
    this.table.set(number, fd);
    return String(number);
  }
}

/** Lines out of a pipe. */
class LineReader {
  #text = "";
  readonly #decoder = new TextDecoder();
  readonly #buffer = new Uint8Array(16384);

  constructor(readonly fd: OwnedFd) {
    setNonblock(fd, true);
  }

  /** The next line; at the end what is left, maybe "". */
  async next(signal?: AbortSignal): Promise<string> {
    for (;;) {
      const end = this.#text.indexOf("\n");
      if (end >= 0) return this.#take(end + 1);
      const count = await readSome(this.fd, this.#buffer, { signal });
      if (count === 0) return this.#take(this.#text.length);
      this.#text += this.#decoder.decode(this.#buffer.subarray(0, count), { stream: true });
    }
  }

  #take(length: number): string {
    const line = this.#text.slice(0, length);
    this.#text = this.#text.slice(length);
    return line;
  }
}

type AnswerSource = { readonly lines: LineReader | undefined; readonly child: Child; readonly runtime: OciRuntime };

async function readAnswer(source: AnswerSource, signal?: AbortSignal): Promise<SyncAnswer> {
  const line = await source.lines?.next(signal) ?? "";
  const answer = parseSyncAnswer(line);
  if (answer === undefined) throw await conmonError(source, line);
  if (answer.data >= 0) return answer;
  if (answer.message !== "") throw runtimeError(source.runtime, answer.message);
  throw new EngineError("runtime", `OCI runtime error: ${source.runtime.name}: exit without a message`);
}

/** conmon ended without an answer: its own words are on standard error. */
async function conmonError(source: AnswerSource, line: string): Promise<EngineError> {
  const ended = await source.child.wait();
  const { stderr } = source.child.pipes;
  let text = "";
  if (stderr !== undefined) {
    setNonblock(stderr, true);
    text = new TextDecoder().decode(readWhatIsThere(stderr)).trim();
  }
  const how = "code" in ended ? `exit status ${ended.code}` : `signal ${ended.signal}`;
  return new EngineError("runtime", `start conmon: ${text || line || `${how} without an answer`}`);
}

function readWhatIsThere(fd: OwnedFd): Uint8Array {
  try {
    return readAll(fd);
  } catch (error) {
    if (isSysError(error, "EAGAIN")) return new Uint8Array();
    throw error;
  }
}

/** The pid with its start time. A process that is gone already keeps start time 0, which no running one has. */
export function identify(pid: number): ProcessIdentity {
  return { pid, startTime: startTime(pid) ?? 0 };
}

/** conmon's identity from its pid file. */
export function identifyFromFile(path: string): ProcessIdentity {
  return identify(Number(readSmallFile(path).trim()));
}
