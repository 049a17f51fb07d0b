/**
 * The composition root: configuration → local or remote engine → command → message and exit code. The only file that prints an
 * error or sets the exit code, and the only one that knows both engines.
 */

import { homedir } from "node:os";
import type { CommandContext } from "./cmd/command.ts";
import { CommandFailure } from "./cmd/command.ts";
import type { FlagValues } from "./cmd/flag_values.ts";
import { openIo, OutputClosed } from "./cmd/io.ts";
import type { Resolution } from "./cmd/resolution.ts";
import { resolveCommand } from "./cmd/resolve.ts";
import { buildInfo } from "./lib/build_info.ts";
import type { Config, ConfigInput, ConfigOverrides, Files } from "./lib/config/config.ts";
import type { Engine } from "./lib/engine/mod.ts";
import { EngineError } from "./lib/errors.ts";

type Run = Extract<Resolution, { readonly tag: "run" }>;

/** Set by `lib/rootless` in the user namespace: the user's id outside. */
const outsideUid = "_BELUGA_ROOTLESS_UID";
const generalFailure = 125;

async function main(argv: readonly string[]): Promise<number> {
  if (Deno.env.has(outsideUid)) await resumeInside();
  const resolution = await resolveCommand({ argv, env: environment(), version: buildInfo().version });
  if (resolution.tag === "run") return await runCommand(resolution, argv);
  openIo().stdout.write(resolution.text);
  if (resolution.error) throw resolution.error;
  return 0;
}

async function runCommand(resolution: Run, argv: readonly string[]): Promise<number> {
  const config = await readConfig(resolution);
  const remote = resolution.remote || (config.engine.remote && resolution.command.remote);
  if (config.paths.runtimeDirIsFallback && Deno.build.os === "linux") {
    (await import("./lib/rootless/runtime_dir.ts")).secureRuntimeDir(config.paths.runtimeDir);
  }
  if (!remote) await enterNamespace(resolution, { config, argv });
  const log = logger(resolution.globals.on("debug") ? "debug" : resolution.globals.text("log-level"));
  logNotices(config, log);
  const { globals } = resolution;
  const io = openIo({
    out: globals.given("out") ? globals.text("out") : undefined,
    silent: globals.on("noout"),
    rawMode: async () => (await import("./lib/sys/tty.ts")).setRaw(0),
  });
  const engine = await openEngine(resolution, { config, remote, log });
  const stop = resolution.command.endsInOrder ? abortedBySignals() : new AbortController().signal;
  const code = await resolution.command.run({
    engine,
    io,
    config,
    args: resolution.args,
    flags: resolution.flags,
    globals,
    remote,
    commandPath: resolution.commandPath,
    commandLine: [programPath(), ...argv],
    env: environment(),
    program: buildInfo(),
    signal: stop,
    serve: serveWith(engine, config),
  });
  return code ?? 0;
}

/** A signal told us to end, and the command could not but fail of it. */
class Interrupted extends Error {
  override readonly name = "Interrupted";

  constructor(readonly exitCode: number) {
    super("interrupted");
  }
}

const endingSignals = [["SIGINT", 2], ["SIGTERM", 15]] as const;

/** Aborted by the first signal; the second has its usual effect. */
function abortedBySignals(): AbortSignal {
  const controller = new AbortController();
  const handlers = endingSignals.map(([signal, number]) => {
    const handler = () => {
      for (const undo of handlers) undo();
      controller.abort(new Interrupted(128 + number));
    };
    Deno.addSignalListener(signal, handler);
    return () => Deno.removeSignalListener(signal, handler);
  });
  return controller.signal;
}

function environment(): Readonly<Record<string, string>> {
  return Deno.env.toObject();
}

function programPath(): string {
  return Deno.execPath();
}

