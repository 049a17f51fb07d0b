/** Filters of `ps`: key → values as predicates. Values of one key are "or", labels and different keys "and". */

import type { Container, ContainerState } from "../engine/container.ts";
import { matchGlob } from "./glob.ts";
import { cut, invalid } from "./invalid.ts";
import { exitCodeOf, stateWord } from "./state_words.ts";

export type Filtered = { readonly container: Container; readonly state: ContainerState };
export type Predicate = (row: Filtered) => boolean;

/** What filters need to know beyond the container itself. */
export type FilterFacts = {
  /** A container by name or id, for `before` and `since`. Throws if there is none. */
  readonly container: (name: string) => Container;
  /** Id of an image by any of its names, and of those that were made from it; for `ancestor`. Empty: unknown. */
  readonly images: (name: string) => readonly string[];
  /** Name of a network by its name or id; undefined if there is none. */
  readonly network: (name: string) => string | undefined;
  /** Milliseconds since 1970 of what `until` says: a time or a duration ago. */
  readonly time: (text: string) => number;
};

type Values = readonly string[];
type Maker = (values: Values, facts: FilterFacts) => Predicate;

const states = ["created", "initialized", "running", "stopped", "stopping", "exited", "paused", "removing", "unknown"];

const makers: Readonly<Record<string, Maker>> = {
  id: (values) =>
    any(values, (value) => {
      const matches = /^[0-9a-f]{1,64}$/.test(value) ? (id: string) => id.startsWith(value) : expression(value);
      return ({ container }) => matches(container.id);
    }),
  name: (values) =>
    any(values, (value) => {
      const matches = expression(value.replace(/^\//, ""));
      return ({ container }) => matches(container.name);
    }),
  label: (values) => all(values, labelled),
  "label!": (values) => all(values, (value) => not(labelled(value))),
  annotation: (values) =>
    all(values, (value) => {
      const [key, wanted] = cut(value, "=");
      return ({ container }) => hasEntry(container.annotations, { key, wanted });
    }),
  exited: (values) =>
    any(values, (value) => {
      if (!/^-?\d+$/.test(value)) throw invalid(`exit code ${JSON.stringify(value)}: must be a number`);
      return ({ state }) => state.tag === "exited" && exitCodeOf(state) === Number(value);
    }),
  status: (values) => any(values, status),
  ancestor: (values, facts) => any(values, (value) => ancestor(value, facts)),
  before: (values, facts) =>
    all(values, (value) => {
      const limit = facts.container(value).created;
      return ({ container }) => container.created < limit;
    }),
  since: (values, facts) =>
    all(values, (value) => {
      const limit = facts.container(value).created;
      return ({ container }) => container.created > limit;
    }),
  after: (values, facts) =>
    all(values, (value) => {
      const limit = facts.container(value).created;
      return ({ container }) => container.created > limit;
    }),
  until: (values, facts) => {
    if (values.length !== 1) throw invalid("specify exactly one timestamp for until");
    const limit = facts.time(values[0] ?? "");
    return ({ container }) => Date.parse(container.created) < limit;
  },
  volume: (values) => any(values, (value) => ({ container }) => usesVolume(container, value)),
  network: (values, facts) =>
    any(values, (value) => {
      const name = facts.network(value) ?? value;
      return ({ container }) => onNetwork(container, { value, name });
    }),
  health: (values) =>
    any(values, (value) => {
      if (!["starting", "healthy", "unhealthy", "none"].includes(value)) {
        throw invalid(`invalid health status ${JSON.stringify(value)}`);
      }
      return ({ container }) => value === "none" ? container.health === null : false;
    }),
  pod: () => () => false,
  "restart-policy": (values) =>
    any(values, (value) => {
      if (!["always", "no", "on-failure", "unless-stopped"].includes(value)) {
        throw invalid(`invalid restart policy ${JSON.stringify(value)}`);
      }
      return ({ container }) => (container.restart.name || "no") === value;
    }),
  "should-start-on-boot": (values) =>
    any(
      values,
      (value) => ({ container }) => String(["always", "unless-stopped"].includes(container.restart.name)) === value,
    ),
  command: (values) => any(values, (value) => ({ container }) => container.process.command[0] === value),
};

/** Makes one predicate of all filters. Throws `x is an invalid filter`. */
export function containerFilter(filters: Readonly<Record<string, Values>>, facts: FilterFacts): Predicate {
  const predicates = Object.entries(filters).map(([key, values]) => {
    const make = Object.hasOwn(makers, key) ? makers[key] : undefined;
    if (make === undefined) throw invalid(`${key} is an invalid filter`);
    return make(values, facts);
  });
  return (row) => predicates.every((predicate) => predicate(row));
}

/** Whether the filters themselves ask for containers that do not run. */
export function wantsAllStates(filters: Readonly<Record<string, Values>>): boolean {
  return Object.hasOwn(filters, "status") || Object.hasOwn(filters, "exited");
}

function any(values: Values, make: (value: string) => Predicate): Predicate {
  const predicates = values.map(make);
  return (row) => predicates.some((predicate) => predicate(row));
}

function all(values: Values, make: (value: string) => Predicate): Predicate {
  const predicates = values.map(make);
  return (row) => predicates.every((predicate) => predicate(row));
}

function not(predicate: Predicate): Predicate {
  return (row) => !predicate(row);
}

/** Go's regular expressions and ours agree on what people write here. */
function expression(pattern: string): (text: string) => boolean {
  try {
    const compiled = new RegExp(pattern);
    return (text) => compiled.test(text);
  } catch (error) {
    throw invalid(`invalid filter value ${JSON.stringify(pattern)}: not a regular expression`, error);
  }
}

function labelled(value: string): Predicate {
  const [key, wanted] = cut(value, "=");
  return ({ container }) => hasEntry(container.labels, { key, wanted });
}

type Entry = { readonly key: string; readonly wanted: string | undefined };

function hasEntry(map: Readonly<Record<string, string>>, { key, wanted }: Entry): boolean {
  if (key.includes("*")) {
    return Object.entries(map).some(([name, value]) =>
      matchGlob(key, name) && (wanted === undefined || value === wanted)
    );
  }
  return Object.hasOwn(map, key) && (wanted === undefined || map[key] === wanted);
}

function status(value: string): Predicate {
  if (!states.includes(value)) throw invalid(`${JSON.stringify(value)} is not a valid status`);
  const tags = value === "stopped" ? ["exited", "stopped"] : [value];
  return ({ state }) => tags.includes(stateWord(state));
}

/** By name with or without tag, by part of the name, or by id. */
function ancestor(value: string, facts: FilterFacts): Predicate {
  const ids = new Set(facts.images(value));
  return ({ container }) => {
    if (container.image === null) return false;
    const { id, name } = container.image;
    const plain = name.replace(/:[^/:]*$/, "");
    const isNamed = name === value || plain === value || plain.endsWith(`/${value}`) || name.endsWith(`/${value}`);
    return isNamed || ids.has(id) || (/^[0-9a-f]{3,64}$/.test(value) && id.startsWith(value));
  };
}

function usesVolume(container: Container, value: string): boolean {
  const [source, destination] = cut(value, ":");
  const volumes = container.volumes.some((one) =>
    one.name === source && (destination === undefined || one.destination === destination)
  );
  return volumes || container.mounts.some((one) =>
    (one.source === source || one.destination === source) &&
    (destination === undefined || one.destination === destination)
  );
}

function onNetwork(container: Container, { value, name }: { readonly value: string; readonly name: string }): boolean {
  const names = Object.keys(container.network.networks);
  return names.includes(value) || names.includes(name) || container.namespaces.net.nsmode === value;
}
