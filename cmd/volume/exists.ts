/** `volume exists`: the answer is the exit code. */

import type { Command } from "../command.ts";

export const command: Command = {
  path: "volume exists",
  summary: "Answer by exit status whether a volume is known",
  examples: ["volume exists data"],
  args: { text: "VOLUME", min: 1, max: 1 },
  flags: [],
  remote: true,
  access: "reads",
  run: async ({ args: [name = ""], engine, signal }) => await engine.volumes.exists({ name }, signal) ? 0 : 1,
};
