/** Puts files of containers.conf on top of each other, key by key. */

import type { Notice } from "./config.ts";
import { allKeys, type Destination, type KeyTable, type KindValues, type SubnetPool } from "./keys.ts";
import { badValue, type TomlTable } from "./toml.ts";

/** The tables while they are being filled. `appending` remembers keys that once said `{append=true}`: it lasts. */
export type Draft = {
  readonly tables: Map<string, Map<string, unknown>>;
  readonly appending: Set<string>;
  readonly given: Set<string>;
  readonly notices: Notice[];
};

type Source = { readonly file: string; readonly text: string };

const wanted: Readonly<Record<keyof KindValues, string>> = {
  string: "a string",
  bool: "true or false",
  number: "an integer",
  optional: "an integer",
  strings: "an array of strings",
  map: "a table of strings",
  lists: "a table of arrays of strings",
  pools: "an array of tables with base and size",
  destinations: "a table of tables",
};

/** The tables as they are without any file. */
export function newDraft(): Draft {
  const tables = new Map<string, Map<string, unknown>>();
  for (const [name, keys] of Object.entries(allKeys)) {
    tables.set(name, new Map(Object.entries(keys).map(([key, entry]) => [key, entry.fallback])));
  }
  return { tables, appending: new Set(), given: new Set(), notices: [] };
}

/** Puts what `parsed` sets on `draft`. Unknown tables and keys become notices, wrong types throw. */
export function mergeFile(draft: Draft, parsed: TomlTable, source: Source): void {
  for (const [name, table] of Object.entries(parsed)) {
    const keys = Object.hasOwn(allKeys, name) ? allKeys[name] : undefined;
    if (keys === undefined || !isTable(table)) {
      draft.notices.push({ file: source.file, key: name, why: "unknown key" });
    } else {
      mergeTable(draft, { name, keys, table }, source);
    }
  }
}

type NamedTable = { readonly name: string; readonly keys: KeyTable; readonly table: TomlTable };

function mergeTable(draft: Draft, { name, keys, table }: NamedTable, source: Source): void {
  for (const [key, value] of Object.entries(table)) {
    const path = `${name}.${key}`;
    const entry = Object.hasOwn(keys, key) ? keys[key] : undefined;
    if (entry === undefined || entry.unused) {
      draft.notices.push({ file: source.file, key: path, why: entry === undefined ? "unknown key" : "not supported" });
    }
    if (entry === undefined) continue;
    const values = draft.tables.get(name);
    const decoded = decodeValue(entry.kind, value, { old: values?.get(key), path, appending: draft.appending });
    if (decoded === undefined) throw badValue(source.file, path, { text: source.text, want: wanted[entry.kind] });
    values?.set(key, decoded);
    draft.given.add(path);
  }
}

type Before = { readonly old: unknown; readonly path: string; readonly appending: Set<string> };

/** The value as its kind wants it; undefined if it is of another. */
function decodeValue(kind: keyof KindValues, value: unknown, before: Before): unknown {
  switch (kind) {
    case "string":
      return typeof value === "string" ? value : undefined;
    case "bool":
      return typeof value === "boolean" ? value : undefined;
    case "number":
    case "optional":
      return Number.isInteger(value) ? value : undefined;
    case "strings":
      return decodeStrings(value, before);
    case "map":
      return mapOf(value, { old: before.old, decode: (one) => typeof one === "string" ? one : undefined });
    case "lists":
      return mapOf(value, { old: before.old, decode: (one) => isStrings(one) ? one : undefined });
    case "pools":
      return decodePools(value);
    case "destinations":
      return mapOf(value, { old: before.old, decode: decodeDestination });
  }
}

function decodeStrings(value: unknown, { old, path, appending }: Before): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const strings: string[] = [];
  for (const one of value) {
    if (typeof one === "string") strings.push(one);
    else if (!isTable(one) || typeof one.append !== "boolean") return undefined;
    else if (one.append) appending.add(path);
    else appending.delete(path);
  }
  return appending.has(path) && isStrings(old) ? [...old, ...strings] : strings;
}

type MapRule<T> = { readonly old: unknown; readonly decode: (one: unknown) => T | undefined };

function mapOf<T>(value: unknown, { old, decode }: MapRule<T>): object | undefined {
  if (!isTable(value)) return undefined;
  const entries = Object.entries(value).map(([key, one]) => [key, decode(one)] as const);
  if (entries.some(([, one]) => one === undefined)) return undefined;
  return Object.fromEntries([...(isTable(old) ? Object.entries(old) : []), ...entries]);
}

function decodePools(value: unknown): readonly SubnetPool[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const pools: SubnetPool[] = [];
  for (const one of value) {
    if (!isTable(one) || typeof one.base !== "string" || typeof one.size !== "number") return undefined;
    pools.push({ base: one.base, size: one.size });
  }
  return pools;
}

function decodeDestination(value: unknown): Destination | undefined {
  if (!isTable(value) || typeof value.uri !== "string") return undefined;
  const text = (key: string) => typeof value[key] === "string" ? value[key] : "";
  return {
    uri: value.uri,
    identity: text("identity"),
    tlsCert: text("tls_cert"),
    tlsKey: text("tls_key"),
    tlsCa: text("tls_ca"),
    isMachine: value.is_machine === true,
  };
}

function isTable(value: unknown): value is TomlTable {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}
