/** Runs a command line against fakes, as `main.ts` would. */

import { loadConfig } from "../lib/config/load_config.ts";
import { type Answers, type Call, fakeEngine } from "./_fake_engine.ts";
import { type FakeIo, fakeIo, type FakeIoOptions } from "./_fake_io.ts";
import { CommandFailure } from "./command.ts";
import { resolveCommand } from "./resolve.ts";
import { EngineError } from "../lib/errors.ts";

export type Outcome = {
  readonly code: number;
  readonly stdout: string;
  /** With the complaints that `main.ts` would print. */
  readonly stderr: string;
  readonly calls: readonly Call[];
  readonly io: FakeIo;
};

export type CommandRun = Answers & { readonly io?: FakeIoOptions; readonly env?: Readonly<Record<string, string>> };

/** What the program would print and exit with. */
export async function runCommandLine(argv: readonly string[], run: CommandRun = {}): Promise<Outcome> {
  const io = fakeIo(run.io);
  const { engine, calls } = fakeEngine(run);
  const { code, errors } = await attempt(argv, run, { io, engine });
  const complaints = errors.map((error) => `Error: ${error instanceof Error ? error.message : String(error)}\n`);
  return { code, stdout: io.stdout(), stderr: io.stderr() + complaints.join(""), calls, io };
}

type Ended = { readonly code: number; readonly errors: readonly unknown[] };

async function attempt(
  argv: readonly string[],
  run: CommandRun,
  { io, engine }: { readonly io: FakeIo; readonly engine: ReturnType<typeof fakeEngine>["engine"] },
): Promise<Ended> {
  try {
    const env = run.env ?? {};
    const resolution = await resolveCommand({ argv, env, version: "1.2.3" });
    if (resolution.tag === "print") {
      io.io.stdout.write(resolution.text);
      if (resolution.error !== undefined) throw resolution.error;
      return { code: 0, errors: [] };
    }
    const files = { read: () => null, list: () => [], owner: () => null };
    const config = await loadConfig({ env, uid: 0, home: "/root", files });
    const code = await resolution.command.run({
      ...resolution,
      engine,
      io: io.io,
      config,
      commandLine: ["beluga", ...argv],
      env,
      program: { version: "1.2.3", commit: "abc", commitTime: 0, denoVersion: "2.5.7" },
      signal: new AbortController().signal,
      serve: () => Promise.resolve(),
    });
    return { code: code ?? 0, errors: [] };
  } catch (error) {
    if (error instanceof CommandFailure) return { code: error.exitCode, errors: error.errors };
    if (error instanceof EngineError) return { code: error.exitCode, errors: [error] };
    throw error;
  }
}
