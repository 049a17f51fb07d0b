/** `stop`: asks containers to end. */

import { forEachName } from "../_each.ts";
import type { Command, CommandContext } from "../command.ts";
import { checkSelection, selectContainers } from "./_select.ts";

export const command: Command = {
  path: "container stop",
  summary: "Ask containers to end, killing them after a grace period",
  description: "Sends the stop signal of each container, and KILL to those that still run after the grace period.",
  examples: ["stop web", "stop -t 2 web db", "stop --all"],
  args: { text: "[options] CONTAINER [CONTAINER...]", min: 1, max: null, check: checkSelection },
  flags: [
    { name: "all", type: "bool", short: "a", text: "Stop all running containers" },
    { name: "cidfile", type: "stringArray", remote: "hidden", value: "FILE", text: "Read ids from this file" },
    { name: "filter", type: "stringArray", short: "f", value: "FILTER", text: "Stop those that match KEY=VALUE" },
    { name: "ignore", type: "bool", short: "i", remote: "hidden", text: "No error for those that do not exist" },
    { name: "latest", type: "bool", short: "l", remote: false, text: "Take the newest container" },
    { name: "time", type: "int", short: "t", default: 10, aliases: ["timeout"], text: "Seconds until they are killed" },
  ],
  unsupported: "service:bool!hidden",
  remote: true,
  access: "writes",
  run: stopContainers,
};

const live = ["running", "paused", "stopping", "initialized"];

async function stopContainers(context: CommandContext): Promise<void> {
  const { engine, flags, io, signal } = context;
  const options = {
    ignore: flags.on("ignore"),
    ...(flags.given("time") ? { timeout: flags.number("time") } : {}),
  };
  const names = await selectContainers(context, ({ State }) => live.includes(State));
  await forEachName(names, async (name) => {
    await engine.containers.stop({ name, ...options }, signal);
    io.stdout.write(`${name}\n`);
  });
}
