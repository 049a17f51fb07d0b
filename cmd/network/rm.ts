/** `network rm`. */

import { EngineError } from "../../lib/errors.ts";
import { forEachName, removalCode } from "../_each.ts";
import type { Command, CommandContext } from "../command.ts";

export const command: Command = {
  path: "network rm",
  summary: "Delete networks",
  examples: ["network rm web"],
  args: { text: "[options] NETWORK [NETWORK...]", min: 1, max: null },
  flags: [
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
  run: removeNetworks,
};

const exitCode = removalCode({ missing: ["noSuchNetwork"], busy: ["networkInUse"] });

async function removeNetworks({ args, engine, flags, io, signal }: CommandContext): Promise<void> {
  const timeout = flags.given("time") ? { timeout: flags.number("time") } : {};
  await forEachName(args, async (name) => {
    const reports = await engine.networks.remove({ name, force: flags.on("force"), ...timeout }, signal);
    for (const { Name, Err } of reports) {
      if (Err) throw new EngineError("internal", Err);
      io.stdout.write(`${Name}\n`);
    }
  }, { exitCode });
}
