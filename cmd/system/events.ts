/** `events`: what happened, and what happens. */

import type { Event } from "../../lib/engine/mod.ts";
import { parseFilters } from "../_filters.ts";
import type { Command, CommandContext } from "../command.ts";
import { compactJson, isJsonFormat } from "../format/json.ts";
import { GoTime } from "../format/go_time.ts";
import { printValue, type TemplateRecord } from "../format/template_value.ts";

export const command: Command = {
  path: "events",
  summary: "Print engine events, past or as they come",
  examples: ["events", "events --since 1h --stream=false", "events --filter event=died"],
  args: { text: "[options]", min: 0, max: 0 },
  flags: [
    { name: "filter", type: "stringArray", short: "f", value: "FILTER", text: "Show those that match KEY=VALUE" },
    { name: "format", type: "string", value: "FORMAT", text: "Print as json or by a Go template" },
    { name: "no-trunc", type: "bool", default: true, aliases: ["notruncate"], text: "Do not shorten ids" },
    { name: "since", type: "string", value: "TIME", text: "From this time on" },
    { name: "stream", type: "bool", default: true, text: "Go on with what comes" },
    { name: "until", type: "string", value: "TIME", text: "Up to this time" },
  ],
  remote: true,
  access: "reads",
  run: showEvents,
};

async function showEvents(context: CommandContext): Promise<void> {
  const { engine, flags, io, signal } = context;
  const text = (name: string) => flags.text(name) === "" ? {} : { [name]: flags.text(name) };
  const print = await printer(context);
  const events = engine.system.events({
    stream: flags.on("stream"),
    ...text("since"),
    ...text("until"),
    ...(flags.given("filter") ? { filters: parseFilters(flags.list("filter")) } : {}),
  }, signal);
  for await (const event of events) io.stdout.write(print(event));
}

async function printer({ flags }: CommandContext): Promise<(event: Event) => string> {
  const format = flags.text("format");
  if (isJsonFormat(format)) return (event) => `${compactJson(jsonEvent(event))}\n`;
  if (format === "") return (event) => eventLine(event, flags.on("no-trunc"));
  const { formatOne } = await import("../format/template.ts");
  return (event) => formatOne("events", format, { data: templateEvent(event) });
}

function timeOf(event: Event): GoTime {
  // A number cannot hold today's nanoseconds exactly, but microseconds.
  const nanoseconds = BigInt(Math.round((event.timeNano ?? (event.time ?? 0) * 1e9) / 1000)) * 1000n;
  const seconds = new Date(Number(nanoseconds / 1_000_000_000n) * 1000).toISOString().slice(0, 19);
  const fraction = String(nanoseconds % 1_000_000_000n).padStart(9, "0").replace(/0+$/, "");
  return new GoTime(`${seconds}${fraction === "" ? "" : `.${fraction}`}Z`);
}

function split({ Actor }: Event) {
  const { image = "", name = "", containerExitCode, network = "", podId = "", error = "", ...rest } = Actor.Attributes;
  return { image, name, exitCode: containerExitCode, network, podId, error, rest };
}

function eventLine(event: Event, full: boolean): string {
  const { image, name, rest } = split(event);
  const id = full ? event.Actor.ID : event.Actor.ID.slice(0, 12);
  const pairs = Object.entries(rest).map(([key, value]) => `${key}=${value}`);
  const head = `${printValue(timeOf(event))} ${event.Type} ${event.Action}`;
  if (event.Type === "container") return `${head} ${id} (${[`image=${image}`, `name=${name}`, ...pairs].join(", ")})\n`;
  const names = event.Actor.ID === name ? [name] : [id, name];
  return `${[head, ...names].filter((word) => word !== "").join(" ")}\n`;
}

function jsonEvent(event: Event): unknown {
  const { image, name, exitCode, network, podId, error, rest } = split(event);
  return {
    ...(exitCode === undefined ? {} : { ContainerExitCode: Number(exitCode) }),
    ...(event.Actor.ID === "" ? {} : { ID: event.Actor.ID }),
    ...(image === "" ? {} : { Image: image }),
    ...(name === "" ? {} : { Name: name }),
    ...(network === "" ? {} : { network }),
    Status: event.Action,
    time: event.time,
    timeNano: event.timeNano,
    Type: event.Type,
    ...(event.HealthStatus ? { health_status: event.HealthStatus } : {}),
    ...(error === "" ? {} : { Error: error }),
    ...(podId === "" ? {} : { PodID: podId }),
    Attributes: Object.keys(rest).length === 0 ? null : rest,
  };
}

function templateEvent(event: Event): TemplateRecord {
  const { image, name, exitCode, network, podId, error, rest } = split(event);
  return {
    Attributes: new Map(Object.entries(rest)),
    ContainerExitCode: exitCode === undefined ? null : Number(exitCode),
    ContainerInspectData: "",
    Error: error,
    HealthStatus: event.HealthStatus ?? "",
    ID: event.Actor.ID,
    Image: image,
    Name: name,
    Network: network,
    PodID: podId,
    Status: event.Action,
    Time: timeOf(event),
    TimeNano: event.timeNano ?? 0,
    Type: event.Type,
  };
}