async function readConfig({ globals }: Run): Promise<Config> {
  if (globals.given("registries-conf")) {
    environmentOfFlags.CONTAINERS_REGISTRIES_CONF = globals.text("registries-conf");
  }
  const { loadConfig } = await import("./lib/config/load_config.ts");
  const given = (name: string) => globals.given(name) ? globals.text(name) : undefined;
  const overrides: ConfigOverrides = {
    root: given("root"),
    runRoot: given("runroot"),
    runtime: given("runtime"),
    runtimeFlags: globals.given("runtime-flag") ? globals.list("runtime-flag") : undefined,
    storageDriver: given("storage-driver"),
    storageOptions: globals.given("storage-opt") ? globals.list("storage-opt") : undefined,
    cgroupManager: given("cgroup-manager"),
    networkConfigDir: given("network-config-dir"),
    networkCmdPath: given("network-cmd-path"),
    maxWorkers: globals.given("max-workers") ? globals.number("max-workers") : undefined,
    tmpDir: given("tmpdir"),
    volumePath: given("volumepath"),
    eventsBackend: given("events-backend"),
    conmon: given("conmon"),
    hooksDirs: globals.given("hooks-dir") ? globals.list("hooks-dir") : undefined,
    modules: globals.given("module") ? globals.list("module") : undefined,
  };
  return await loadConfig({ ...configInput(), overrides });
}

function configInput(): ConfigInput {
  return { env: { ...environment(), ...environmentOfFlags }, uid: userId(), home: homedir(), files };
}

/** Flags that stand for variables. */
const environmentOfFlags: Record<string, string> = {};

function userId(): number {
  return rootlessUid ?? Deno.uid() ?? 0;
}

/** The user's id outside, when this process is inside its user namespace. */
let rootlessUid: number | undefined;

/** Takes up where the process that entered the namespace left off: input, working directory, variables. */
async function resumeInside(): Promise<void> {
  const inside = await import("./lib/rootless/inside.ts");
  rootlessUid = inside.resumeInside()?.uid;
}

const files: Files = {
  read: (path) => orWhenMissing(() => Deno.readTextFileSync(path), null),
  list: (path) => orWhenMissing(() => Array.from(Deno.readDirSync(path), ({ name }) => name), []),
  owner: (path) => orWhenMissing(() => ownerOutside(Deno.statSync(path).uid ?? 0), null),
};

/** In the user's namespace its own files belong to root. */
function ownerOutside(uid: number): number {
  return uid === 0 && rootlessUid !== undefined ? rootlessUid : uid;
}

function orWhenMissing<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR" || code === "EACCES") return otherwise;
    throw error;
  }
}

/** For a user without privileges: goes into the user namespace, where this program begins anew, if the command needs it. */
async function enterNamespace(
  { command }: Run,
  { config, argv }: { readonly config: Config; readonly argv: readonly string[] },
): Promise<void> {
  if (!config.rootless || command.access !== "writes" || rootlessUid !== undefined) return;
  const { enterNamespace: enter } = await import("./lib/rootless/enter.ts");
  await enter({
    runDir: config.paths.runRoot,
    argv: [...startAgain(), ...argv],
    env: environment(),
    notice: (text) => complain(text),
  });
}

/** argv that starts this program, compiled or from source. */
function startAgain(): readonly string[] {
  if (Deno.build.standalone) return [programPath()];
  return [programPath(), "run", "-A", new URL(import.meta.url).pathname];
}

async function openEngine(
  resolution: Run,
  { config, remote, log }: { readonly config: Config; readonly remote: boolean; readonly log: Log },
): Promise<Engine> {
  const { globals, command } = resolution;
  if (remote) return await openRemote(globals, config);
  if (command.access === "nothing") return noEngine();
  const { localEngine } = await import("./lib/local/mod.ts");
  return localEngine({
    config,
    self: [...startAgain(), ...globalArguments(resolution)],
    env: environment(),
    configInput: configInput(),
    attends: command.path !== "system service",
    log,
  });
}

/** For commands that want nothing of an engine on this machine, which need not wait until its code is loaded. */
function noEngine(): Engine {
  const refuse = (): never => {
    throw new EngineError("internal", "using the engine: the command says that it needs none");
  };
  return {
    get containers() {
      return refuse();
    },
    get images() {
      return refuse();
    },
    get volumes() {
      return refuse();
    },
    get networks() {
      return refuse();
    },
    get system() {
      return refuse();
    },
  };
}

