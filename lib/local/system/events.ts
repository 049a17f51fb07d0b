import type { EventsInput } from "../../engine/system.ts";
import type { Event } from "../../engine/types/system.ts";
import { EngineError } from "../../errors.ts";
import type { Local } from "../context.ts";
import { parseTime } from "../parse_time.ts";

/** Milliseconds between looks for new events of other processes: SQLite gives no notice of them. */
const lookAgain = 100;

type Test = (event: Event, value: string) => boolean;

const tests: ReadonlyMap<string, Test> = new Map([
  ["event", (event, value) => event.Action === value],
  ["type", (event, value) => event.Type === value],
  ["container", (event, value) => event.Type === "container" && isActor(event, value)],
  ["image", (event, value) => (event.Type === "image" && isActor(event, value)) || event.from === value],
  ["volume", (event, value) => event.Type === "volume" && isActor(event, value)],
  ["network", (event, value) => event.Type === "network" && isActor(event, value)],
  ["label", hasLabel],
]);

function isActor({ Actor: { ID, Attributes } }: Event, value: string): boolean {
  return (value !== "" && ID.startsWith(value)) || Attributes.name === value;
}

function hasLabel({ Actor: { Attributes } }: Event, wanted: string): boolean {
  const [key = "", ...rest] = wanted.split("=");
  return Object.hasOwn(Attributes, key) && (rest.length === 0 || Attributes[key] === rest.join("="));
}

/** Past events since a time, and those to come until a time or the signal. Without `since` only those to come. */
export async function* systemEvents(local: Local, input: EventsInput, signal?: AbortSignal): AsyncGenerator<Event> {
  for (const key of Object.keys(input.filters ?? {})) {
    if (!tests.has(key)) throw new EngineError("invalidArgument", `"${key}" is an invalid filter: invalid argument`);
  }
  const since = input.since ? parseTime(input.since) : input.stream === false ? 0 : Date.now();
  const until = input.until ? parseTime(input.until) : input.stream === false ? Date.now() : Infinity;
  if (local.config.events === "none") {
    throw new EngineError("unsupported", 'cannot read events with the "none" backend');
  }
  let seq = input.since || input.stream === false ? 0 : local.state.events.last();
  for (;;) {
    for (const record of local.state.events.after(seq)) {
      seq = record.seq;
      const at = (record.event.timeNano ?? 0) / 1e6;
      if (at >= since && at <= until && passes(record.event, input)) yield record.event;
    }
    if (Date.now() >= until || signal?.aborted) return;
    await new Promise((resolve) => setTimeout(resolve, lookAgain));
  }
}

function passes(event: Event, { filters = {} }: EventsInput): boolean {
  return Object.entries(filters).every(([key, values]) =>
    values.some((value) => tests.get(key)?.(event, value) ?? false)
  );
}
