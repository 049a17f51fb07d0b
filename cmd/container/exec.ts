/** `exec`: one more process in a running container. */

import { EngineError, isKind } from "../../lib/errors.ts";
import type { ExecCreateConfig } from "../../lib/engine/mod.ts";
import { parseEnvironment, parseEnvironmentFile } from "../../lib/spec/env.ts";
import { type Command, type CommandContext, CommandFailure } from "../command.ts";
import type { FlagValues } from "../flag_values.ts";
import { fileReason, type Io } from "../io.ts";
import { detachKeys } from "./_detach_keys.ts";
import { talk } from "./_attach.ts";
import { latestContainer, readCidFiles } from "./_select.ts";

export const command: Command = {
  path: "container exec",
  summary: "Start an extra process inside a container that is up",
  description: "The exit code is that of the command; 126 if it cannot be executed, 127 if it is not there.",
  examples: ["exec web ls /", "exec -it web sh", "exec -e DEBUG=1 -w /srv web ./check"],
  args: { text: "[options] CONTAINER COMMAND [ARG...]", check: checkExec },
  flags: [
    { name: "cidfile", type: "string", value: "FILE", text: "Read the container's id from this file" },
    { name: "detach", type: "bool", short: "d", text: "Run in the background and print the session's id" },
    {
      name: "detach-keys",
      type: "string",
      default: "ctrl-p,ctrl-q",
      value: "KEYS",
      text: "Keys that leave the process running",
    },
    {
      name: "env",
      type: "stringArray",
      short: "e",
      text: "Environment variable NAME=VALUE, or NAME to pass the host's on",
    },
    { name: "env-file", type: "stringArray", value: "FILE", text: "Read environment variables from this file" },
    { name: "interactive", type: "bool", short: "i", text: "Keep standard input open" },
    { name: "latest", type: "bool", short: "l", remote: false, text: "Take the newest container" },
    { name: "privileged", type: "bool", text: "Give the process full privileges" },
    { name: "tty", type: "bool", short: "t", text: "Give the process a terminal" },
    { name: "user", type: "string", short: "u", value: "USER", text: "User, or USER:GROUP" },
    { name: "workdir", type: "string", short: "w", value: "PATH", text: "Start in this directory" },
  ],
  unsupported: "no-session:bool!local preserve-fd:uintSlice preserve-fds:uint!quiet wait:int32!hidden",
  remote: true,
  access: "writes",
  flagsBeforeArgsOnly: true,
  run: exec,
};

function checkExec(args: readonly string[], flags: FlagValues): string | undefined {
  if (args.length > 0 || flags.all.get("latest") === true || flags.text("cidfile") !== "") return undefined;
  return "exec requires the name or ID of a container or the --latest or --cidfile flag";
}

async function exec(context: CommandContext): Promise<number> {
  const { engine, flags, io, signal } = context;
  const { name, argv } = await target(context);
  const id = await createSession(context, name, { argv });
  if (flags.on("detach")) {
    await engine.containers.execStartDetached({ id }, signal);
    io.stdout.write(`${id}\n`);
    return 0;
  }
  const tty = flags.on("tty");
  const size = tty ? io.terminalSize() : null;
  const duplex = await engine.containers.execStart({ id, ...(size === null ? {} : { size }) }, signal);
  const ended = await talk(io, {
    duplex,
    tty,
    stdin: flags.on("interactive"),
    stdout: true,
    stderr: true,
    resize: (now) => engine.containers.execResize({ name: id, ...now }),
  });
  if (ended === "detached") return 0;
  const { ExitCode } = await engine.containers.execInspect({ id }, signal);
  await engine.containers.execRemove({ id }).catch(() => {});
  return ExitCode;
}

type Target = { readonly name: string; readonly argv: readonly string[] };

async function target(context: CommandContext): Promise<Target> {
  const { args, engine, flags, signal } = context;
  const file = flags.text("cidfile");
  if (flags.all.get("latest") === true) return { name: await latestContainer(context), argv: args };
  if (file !== "") return { name: (await readCidFiles(context, [file]))[0] ?? "", argv: args };
  const [name = "", ...argv] = args;
  // A container that is not there is told before a command that is not there.
  if (argv.length === 0) await engine.containers.inspect({ name }, signal);
  return { name, argv };
}

async function createSession(
  context: CommandContext,
  name: string,
  { argv }: { readonly argv: readonly string[] },
): Promise<string> {
  if (argv.length === 0) {
    const words = "must provide a non-empty command to start an exec session: invalid argument";
    throw new CommandFailure(255, [new EngineError("invalidArgument", words)]);
  }
  try {
    const { Id } = await context.engine.containers.execCreate(
      { name, config: sessionOf(context, argv) },
      context.signal,
    );
    return Id;
  } catch (error) {
    // Podman's code for a container that is not running.
    throw isKind(error, "containerState") ? new CommandFailure(255, [error]) : error;
  }
}

function readFile(io: Io, path: string): string {
  try {
    return io.files.readTextSync(path);
  } catch (error) {
    throw new EngineError("usage", `parsing file "${path}": open ${path}: ${fileReason(error)}`, { cause: error });
  }
}

function sessionOf(context: CommandContext, argv: readonly string[]): ExecCreateConfig {
  const { env, flags, io } = context;
  const detach = flags.on("detach");
  const files = flags.list("env-file").map((path) => parseEnvironmentFile(readFile(io, path), env));
  const variables = Object.assign(Object.create(null), ...files, parseEnvironment(flags.list("env"), env));
  return {
    User: flags.text("user"),
    Privileged: flags.on("privileged"),
    Tty: flags.on("tty"),
    AttachStdin: flags.on("interactive") && !detach,
    AttachStdout: !detach,
    AttachStderr: !detach,
    DetachKeys: detachKeys(context),
    Env: Object.entries(variables).map(([key, value]) => `${key}=${value}`),
    WorkingDir: flags.text("workdir"),
    Cmd: argv,
    Detach: detach,
  };
}
