/** `volume inspect`. */

import { EngineError, isKind } from "../../lib/errors.ts";
import { inspectAll } from "../_inspect.ts";
import type { Command, CommandContext } from "../command.ts";
import type { FlagValues } from "../flag_values.ts";

export const command: Command = {
  path: "volume inspect",
  summary: "JSON description of volumes",
  examples: ["volume inspect data", 'volume inspect -f "{{.Mountpoint}}" data'],
  args: { text: "[options] VOLUME [VOLUME...]", check: checkInspect },
  flags: [
    { name: "all", type: "bool", short: "a", text: "Show all volumes" },
    {
      name: "format",
      type: "string",
      short: "f",
      default: "json",
      value: "FORMAT",
      text: "Print as json or by a Go template",
    },
  ],
  remote: true,
  access: "reads",
  run: inspectVolumes,
};

function checkInspect(args: readonly string[], flags: FlagValues): string | undefined {
  return flags.on("all") === args.length > 0 ? "provide one or more volume names or use --all" : undefined;
}

async function inspectVolumes(context: CommandContext): Promise<void> {
  const { args, engine, flags, signal } = context;
  const names = flags.on("all") ? (await engine.volumes.list({}, signal)).map((volume) => volume.Name) : args;
  await inspectAll(context, { names, lookUp: (name) => lookUp(context, name) });
}

async function lookUp({ engine, signal }: CommandContext, name: string): Promise<unknown> {
  try {
    return await engine.volumes.inspect({ name }, signal);
  } catch (error) {
    if (!isKind(error, "noSuchVolume")) throw error;
    throw new EngineError("noSuchVolume", `no such volume ${name}`, { cause: error });
  }
}
