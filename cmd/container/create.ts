/** `create`: a container that waits to be started. */

import type { Command, CommandContext } from "../command.ts";
import { createContainer } from "./_create.ts";
import { createFlags, unsupportedCreateFlags } from "./create_flags.ts";

export const command: Command = {
  path: "container create",
  summary: "Prepare a container from an image and leave it stopped",
  description: "Makes the container as run does and prints its id; start starts it.",
  examples: ["create alpine ls", "create --name db -v data:/data postgres"],
  args: { text: "[options] IMAGE [COMMAND [ARG...]]", min: 1, max: null },
  flags: createFlags,
  unsupported: `${unsupportedCreateFlags} init-ctr:string`,
  remote: true,
  access: "writes",
  flagsBeforeArgsOnly: true,
  run: async (context: CommandContext) => {
    const { id } = await createContainer(context);
    context.io.stdout.write(`${id}\n`);
  },
};
