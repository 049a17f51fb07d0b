/** `volume ls`. */

import type { VolumeConfigResponse } from "../../lib/engine/mod.ts";
import { parseFilters } from "../_filters.ts";
import type { Command, CommandContext } from "../command.ts";
import { isJsonFormat, prettyJson } from "../format/json.ts";
import { table } from "../format/table.ts";

export const command: Command = {
  path: "volume ls",
  summary: "Table of volumes",
  examples: ["volume ls", "volume ls --filter dangling=true -q"],
  args: { text: "[options]", min: 0, max: 0 },
  flags: [
    { name: "filter", type: "stringArray", short: "f", value: "FILTER", text: "Show those that match KEY=VALUE" },
    {
      name: "format",
      type: "string",
      default: "{{range .}}{{.Driver}}\t{{.Name}}\n{{end -}}",
      shownDefault: "",
      value: "FORMAT",
      text: "Print as json or by a Go template",
    },
    { name: "noheading", type: "bool", short: "n", text: "Print no headers" },
    { name: "quiet", type: "bool", short: "q", text: "Print names only" },
  ],
  remote: true,
  access: "reads",
  run: listVolumes,
};

async function listVolumes(context: CommandContext): Promise<void> {
  const { engine, flags, io, signal } = context;
  const filters = parseFilters(flags.list("filter"));
  const volumes = await engine.volumes.list(flags.given("filter") ? { filters } : {}, signal);
  io.stdout.write(await print(volumes, context));
}

async function print(volumes: readonly VolumeConfigResponse[], { flags }: CommandContext): Promise<string> {
  if (flags.on("quiet")) return volumes.map(({ Name }) => `${Name}\n`).join("");
  const format = flags.text("format");
  const noHeading = flags.on("noheading");
  if (!flags.given("format")) {
    const rows = volumes.map(({ Driver, Name }) => [Driver, Name]);
    return table(noHeading ? rows : [["DRIVER", "VOLUME NAME"], ...rows]);
  }
  if (isJsonFormat(format)) return prettyJson(volumes, 2);
  const { formatRecords } = await import("../format/records.ts");
  return formatRecords(volumes, { name: "volume ls", format, headers, noHeading });
}

const headers: Readonly<Record<string, string>> = {
  "Name": "VOLUME NAME",
  "Driver": "DRIVER",
  "Mountpoint": "MOUNTPOINT",
  "CreatedAt": "CREATED AT",
  "Status": "STATUS",
  "Labels": "LABELS",
  "Scope": "SCOPE",
  "Options": "OPTIONS",
  "UID": "UID",
  "GID": "GID",
  "Anonymous": "ANONYMOUS",
  "MountCount": "MOUNT COUNT",
  "NeedsCopyUp": "NEEDS COPY UP",
  "NeedsChown": "NEEDS CHOWN",
  "Timeout": "TIMEOUT",
  "StorageID": "STORAGE ID",
  "LockNumber": "LOCK NUMBER",
};
