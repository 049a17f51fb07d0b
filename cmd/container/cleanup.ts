/** `container cleanup`: what conmon calls when a container has ended; also by hand. */

import { forEachName } from "../_each.ts";
import type { Command, CommandContext } from "../command.ts";
import { checkSelection, selectContainers } from "./_select.ts";

export const command: Command = {
  path: "container cleanup",
  summary: "Undo mounts and network setup left by stopped containers",
  description: "conmon calls it when a container has ended; by hand it puts in order what a crash left.",
  examples: ["container cleanup web", "container cleanup --all"],
  args: { text: "[options] CONTAINER [CONTAINER...]", min: 1, max: null, check: checkSelection },
  flags: [
    { name: "all", type: "bool", short: "a", text: "All containers" },
    { name: "exec", type: "string", value: "SESSION", text: "Clean up this session of exec" },
    { name: "latest", type: "bool", short: "l", remote: false, text: "Take the newest container" },
    { name: "rm", type: "bool", text: "Remove the container afterwards" },
    { name: "stopped-only", type: "bool", hidden: true, text: "Leave running ones alone" },
  ],
  unsupported: "rmi:bool",
  remote: false,
  access: "writes",
  run: cleanUpContainers,
};

const ended = ["exited", "stopped", "configured", "created"];

async function cleanUpContainers(context: CommandContext): Promise<void> {
  const { engine, flags, io, signal } = context;
  const session = flags.text("exec");
  const names = await selectContainers(context, ({ State }) => ended.includes(State));
  await forEachName(names, async (name) => {
    await engine.containers.cleanup({
      name,
      remove: flags.on("rm"),
      stoppedOnly: flags.on("stopped-only"),
      ...(session === "" ? {} : { exec: session }),
    }, signal);
    if (session === "") io.stdout.write(`${name}\n`);
  });
}
