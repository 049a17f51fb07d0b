/** `image exists`: the answer is the exit code. */

import type { Command } from "../command.ts";

export const command: Command = {
  path: "image exists",
  summary: "Answer by exit status whether an image is in local storage",
  examples: ["image exists alpine"],
  args: { text: "IMAGE", min: 1, max: 1 },
  flags: [],
  remote: true,
  access: "reads",
  run: async ({ args: [name = ""], engine, signal }) => await engine.images.exists({ name }, signal) ? 0 : 1,
};
