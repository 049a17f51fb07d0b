/** `network inspect`. */

import { EngineError, isKind, messageOf } from "../../lib/errors.ts";
import { inspectAll } from "../_inspect.ts";
import type { Command, CommandContext } from "../command.ts";

export const command: Command = {
  path: "network inspect",
  summary: "JSON description of networks",
  examples: ["network inspect podman"],
  args: { text: "[options] NETWORK [NETWORK...]", min: 1, max: null },
  flags: [
    { name: "format", type: "string", short: "f", value: "FORMAT", text: "Print as json or by a Go template" },
  ],
  remote: true,
  access: "reads",
  run: (context) => inspectAll(context, { names: context.args, lookUp: (name) => lookUp(context, name) }),
};

async function lookUp({ engine, signal }: CommandContext, name: string): Promise<unknown> {
  try {
    return await engine.networks.inspect({ name }, signal);
  } catch (error) {
    if (!isKind(error, "noSuchNetwork")) throw error;
    throw new EngineError("noSuchNetwork", `network ${name}: ${messageOf(error)}`, { cause: error });
  }
}
