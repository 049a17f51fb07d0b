/** `volume rm`. */

import { forEachName, removalCode } from "../_each.ts";
import type { Command, CommandContext } from "../command.ts";
import type { FlagValues } from "../flag_values.ts";

export const command: Command = {
  path: "volume rm",
  summary: "Delete volumes",
  examples: ["volume rm data", "volume rm --all"],
  args: { text: "[options] VOLUME [VOLUME...]", check: checkRemoval },
  flags: [
    { name: "all", type: "bool", short: "a", text: "Remove all volumes" },
    { name: "force", type: "bool", short: "f", text: "Remove containers that use them too" },
    {
      name: "time",
      type: "int",
      short: "t",
      default: 10,
      aliases: ["timeout"],
      text: "Seconds such containers have to stop",
    },
  ],
  remote: true,
  access: "writes",
  run: removeVolumes,
};

function checkRemoval(args: readonly string[], flags: FlagValues): string | undefined {
  return flags.on("all") === args.length > 0 ? "choose either one or more volumes or all" : undefined;
}

const exitCode = removalCode({ missing: ["noSuchVolume"], busy: ["volumeInUse"] });

async function removeVolumes({ args, engine, flags, io, signal }: CommandContext): Promise<void> {
  const names = flags.on("all") ? (await engine.volumes.list({}, signal)).map((volume) => volume.Name) : args;
  const timeout = flags.given("time") ? { timeout: flags.number("time") } : {};
  await forEachName(names, async (name) => {
    await engine.volumes.remove({ name, force: flags.on("force"), ...timeout }, signal);
    io.stdout.write(`${name}\n`);
  }, { exitCode });
}
