/** `network exists`: the answer is the exit code. */

import type { Command } from "../command.ts";

export const command: Command = {
  path: "network exists",
  summary: "Answer by exit status whether a network is defined",
  examples: ["network exists web"],
  args: { text: "NETWORK", min: 1, max: 1 },
  flags: [],
  remote: true,
  access: "reads",
  run: async ({ args: [name = ""], engine, signal }) => await engine.networks.exists({ name }, signal) ? 0 : 1,
};
