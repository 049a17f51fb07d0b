/** `wait`: blocks until containers are in a state, then prints their exit codes. */

import { EngineError, isKind } from "../../lib/errors.ts";
import { forEachName } from "../_each.ts";
import type { Command, CommandContext } from "../command.ts";
import type { FlagValues } from "../flag_values.ts";
import { selectContainers } from "./_select.ts";

export const command: Command = {
  path: "container wait",
  summary: "Block until containers reach a condition, then print exit codes",
  description: "Prints the exit code of each container on a line of its own.",
  examples: ["wait job", "wait --condition running web"],
  args: { text: "[options] CONTAINER [CONTAINER...]", check: checkWait },
  flags: [
    { name: "condition", type: "stringSlice", value: "STATE", text: "What to wait for (default stopped)" },
    { name: "exit-first-match", type: "bool", text: "Stop waiting at the first container that is there" },
    { name: "ignore", type: "bool", text: "-1 for those that do not exist" },
    {
      name: "interval",
      type: "string",
      short: "i",
      default: "250ms",
      value: "DURATION",
      text: "Accepted; nothing is polled",
    },
    { name: "latest", type: "bool", short: "l", remote: false, text: "Take the newest container" },
  ],
  remote: true,
  access: "writes",
  run: waitForContainers,
};

type Call = { readonly commandPath: string };

function checkWait(args: readonly string[], flags: FlagValues, { commandPath }: Call): string | undefined {
  const latest = flags.all.get("latest") === true;
  if (args.length > 0 && latest) return "--latest and containers cannot be used together";
  return args.length > 0 || latest ? undefined : `"${commandPath}" requires a name, id, or the "--latest" flag`;
}

const states = [
  "configured",
  "created",
  "exited",
  "healthy",
  "initialized",
  "paused",
  "removing",
  "running",
  "stopped",
  "stopping",
  "unhealthy",
  "unknown",
];

async function waitForContainers(context: CommandContext): Promise<void> {
  const { flags, io } = context;
  const unknown = flags.list("condition").find((state) => !states.includes(state));
  if (unknown !== undefined) throw new EngineError("usage", `unknown container state: ${unknown}: invalid argument`);
  const names = await selectContainers(context);
  if (flags.on("exit-first-match")) {
    const stop = new AbortController();
    const either = AbortSignal.any([context.signal, stop.signal]);
    const racers = names.map((name) => waitForOne({ ...context, signal: either }, name));
    const code = await Promise.race(racers);
    stop.abort();
    await Promise.allSettled(racers);
    return io.stdout.write(`${code}\n`);
  }
  await forEachName(names, async (name) => io.stdout.write(`${await waitForOne(context, name)}\n`));
}

async function waitForOne({ engine, flags, signal }: CommandContext, name: string): Promise<number> {
  const conditions = flags.list("condition");
  try {
    return await engine.containers.wait({ name, ...(conditions.length > 0 ? { conditions } : {}) }, signal);
  } catch (error) {
    if (flags.on("ignore") && isKind(error, "noSuchContainer")) return -1;
    throw error;
  }
}
