/** `container exists`: the answer is the exit code. */

import type { Command } from "../command.ts";

export const command: Command = {
  path: "container exists",
  summary: "Answer by exit status whether a container of that name is known",
  examples: ["container exists web"],
  args: { text: "[options] CONTAINER", min: 1, max: 1 },
  flags: [
    { name: "external", type: "bool", aliases: ["storage"], text: "Containers of other tools as well" },
  ],
  remote: true,
  access: "reads",
  run: async ({ args: [name = ""], engine, signal }) => await engine.containers.exists({ name }, signal) ? 0 : 1,
};
