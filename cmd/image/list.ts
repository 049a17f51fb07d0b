/** `images`: one line for each name of each image. */

import type { ImageSummary } from "../../lib/engine/mod.ts";
import type { Command, CommandContext } from "../command.ts";
import { parseFilters } from "../_filters.ts";
import { isJsonFormat, prettyJson } from "../format/json.ts";
import { table } from "../format/table.ts";
import { imageHeaders, type ImageLine, imageLines, type ImageRow, imageRow } from "./_list_row.ts";

export const command: Command = {
  path: "image list",
  summary: "Table of local images",
  examples: ["images", "images --filter dangling=true", 'images --format "{{.Repository}}:{{.Tag}} {{.Size}}"'],
  args: { text: "[options] [IMAGE]", min: 0, max: 1 },
  flags: [
    { name: "all", type: "bool", short: "a", text: "Show intermediate images as well" },
    { name: "digests", type: "bool", text: "Show digests" },
    { name: "filter", type: "stringArray", short: "f", value: "FILTER", text: "Show those that match KEY=VALUE" },
    { name: "format", type: "string", value: "FORMAT", text: "Print as json or by a Go template" },
    { name: "history", type: "bool", text: "Show earlier names" },
    { name: "no-trunc", type: "bool", aliases: ["notruncate"], text: "Do not shorten" },
    { name: "noheading", type: "bool", short: "n", text: "Print no headers" },
    { name: "quiet", type: "bool", short: "q", text: "Print ids only" },
    {
      name: "sort",
      type: "choice",
      default: "created",
      values: ["created", "id", "repository", "size", "tag"],
      value: "COLUMN",
      text: "Order by this column",
    },
  ],
  remote: true,
  access: "reads",
  run: listImages,
};

async function listImages(context: CommandContext): Promise<void> {
  const { engine, flags, args, io, signal } = context;
  const references = args.map((name) => `reference=${name}`);
  const filters = parseFilters([...flags.list("filter"), ...references]);
  const images = await engine.images.list({
    all: flags.on("all"),
    ...(Object.keys(filters).length > 0 ? { filters } : {}),
  }, signal);
  const lines = sortLines(images.flatMap(imageLines), flags.text("sort"));
  io.stdout.write(await print(lines, context));
}

async function print(lines: readonly ImageLine[], context: CommandContext): Promise<string> {
  const { flags, io } = context;
  const full = flags.on("no-trunc");
  if (flags.on("quiet")) return ids(lines, full);
  const format = flags.text("format");
  if (isJsonFormat(format)) return prettyJson(lines.map(({ image }) => printable(image)));
  const rows = lines.map((line) => imageRow(line, { full, now: io.now() }));
  const noHeading = flags.on("noheading");
  if (format === "") return defaultTable(rows, context);
  const { formatRows } = await import("../format/template.ts");
  return formatRows(rows, { name: "images", format, headers: imageHeaders, noHeading });
}

function ids(lines: readonly ImageLine[], full: boolean): string {
  const all = lines.map(({ image }) => full ? `sha256:${image.Id}` : image.Id.slice(0, 12));
  return [...new Set(all)].map((id) => `${id}\n`).join("");
}

function printable(image: ImageSummary): unknown {
  return { ...image, RepoTags: null, Created: image.Created, CreatedAt: isoTime(image.Created) };
}

function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}

function defaultTable(rows: readonly ImageRow[], { flags }: CommandContext): string {
  const columns: readonly (readonly [string, keyof ImageRow])[] = [
    ["REPOSITORY", "Repository"],
    ["TAG", "Tag"],
    ...(flags.on("digests") ? [["DIGEST", "Digest"] as const] : []),
    ["IMAGE ID", "ID"],
    ["CREATED", "CreatedSince"],
    ["SIZE", "Size"],
    ...(flags.on("history") ? [["HISTORY", "History"] as const] : []),
  ];
  const cells = rows.map((row) => columns.map(([, field]) => String(row[field])));
  return table(flags.on("noheading") ? cells : [columns.map(([header]) => header), ...cells]);
}

/** Newest first unless asked otherwise; names break ties. */
function sortLines(lines: readonly ImageLine[], by: string): readonly ImageLine[] {
  const key = sortKeys[by] ?? ((line: ImageLine) => -line.image.Created);
  const names = (line: ImageLine) => `${line.repository}:${line.tag}`;
  return lines.toSorted((left, right) => compare(key(left), key(right)) || compare(names(left), names(right)));
}

function compare(left: string | number, right: string | number): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

const sortKeys: Readonly<Record<string, (line: ImageLine) => string | number>> = {
  id: (line) => line.image.Id,
  repository: (line) => line.repository,
  size: (line) => line.image.Size,
  tag: (line) => line.tag,
};
