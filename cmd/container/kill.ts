/** `kill`: sends a signal. */

import { forEachName } from "../_each.ts";
import type { Command, CommandContext } from "../command.ts";
import { checkSelection, selectContainers } from "./_select.ts";

export const command: Command = {
  path: "container kill",
  summary: "Send a signal (KILL unless told) to the main process of containers",
  examples: ["kill web", "kill -s HUP web"],
  args: { text: "[options] CONTAINER [CONTAINER...]", min: 1, max: null, check: checkSelection },
  flags: [
    { name: "all", type: "bool", short: "a", text: "Signal all running containers" },
    { name: "cidfile", type: "stringArray", value: "FILE", text: "Read ids from this file" },
    { name: "latest", type: "bool", short: "l", remote: false, text: "Take the newest container" },
    { name: "signal", type: "string", short: "s", default: "KILL", value: "SIGNAL", text: "Signal to send" },
  ],
  remote: true,
  access: "writes",
  run: killContainers,
};

async function killContainers(context: CommandContext): Promise<void> {
  const { engine, flags, io, signal } = context;
  const names = await selectContainers(context, ({ State }) => State === "running");
  await forEachName(names, async (name) => {
    await engine.containers.kill({ name, signal: flags.text("signal") }, signal);
    io.stdout.write(`${name}\n`);
  });
}
