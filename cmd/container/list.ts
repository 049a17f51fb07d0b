/** `ps`: containers as a table, as JSON or by a template. */

import { EngineError } from "../../lib/errors.ts";
import type { ListContainer } from "../../lib/engine/mod.ts";
import type { Command, CommandContext } from "../command.ts";
import { parseFilters } from "../_filters.ts";
import { table } from "../format/table.ts";
import { type ContainerRow, containerRow } from "./_list_row.ts";

export const command: Command = {
  path: "container list",
  summary: "Table of containers; only running ones unless asked",
  examples: ["ps -a", 'ps --format "table {{.ID}} {{.Names}}"', "ps --filter status=exited -q"],
  args: { text: "[options]", min: 0, max: 0 },
  flags: [
    { name: "all", type: "bool", short: "a", text: "Show all containers, not only running ones" },
    { name: "external", type: "bool", aliases: ["storage"], text: "Show containers of other tools as well" },
    { name: "filter", type: "stringArray", short: "f", value: "FILTER", text: "Show those that match KEY=VALUE" },
    { name: "format", type: "string", value: "FORMAT", text: "Print as json or by a Go template" },
    { name: "last", type: "int", short: "n", default: -1, text: "Show the newest so many, in any state" },
    { name: "latest", type: "bool", short: "l", remote: false, text: "Show the newest, in any state" },
    { name: "no-trunc", type: "bool", aliases: ["notruncate"], text: "Do not shorten" },
    { name: "noheading", type: "bool", text: "Print no headers" },
    { name: "ns", type: "bool", aliases: ["namespace"], text: "Show namespaces" },
    { name: "pod", type: "bool", short: "p", text: "Show the pods they belong to" },
    { name: "quiet", type: "bool", short: "q", text: "Print ids only" },
    { name: "size", type: "bool", short: "s", text: "Show sizes" },
    {
      name: "sort",
      type: "choice",
      values: ["command", "created", "id", "image", "names", "runningfor", "size", "status"],
      value: "COLUMN",
      text: "Order by this column",
    },
    { name: "sync", type: "bool", text: "Look at the OCI runtime for each state" },
    { name: "watch", type: "uint", short: "w", text: "Print again every so many seconds" },
  ],
  remote: true,
  access: "reads",
  run: listContainers,
};

async function listContainers(context: CommandContext): Promise<void> {
  const { flags, io, signal } = context;
  checkFlags(context);
  const seconds = flags.number("watch");
  if (seconds === 0) return io.stdout.write(await render(context));
  while (!signal.aborted) {
    io.stdout.write(`\x1b[2J\x1b[1;1H${await render(context)}`);
    await io.sleep(seconds * 1000, signal);
  }
}

function checkFlags({ flags }: CommandContext): void {
  if (flags.number("last") >= 0 && flags.on("latest")) {
    throw new EngineError("usage", "last and latest are mutually exclusive");
  }
  if (flags.on("quiet") && (flags.on("size") || flags.on("ns"))) {
    throw new EngineError("usage", "quiet conflicts with size and namespace");
  }
  if (flags.on("ns") && flags.on("size")) throw new EngineError("usage", "size and namespace options conflict");
}

async function render(context: CommandContext): Promise<string> {
  const { engine, flags, signal, io } = context;
  const filters = parseFilters(flags.list("filter"));
  const last = flags.on("latest") ? 1 : flags.number("last");
  const listed = await engine.containers.list({
    all: flags.on("all") || last > 0 || "status" in filters,
    ...(flags.given("filter") ? { filters } : {}),
    ...(last > 0 ? { last } : {}),
    size: flags.on("size"),
    namespace: flags.on("ns"),
  }, signal);
  const sorted = sortContainers(listed, flags.text("sort"));
  if (flags.on("quiet") && !flags.given("format")) return ids(sorted, flags.on("no-trunc"));
  const format = flags.text("format");
  const rows = sorted.map((container) => containerRow(container, { full: flags.on("no-trunc"), now: io.now() }));
  if (format !== "") return await formatted({ rows, containers: sorted }, context);
  return defaultTable(rows, context);
}

async function formatted(
  { rows, containers }: { readonly rows: readonly ContainerRow[]; readonly containers: readonly ListContainer[] },
  { flags, io }: CommandContext,
): Promise<string> {
  const { containersJson, formatContainers, isJsonFormat } = await import("./_list_format.ts");
  const format = flags.text("format");
  if (isJsonFormat(format)) return containersJson(containers, io.now());
  return formatContainers(rows, format, { noHeading: flags.on("noheading") });
}

function ids(containers: readonly ListContainer[], full: boolean): string {
  return containers.map(({ Id }) => `${full ? Id : Id.slice(0, 12)}\n`).join("");
}

function defaultTable(rows: readonly ContainerRow[], { flags }: CommandContext): string {
  const columns = flags.on("ns") ? namespaceColumns : [
    ...plainColumns,
    ...(flags.on("pod") ? podColumns : []),
    ...(flags.on("size") ? sizeColumns : []),
  ];
  const cells = rows.map((row) => columns.map(([, field]) => String(row[field])));
  return table(flags.on("noheading") ? cells : [columns.map(([header]) => header), ...cells]);
}

type Column = readonly [header: string, field: keyof ContainerRow];

const plainColumns: readonly Column[] = [
  ["CONTAINER ID", "ID"],
  ["IMAGE", "Image"],
  ["COMMAND", "Command"],
  ["CREATED", "CreatedHuman"],
  ["STATUS", "Status"],
  ["PORTS", "Ports"],
  ["NAMES", "Names"],
];

const podColumns: readonly Column[] = [["POD ID", "Pod"], ["PODNAME", "PodName"]];

const sizeColumns: readonly Column[] = [["SIZE", "Size"]];

const namespaceColumns: readonly Column[] = [
  ["CONTAINER ID", "ID"],
  ["NAMES", "Names"],
  ["PID", "Pid"],
  ["CGROUPNS", "Cgroup"],
  ["IPC", "IPC"],
  ["MNT", "MNT"],
  ["NET", "NET"],
  ["PIDNS", "PIDNS"],
  ["USERNS", "User"],
  ["UTS", "UTS"],
];

function sortContainers(containers: readonly ListContainer[], by: string): readonly ListContainer[] {
  const key = sortKeys[by] ?? created;
  return containers.toSorted((left, right) => compare(key(left), key(right)));
}

function compare(left: string | number, right: string | number): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function created(container: ListContainer): number {
  return Date.parse(container.Created);
}

const sortKeys: Readonly<Record<string, (container: ListContainer) => string | number>> = {
  command: (container) => container.Command.join(" "),
  id: (container) => container.Id,
  image: (container) => container.Image,
  names: (container) => container.Names[0] ?? "",
  runningfor: (container) => container.StartedAt,
  size: (container) => container.Size?.rootFsSize ?? 0,
  status: (container) => container.State,
};
