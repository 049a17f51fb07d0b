/** `tag`: more names for an image. */

import type { Command } from "../command.ts";

export const command: Command = {
  path: "image tag",
  summary: "Give a local image more names",
  examples: ["tag alpine localhost/base:1"],
  args: { text: "IMAGE TARGET_NAME [TARGET_NAME...]", min: 2, max: null },
  flags: [],
  remote: true,
  access: "writes",
  run: async ({ args: [name = "", ...targets], engine, signal }) => await engine.images.tag({ name, targets }, signal),
};
