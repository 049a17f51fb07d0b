/**
 * registries.conf: which registries are asked for a short name, aliases, mirrors, blocked and insecure registries
 * (containers-registries.conf(5), version 2). Read when an image is looked for elsewhere, not before.
 */

import { EngineError } from "../errors.ts";
import type { ConfigInput } from "./config.ts";
import { badValue, parseToml, type TomlTable } from "./toml.ts";

export type RegistryMirror = {
  readonly location: string;
  readonly insecure: boolean;
  readonly pullFromMirror: "all" | "digest-only" | "tag-only";
};

/** One `[[registry]]`. */
export type RegistryRule = {
  /** A beginning of references, or `*.example.com`. */
  readonly prefix: string;
  /** Takes the place of `prefix`; empty: no change. */
  readonly location: string;
  readonly insecure: boolean;
  readonly blocked: boolean;
  readonly mirrorByDigestOnly: boolean;
  readonly mirrors: readonly RegistryMirror[];
};

export type Registries = {
  /** The main file, for messages. */
  readonly path: string;
  /** Registries to ask for a name without one, in this order. */
  readonly unqualifiedSearch: readonly string[];
  readonly shortNameMode: "enforcing" | "permissive" | "disabled";
  /** Short name → full name without a tag. */
  readonly aliases: ReadonlyMap<string, string>;
  readonly rules: readonly RegistryRule[];
  /** Helpers to ask for credentials. */
  readonly credentialHelpers: readonly string[];
};

type Source = { readonly file: string; readonly text: string; readonly table: TomlTable };

const shortNameModes = ["enforcing", "permissive", "disabled"] as const;
const mirrorModes = ["all", "digest-only", "tag-only"] as const;
const systemFile = "/etc/containers/registries.conf";

/** Reads the file that counts and the drop-ins beside it. Throws `invalidArgument` that names file and line. */
export async function loadRegistries(input: ConfigInput): Promise<Registries> {
  const { main, dropIns } = registriesFiles(input);
  const sources: Source[] = [];
  for (const file of [main, ...dropIns]) {
    const text = input.files.read(file);
    if (text === null && file === input.env.CONTAINERS_REGISTRIES_CONF) {
      throw new EngineError("invalidArgument", `reading "${file}": no such file or directory`);
    }
    if (text !== null) sources.push({ file, text, table: await parseToml(text, file) });
  }
  for (const source of sources) refuseOldFormat(source);
  return {
    path: main,
    unqualifiedSearch: last(sources, { key: "unqualified-search-registries", read: stringsIn }) ?? [],
    shortNameMode: last(sources, { key: "short-name-mode", read: modeIn }) ?? "permissive",
    aliases: new Map(sources.flatMap(aliasesIn)),
    rules: rulesOf(sources),
    credentialHelpers: last(sources, { key: "credential-helpers", read: stringsIn }) ?? [],
  };
}

function registriesFiles(
  { env, home, files }: ConfigInput,
): { readonly main: string; readonly dropIns: readonly string[] } {
  if (env.CONTAINERS_REGISTRIES_CONF) return { main: env.CONTAINERS_REGISTRIES_CONF, dropIns: [] };
  const userFile = `${home}/.config/containers/registries.conf`;
  const main = files.read(userFile) === null ? systemFile : userFile;
  const dropIns = files.list(`${main}.d`).filter((name) => name.endsWith(".conf")).toSorted();
  return { main, dropIns: dropIns.map((name) => `${main}.d/${name}`) };
}

function refuseOldFormat({ file, table }: Source): void {
  if (!("registries" in table)) return;
  throw new EngineError("invalidArgument", `reading "${file}": registry must be in v2 format but is in v1`);
}

type Wanted<T> = { readonly key: string; readonly read: (source: Source, key: string) => T };

/** The value of the last file that has the key. */
function last<T>(sources: readonly Source[], { key, read }: Wanted<T>): T | undefined {
  const source = sources.findLast(({ table }) => Object.hasOwn(table, key));
  return source === undefined ? undefined : read(source, key);
}

function stringsIn({ file, text, table }: Source, key: string): readonly string[] {
  const value = table[key];
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
  throw badValue(file, key, { text, want: "an array of strings" });
}

function modeIn({ file, text, table }: Source, key: string): Registries["shortNameMode"] {
  const found = shortNameModes.find((mode) => mode === table[key]);
  if (found) return found;
  throw badValue(file, key, { text, want: `one of ${shortNameModes.join(", ")}` });
}

function aliasesIn({ file, text, table }: Source): readonly (readonly [string, string])[] {
  const aliases = table.aliases;
  if (aliases === undefined) return [];
  if (!isTable(aliases)) throw badValue(file, "aliases", { text, want: "a table" });
  return Object.entries(aliases).map(([name, value]) => {
    if (typeof value !== "string") throw badValue(file, name, { text, want: "a string" });
    return [name, value] as const;
  });
}

/** A rule of a later file takes the place of an earlier one with the same prefix. */
function rulesOf(sources: readonly Source[]): readonly RegistryRule[] {
  const rules = sources.flatMap((source) => tablesIn(source, "registry").map((table) => ruleOf({ ...source, table })));
  return [...new Map(rules.map((rule) => [rule.prefix, rule])).values()];
}

/** `source` with the rule as its table. */
function ruleOf(source: Source): RegistryRule {
  const location = textIn(source, "location");
  const prefix = textIn(source, "prefix") || location;
  if (prefix === "") {
    throw badValue(source.file, "registry", { text: source.text, want: "a table with a prefix or a location" });
  }
  return {
    prefix,
    location: prefix === location ? "" : location,
    insecure: flagIn(source, "insecure"),
    blocked: flagIn(source, "blocked"),
    mirrorByDigestOnly: flagIn(source, "mirror-by-digest-only"),
    mirrors: tablesIn(source, "mirror").map((table) => mirrorOf({ ...source, table })),
  };
}

function mirrorOf(source: Source): RegistryMirror {
  const mode = textIn(source, "pull-from-mirror") || "all";
  const pullFromMirror = mirrorModes.find((known) => known === mode);
  if (!pullFromMirror) {
    throw badValue(source.file, "pull-from-mirror", { text: source.text, want: `one of ${mirrorModes.join(", ")}` });
  }
  return { location: textIn(source, "location"), insecure: flagIn(source, "insecure"), pullFromMirror };
}

function isTable(value: unknown): value is TomlTable {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function tablesIn({ file, text, table }: Source, key: string): readonly TomlTable[] {
  const value = table[key] ?? [];
  if (Array.isArray(value) && value.every(isTable)) return value;
  throw badValue(file, key, { text, want: "an array of tables" });
}

function textIn({ file, text, table }: Source, key: string): string {
  const value = table[key] ?? "";
  if (typeof value === "string") return value;
  throw badValue(file, key, { text, want: "a string" });
}

function flagIn({ file, text, table }: Source, key: string): boolean {
  const value = table[key] ?? false;
  if (typeof value === "boolean") return value;
  throw badValue(file, key, { text, want: "true or false" });
}
