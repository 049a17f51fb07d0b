/** `volume create`. */

import type { Command, CommandContext } from "../command.ts";
import { parsePairs } from "../_pairs.ts";

export const command: Command = {
  path: "volume create",
  summary: "Make a named volume",
  examples: ["volume create", "volume create --label app=web data"],
  args: { text: "[options] [NAME]", min: 0, max: 1 },
  flags: [
    {
      name: "driver",
      type: "string",
      short: "d",
      default: "local",
      value: "DRIVER",
      text: "Volume driver; only local",
    },
    { name: "gid", type: "int", text: "Group id of its owner" },
    { name: "ignore", type: "bool", text: "No error if it is there" },
    { name: "label", type: "stringArray", short: "l", text: "Label KEY=VALUE" },
    { name: "opt", type: "stringArray", short: "o", text: "Option of the driver; none is supported yet" },
    { name: "uid", type: "int", text: "User id of its owner" },
  ],
  remote: true,
  access: "writes",
  run: createVolume,
};

async function createVolume({ args, engine, flags, io, signal }: CommandContext): Promise<void> {
  const labels = parsePairs(flags.list("label"));
  const { Name } = await engine.volumes.create({
    options: {
      Name: args[0] ?? "",
      Driver: flags.text("driver"),
      Label: labels,
      Labels: labels,
      Options: parsePairs(flags.list("opt")),
      IgnoreIfExists: flags.on("ignore"),
      UID: flags.number("uid"),
      GID: flags.number("gid"),
    },
  }, signal);
  io.stdout.write(`${Name}\n`);
}
