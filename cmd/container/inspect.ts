/** `container inspect`. */

import { EngineError, isKind } from "../../lib/errors.ts";
import { checkNames, containerNames, inspectAll } from "../_inspect.ts";
import type { Command, CommandContext } from "../command.ts";
import type { FlagValues } from "../flag_values.ts";
import { latestContainer } from "./_select.ts";

export const command: Command = {
  path: "container inspect",
  summary: "Low-level JSON description of containers",
  examples: ["container inspect web", 'container inspect -f "{{.State.ExitCode}}" job'],
  args: { text: "[options] CONTAINER [CONTAINER...]", check: checkInspect },
  flags: [
    {
      name: "format",
      type: "string",
      short: "f",
      default: "json",
      value: "FORMAT",
      text: "Print as json or by a Go template",
    },
    { name: "latest", type: "bool", short: "l", remote: false, text: "Take the newest container" },
    { name: "size", type: "bool", short: "s", text: "Add sizes" },
  ],
  remote: true,
  access: "reads",
  run: inspectContainers,
};

function checkInspect(args: readonly string[], flags: FlagValues): string | undefined {
  const latest = flags.all.get("latest") === true;
  if (latest && args.length > 0) return "--latest and arguments cannot be used together";
  return latest ? undefined : checkNames(args);
}

async function inspectContainers(context: CommandContext): Promise<void> {
  const { args, flags } = context;
  const names = flags.all.get("latest") === true ? [await latestContainer(context)] : args;
  await inspectAll(context, { names, renamed: containerNames, lookUp: (name) => lookUp(context, name) });
}

async function lookUp({ engine, flags, signal }: CommandContext, name: string): Promise<unknown> {
  try {
    return await engine.containers.inspect({ name, size: flags.on("size") }, signal);
  } catch (error) {
    if (!isKind(error, "noSuchContainer")) throw error;
    throw new EngineError("noSuchContainer", `no such container "${name}"`, { cause: error });
  }
}
