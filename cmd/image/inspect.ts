/** `image inspect`. */

import { checkNames, containerNames, inspectAll } from "../_inspect.ts";
import type { Command } from "../command.ts";

export const command: Command = {
  path: "image inspect",
  summary: "Low-level JSON description of images",
  examples: ["image inspect alpine", 'image inspect -f "{{.Digest}}" alpine'],
  args: { text: "[options] IMAGE [IMAGE...]", check: checkNames },
  flags: [
    {
      name: "format",
      type: "string",
      short: "f",
      default: "json",
      value: "FORMAT",
      text: "Print as json or by a Go template",
    },
  ],
  remote: true,
  access: "reads",
  run: (context) =>
    inspectAll(context, {
      names: context.args,
      renamed: { ...containerNames, HealthCheck: "Healthcheck" },
      lookUp: (name) => context.engine.images.inspect({ name }, context.signal),
    }),
};