async function openRemote(globals: FlagValues, config: Config): Promise<Engine> {
  const { remoteEngine } = await import("./lib/api/remote.ts");
  const { chooseConnection } = await import("./lib/config/connections.ts");
  const given = (name: string) => globals.given(name) ? globals.text(name) : "";
  const { uri } = chooseConnection(configInput(), {
    url: given("url") || given("host"),
    name: given("connection"),
    identity: given("identity"),
    socket: config.paths.socket,
    engine: config.engine,
  });
  if (globals.given("identity") && !uri.startsWith("ssh://")) {
    throw new EngineError("usage", `--identity is for connections over ssh, which "${uri}" is not`);
  }
  return remoteEngine(uri, { detachKeys: config.engine.detach_keys });
}

/** The global flags that were given, for a later start of this program by conmon. */
function globalArguments({ globals }: Run): readonly string[] {
  const notHandedOn = new Set(["out", "noout", "remote", "url", "connection"]);
  return [...globals.all].filter(([name]) => !notHandedOn.has(name)).flatMap(([name, value]) =>
    Array.isArray(value) ? value.map((item) => `--${name}=${item}`) : [`--${name}=${value}`]
  );
}

const levels = ["trace", "debug", "info", "warning", "error", "fatal", "panic"];

type Log = (level: "debug" | "warning", message: string) => void;

/** Settings that are read and not acted upon; loud only where less protection than asked for follows. */
function logNotices({ notices }: Config, log: Log): void {
  for (const { file, key, why, weakens } of notices) log(weakens ? "warning" : "debug", `${file}: ${key}: ${why}`);
}

/** Log lines on standard error as Podman writes them. */
function logger(wanted: string): Log {
  const threshold = levels.indexOf(wanted.toLowerCase() === "warn" ? "warning" : wanted.toLowerCase());
  return (level, message) => {
    if (levels.indexOf(level) < threshold) return;
    const time = new Date().toISOString().replace(/\.\d+Z$/, "Z");
    complain(`time="${time}" level=${level} msg=${JSON.stringify(message)}`);
  };
}

function serveWith(engine: Engine, config: Config): CommandContext["serve"] {
  return async (input, signal) => {
    const { serve } = await import("./lib/api/server.ts");
    const { parseServiceUrl } = await import("./lib/api/address.ts");
    const address = parseServiceUrl(input.uri || `unix://${config.paths.socket}`);
    const service = await serve(engine, { address, idleSeconds: input.idleSeconds });
    signal.addEventListener("abort", () => service.stop(), { once: true });
    if (signal.aborted) service.stop();
    await service.finished;
  };
}

function complain(line: string): void {
  try {
    openIo().stderr.write(`${line}\n`);
  } catch {
    // Standard error is closed: there is nobody left to tell.
  }
}

/** Says what went wrong; gives the exit code. */
function report(error: unknown): number {
  if (error instanceof OutputClosed || error instanceof Interrupted) return error.exitCode;
  if (error instanceof CommandFailure) {
    for (const one of error.errors) complain(`Error: ${describe(one)}`);
    return error.exitCode;
  }
  complain(`Error: ${describe(error)}`);
  return error instanceof EngineError ? error.exitCode : generalFailure;
}

/** A failure that no floor translated is a fault of this program: its stack helps to mend it. */
function describe(error: unknown): string {
  if (error instanceof EngineError) return error.message;
  if (!(error instanceof Error)) return String(error);
  return Deno.env.has("BELUGA_STACK") ? error.stack ?? error.message : error.message;
}

/** Runs the command line and ends the process with its exit code. */
export async function start(): Promise<void> {
  let code = generalFailure;
  try {
    code = await main(Deno.args);
  } catch (error) {
    code = report(error);
  }
  // A pending read of standard input cannot be cancelled and would hold the process: only here may it be left behind.
  Deno.exit(code);
}

if (import.meta.main) void start();
