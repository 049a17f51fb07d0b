/** `rm`: removes containers. */

import { EngineError } from "../../lib/errors.ts";
import { forEachName, removalCode } from "../_each.ts";
import type { Command, CommandContext } from "../command.ts";
import { checkSelection, selectContainers } from "./_select.ts";

export const command: Command = {
  path: "container rm",
  summary: "Delete containers",
  examples: ["rm web", "rm -f -a", "rm --filter status=exited"],
  args: { text: "[options] CONTAINER [CONTAINER...]", min: 1, max: null, check: checkSelection },
  flags: [
    { name: "all", type: "bool", short: "a", text: "Remove all containers" },
    { name: "cidfile", type: "stringArray", value: "FILE", text: "Read ids from this file" },
    { name: "depend", type: "bool", text: "Remove what depends on them too" },
    { name: "filter", type: "stringArray", value: "FILTER", text: "Remove those that match KEY=VALUE" },
    { name: "force", type: "bool", short: "f", text: "Stop running ones first" },
    { name: "ignore", type: "bool", short: "i", text: "No error for those that do not exist" },
    { name: "latest", type: "bool", short: "l", remote: false, text: "Take the newest container" },
    {
      name: "time",
      type: "int",
      short: "t",
      default: 10,
      aliases: ["timeout"],
      text: "Seconds to stop before the kill",
    },
    { name: "volumes", type: "bool", short: "v", text: "Remove their anonymous volumes too" },
  ],
  unsupported: "storage:bool!hidden!local",
  remote: true,
  access: "writes",
  run: removeContainers,
};

const exitCode = removalCode({ missing: ["noSuchContainer"], busy: ["containerState", "containerRunning"] });

async function removeContainers(context: CommandContext): Promise<void> {
  const { engine, flags, io, signal } = context;
  const options = {
    force: flags.on("force"),
    volumes: flags.on("volumes"),
    ignore: flags.on("ignore") || flags.on("force"),
    depend: flags.on("depend"),
    ...(flags.given("time") ? { timeout: flags.number("time") } : {}),
  };
  await forEachName(await selectContainers(context), async (name) => {
    const reports = await engine.containers.remove({ name, ...options }, signal);
    for (const { Id, Err } of reports) {
      if (Err) throw new EngineError("internal", Err);
      io.stdout.write(`${reports.length === 1 ? name : Id}\n`);
    }
  }, { exitCode });
}
