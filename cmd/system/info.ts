/** `info`: facts on host, store and configuration. */

import type { Command, CommandContext } from "../command.ts";
import { isJsonFormat, prettyJson } from "../format/json.ts";
import { yaml } from "../format/yaml.ts";

export const command: Command = {
  path: "info",
  summary: "Facts on the host, the storage, the registries and the engine version",
  examples: ["info", 'info --format "{{.Host.OCIRuntime.Name}}"', "info -f json"],
  args: { text: "[options]", min: 0, max: 0 },
  flags: [
    { name: "debug", type: "bool", short: "D", hidden: true, text: "Accepted; does nothing" },
    { name: "format", type: "string", short: "f", value: "FORMAT", text: "Print as json or by a Go template" },
  ],
  remote: true,
  access: "reads",
  run: showInfo,
};

async function showInfo({ engine, flags, io, signal }: CommandContext): Promise<void> {
  const info = await engine.system.info({}, signal);
  const format = flags.text("format");
  if (format === "") return io.stdout.write(yaml(info));
  if (isJsonFormat(format)) return io.stdout.write(prettyJson(info, 2));
  const { formatOne } = await import("../format/template.ts");
  const { templateValue } = await import("../format/report.ts");
  io.stdout.write(formatOne("info", format, { data: templateValue(info, { renamed }) }));
}

/** Go's names that differ from the wire's. */
const renamed: Readonly<Record<string, string>> = {
  CgroupsVersion: "cgroupVersion",
  DefaultCapabilities: "capabilities",
  OCIRuntime: "ociRuntime",
  Slirp4NetNS: "slirp4netns",
};
