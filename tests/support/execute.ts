/** Starts programs for the tests from outside: argv and environment whole, output captured, always with a time limit. */

export type Result = { readonly code: number; readonly stdout: string; readonly stderr: string };

export type Execution = {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What the program reads; nothing (the end of input at once) unless said. */
  readonly input?: string | Uint8Array<ArrayBuffer>;
  readonly seconds?: number;
};

/** Long enough for two slow cores, short enough to end a run that hangs. */
const defaultSeconds = 60;

export const plainEnvironment: Readonly<Record<string, string>> = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  LANG: "C.UTF-8",
};

/** Runs `argv` to its end. A program that outlives its limit is killed and the call throws with what it had said. */
export async function execute(argv: readonly string[], options: Execution = {}): Promise<Result> {
  await using running = start(argv, options);
  return await running.result;
}

/** Runs `argv` and gives its standard output, without the last newline; throws unless it ends with 0. */
export async function mustExecute(argv: readonly string[], options: Execution = {}): Promise<string> {
  const result = await execute(argv, options);
  if (result.code !== 0) throw new Error(`${argv.join(" ")}: exit code ${result.code}: ${result.stderr}`);
  return result.stdout.replace(/\n$/, "");
}

/** A program that goes on while the test looks at it. */
export type Running = AsyncDisposable & {
  readonly pid: number;
  readonly result: Promise<Result>;
  /** The output so far. */
  readonly seen: () => string;
  /** Resolves as soon as standard output and error together match. */
  readonly saw: (pattern: RegExp) => Promise<void>;
  readonly write: (text: string) => Promise<void>;
  readonly endInput: () => Promise<void>;
  readonly kill: (signal: Deno.Signal) => void;
};

/** Starts `argv`; with `input: undefined` its standard input stays open until `endInput`. */
export function start(argv: readonly string[], options: Execution & { readonly keepInput?: boolean } = {}): Running {
  const [command, ...args] = argv;
  if (command === undefined) throw new Error("starting nothing");
  const child = new Deno.Command(command, {
    args,
    cwd: options.cwd,
    env: { ...plainEnvironment, ...options.env },
    clearEnv: true,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const seconds = options.seconds ?? defaultSeconds;
  const output = new Output(child, { title: argv.join(" "), seconds });
  const writer = child.stdin.getWriter();
  const endInput = () => writer.close().catch(() => {});
  const write = (data: Uint8Array<ArrayBuffer>) => writer.write(data).catch(() => {});
  const kill = (signal: Deno.Signal) => {
    if (!output.ended) child.kill(signal);
  };
  if (options.input !== undefined) write(toBytes(options.input)).then(endInput);
  else if (options.keepInput !== true) endInput();
  return {
    pid: child.pid,
    result: output.result,
    seen: () => output.text(),
    saw: (pattern) => output.saw(pattern),
    write: (text) => write(toBytes(text)),
    endInput,
    kill,
    [Symbol.asyncDispose]: async () => {
      kill("SIGKILL");
      await endInput();
      await output.result.catch(() => {});
    },
  };
}

class Output {
  readonly result: Promise<Result>;
  ended = false;
  #stdout = "";
  #stderr = "";
  #waiting: { pattern: RegExp; done: () => void; fail: (error: Error) => void }[] = [];
  readonly #title: string;

  constructor(child: Deno.ChildProcess, { title, seconds }: { readonly title: string; readonly seconds: number }) {
    this.#title = title;
    this.result = this.#collect(child, seconds);
    this.result.catch(() => {});
  }

  text(): string {
    return this.#stdout + this.#stderr;
  }

  saw(pattern: RegExp): Promise<void> {
    if (pattern.test(this.text())) return Promise.resolve();
    if (this.ended) return Promise.reject(this.#unseen(pattern));
    return new Promise((done, fail) => this.#waiting.push({ pattern, done, fail }));
  }

  async #collect(child: Deno.ChildProcess, seconds: number): Promise<Result> {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill("SIGKILL");
      for (const stream of readers) stream.cancel().catch(() => {});
    }, seconds * 1000);
    const readers = [child.stdout.getReader(), child.stderr.getReader()];
    const pumps = [
      pump(readers[0], (text) => this.#add(() => this.#stdout += text)),
      pump(readers[1], (text) => this.#add(() => this.#stderr += text)),
    ];
    const status = await child.status;
    await Promise.all(pumps);
    clearTimeout(timer);
    this.ended = true;
    for (const { pattern, fail } of this.#waiting) fail(this.#unseen(pattern));
    this.#waiting = [];
    if (late) throw new Error(`${this.#title}: not ended after ${seconds} seconds: ${this.text()}`);
    return { code: status.code, stdout: this.#stdout, stderr: this.#stderr };
  }

  #unseen(pattern: RegExp): Error {
    return new Error(`${this.#title}: ended without ${pattern}: ${this.text()}`);
  }

  #add(append: () => void): void {
    append();
    const text = this.text();
    const met = this.#waiting.filter(({ pattern }) => pattern.test(text));
    this.#waiting = this.#waiting.filter((one) => !met.includes(one));
    for (const { done } of met) done();
  }
}

async function pump(
  reader: ReadableStreamDefaultReader<Uint8Array> | undefined,
  take: (text: string) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  while (reader !== undefined) {
    const { done, value } = await reader.read();
    if (done) return;
    take(decoder.decode(value, { stream: true }));
  }
}

function toBytes(input: string | Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return typeof input === "string" ? new TextEncoder().encode(input) : input;
}

/** Asks `condition` again and again until it holds: for what has no event to wait for from outside. */
export async function until(
  what: string,
  condition: () => Promise<boolean> | boolean,
  { seconds = 30 }: { readonly seconds?: number } = {},
): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!await condition()) {
    if (Date.now() > end) throw new Error(`waiting for ${what}: not within ${seconds} seconds`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
