/** `start`: starts containers; with `--attach` one of them, and talks to it. */

import { isKind } from "../../lib/errors.ts";
import { forEachName } from "../_each.ts";
import type { Command, CommandContext } from "../command.ts";
import type { FlagValues } from "../flag_values.ts";
import { detachKeys } from "./_detach_keys.ts";
import { talk } from "./_attach.ts";
import { selectContainers } from "./_select.ts";

export const command: Command = {
  path: "container start",
  summary: "Start containers that exist but are not running",
  examples: ["start web", "start --attach job", "start --all"],
  args: { text: "[options] CONTAINER [CONTAINER...]", min: 1, max: null, check: checkStart },
  flags: [
    { name: "all", type: "bool", text: "Start all containers" },
    { name: "attach", type: "bool", short: "a", text: "Attach to its output" },
    {
      name: "detach-keys",
      type: "string",
      default: "ctrl-p,ctrl-q",
      value: "KEYS",
      text: "Keys that leave the container running",
    },
    { name: "filter", type: "stringArray", short: "f", value: "FILTER", text: "Start those that match KEY=VALUE" },
    { name: "interactive", type: "bool", short: "i", text: "Attach to its input" },
    { name: "latest", type: "bool", short: "l", remote: false, text: "Take the newest container" },
    { name: "sig-proxy", type: "bool", remote: "hidden", text: "Pass signals on (when attached)" },
  ],
  remote: true,
  access: "writes",
  run: startContainers,
};

function checkStart(args: readonly string[], flags: FlagValues): string | undefined {
  const attach = flags.on("attach") || flags.on("interactive");
  if (flags.on("all") && args.length > 0) {
    return "either start all containers or the container(s) provided in the arguments";
  }
  if (flags.on("latest") && args.length > 0) return "--latest and containers cannot be used together";
  if (args.length === 0 && !flags.on("latest") && !flags.on("all") && !flags.given("filter")) {
    return "start requires at least one argument";
  }
  if (attach && (args.length > 1 || flags.on("all"))) return "you cannot start and attach multiple containers at once";
  return undefined;
}

const startable = ["configured", "created", "initialized", "exited", "stopped"];

async function startContainers(context: CommandContext): Promise<number> {
  const { flags, io } = context;
  const names = await selectContainers(context, ({ State }) => startable.includes(State));
  const [first] = names;
  if (first !== undefined && (flags.on("attach") || flags.on("interactive"))) {
    return await startAttached(context, first);
  }
  await forEachName(names, async (name) => {
    await start(context, name);
    io.stdout.write(`${name}\n`);
  }, { exitCode: () => 125 });
  return 0;
}

/** One that runs already is as wanted. */
async function start(context: CommandContext, name: string): Promise<void> {
  try {
    await context.engine.containers.start({ name, detachKeys: detachKeys(context) }, context.signal);
  } catch (error) {
    if (!isKind(error, "notModified")) throw error;
  }
}

async function startAttached(context: CommandContext, name: string): Promise<number> {
  const { engine, flags, io, signal } = context;
  const { Config, Id } = await engine.containers.inspect({ name }, signal);
  const streams = { stdin: flags.on("interactive"), stdout: true, stderr: true };
  const proxy = flags.given("sig-proxy") ? flags.on("sig-proxy") : true;
  const duplex = await engine.containers.attach(
    { name: Id, ...streams, detachKeys: detachKeys(context) },
    signal,
  );
  const ended = await talk(io, {
    duplex,
    tty: Config.Tty,
    ...streams,
    begin: () => start(context, Id),
    resize: (size) => engine.containers.resize({ name: Id, ...size }),
    ...(proxy ? { kill: (which: string) => engine.containers.kill({ name: Id, signal: which }) } : {}),
  });
  return ended === "detached" ? 0 : await engine.containers.wait({ name: Id }, signal);
}
