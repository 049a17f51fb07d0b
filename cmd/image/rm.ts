/** `rmi`: removes images or names of them. */

import { EngineError } from "../../lib/errors.ts";
import { type Command, type CommandContext, CommandFailure } from "../command.ts";
import type { FlagValues } from "../flag_values.ts";

export const command: Command = {
  path: "image rm",
  summary: "Delete images or drop tags from local storage",
  description: "A name is dropped; the image goes with its last name, its layers with the last image that has them.",
  examples: ["rmi alpine", "rmi --all --force"],
  args: { text: "[options] IMAGE [IMAGE...]", check: checkRemoval },
  flags: [
    { name: "all", type: "bool", short: "a", text: "Remove all images" },
    { name: "force", type: "bool", short: "f", text: "Remove containers that use them too" },
    { name: "ignore", type: "bool", short: "i", text: "No error for those that do not exist" },
    { name: "no-prune", type: "bool", text: "Keep untagged parents" },
  ],
  remote: true,
  access: "writes",
  run: removeImages,
};

function checkRemoval(args: readonly string[], flags: FlagValues): string | undefined {
  if (flags.on("all")) {
    return args.length > 0 ? "when using the --all switch, you may not pass any images names or IDs" : undefined;
  }
  return args.length > 0 ? undefined : "image name or ID must be specified";
}

async function removeImages({ args, engine, flags, io, signal }: CommandContext): Promise<void> {
  const report = await engine.images.remove({
    names: args,
    all: flags.on("all"),
    force: flags.on("force"),
    ignore: flags.on("ignore"),
    noPrune: flags.on("no-prune"),
  }, signal);
  for (const name of report.Untagged ?? []) io.stdout.write(`Untagged: ${name}\n`);
  for (const id of report.Deleted ?? []) io.stdout.write(`Deleted: ${id}\n`);
  if (report.ExitCode === 0 && report.Errors.length === 0) return;
  const errors = report.Errors.map((text) => new EngineError("internal", text));
  throw new CommandFailure(report.ExitCode === 0 ? 125 : report.ExitCode, errors);
}
