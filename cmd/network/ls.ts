/** `network ls`. */

import type { Network } from "../../lib/engine/mod.ts";
import { parseFilters } from "../_filters.ts";
import type { Command, CommandContext } from "../command.ts";
import { isJsonFormat, prettyJson } from "../format/json.ts";
import { table } from "../format/table.ts";

export const command: Command = {
  path: "network ls",
  summary: "Table of networks",
  examples: ["network ls", "network ls --filter driver=bridge"],
  args: { text: "[options]", min: 0, max: 0 },
  flags: [
    { name: "filter", type: "stringArray", short: "f", value: "FILTER", text: "Show those that match KEY=VALUE" },
    { name: "format", type: "string", value: "FORMAT", text: "Print as json or by a Go template" },
    { name: "no-trunc", type: "bool", aliases: ["notruncate"], text: "Do not shorten ids" },
    { name: "noheading", type: "bool", short: "n", text: "Print no headers" },
    { name: "quiet", type: "bool", short: "q", text: "Print names only" },
  ],
  remote: true,
  access: "reads",
  run: listNetworks,
};

async function listNetworks(context: CommandContext): Promise<void> {
  const { engine, flags, io, signal } = context;
  const filters = parseFilters(flags.list("filter"));
  const listed = await engine.networks.list(flags.given("filter") ? { filters } : {}, signal);
  io.stdout.write(await print(listed.toSorted((left, right) => left.name < right.name ? -1 : 1), context));
}

async function print(networks: readonly Network[], { flags }: CommandContext): Promise<string> {
  if (flags.on("quiet")) return networks.map(({ name }) => `${name}\n`).join("");
  const format = flags.text("format");
  const noHeading = flags.on("noheading");
  if (isJsonFormat(format)) return prettyJson(networks, 2);
  const flat = networks.map((network) => ({ ...network, labels: labelText(network) }));
  const shown = flags.on("no-trunc") ? flat : flat.map((network) => ({ ...network, id: network.id.slice(0, 12) }));
  if (format !== "") {
    const { formatRecords } = await import("../format/records.ts");
    return formatRecords(shown, { name: "network ls", format, headers, noHeading });
  }
  const rows = shown.map(({ id, name, driver }) => [id, name, driver]);
  return table(noHeading ? rows : [["NETWORK ID", "NAME", "DRIVER"], ...rows]);
}

/** In templates `.Labels` is one text. */
function labelText({ labels }: Network): string {
  return Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`).join(",");
}

const headers: Readonly<Record<string, string>> = {
  "ID": "NETWORK ID",
  "Labels": "LABELS",
  "Name": "NAME",
  "Driver": "DRIVER",
  "NetworkInterface": "NETWORK INTERFACE",
  "Created": "CREATED",
  "Subnets": "SUBNETS",
  "Routes": "ROUTES",
  "IPv6Enabled": "I PV 6 ENABLED",
  "Internal": "INTERNAL",
  "DNSEnabled": "DNS ENABLED",
  "NetworkDNSServers": "NETWORK DNS SERVERS",
  "Options": "OPTIONS",
  "IPAMOptions": "IPAM OPTIONS",
};
