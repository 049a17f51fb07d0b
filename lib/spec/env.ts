/** Environments: `-e NAME=VALUE`, env files, `--env-merge`. Records are built of entries: `__proto__` is a name like any. */

import { cut, invalid } from "./invalid.ts";

export type Environment = Readonly<Record<string, string>>;
type HostEnvironment = Readonly<Record<string, string | undefined>>;

/**
 * Parses `NAME=VALUE` (set), `NAME` (taken from `host` if it is there) and `PREFIX*` (all of `host` that begin so).
 * Later entries win.
 */
export function parseEnvironment(entries: readonly string[], host: HostEnvironment): Environment {
  return Object.fromEntries(entries.flatMap((entry) => parseEntry(entry, host)));
}

function parseEntry(entry: string, host: HostEnvironment): readonly (readonly [string, string])[] {
  const [rawName, value] = cut(entry, "=");
  if (rawName === "") throw invalid(`invalid environment variable: ${JSON.stringify(entry)}`);
  const name = rawName.trimStart();
  if (value !== undefined) return [[name, value]];
  if (name.endsWith("*")) {
    const prefix = name.slice(0, -1);
    return Object.entries(host).flatMap(([key, one]) =>
      key.startsWith(prefix) && one !== undefined ? [[key, one]] : []
    );
  }
  const own = Object.hasOwn(host, name) ? host[name] : undefined;
  return own === undefined ? [] : [[name, own]];
}

/** Parses the text of an env file: an entry a line, blank lines and those that begin with `#` left out. */
export function parseEnvironmentFile(text: string, host: HostEnvironment): Environment {
  const lines = text.replace(/^\uFEFF/, "").split("\n").map((line) => line.replace(/\r$/, "").trimStart());
  return parseEnvironment(lines.filter((line) => line !== "" && !line.startsWith("#")), host);
}

/** The environment of an image or config: `NAME=VALUE` only; the host's is never looked at. */
export function fixedEnvironment(entries: readonly string[]): Environment {
  const pairs = entries.flatMap((entry) => {
    const [name, value] = cut(entry, "=");
    return name === "" ? [] : [[name, value ?? ""] as const];
  });
  return Object.fromEntries(pairs);
}

/** `NAME=VALUE` of `--env-merge` with `${NAME}` and `$NAME` replaced by what `base` has. */
export function mergeEnvironment(entries: readonly string[], base: Environment): Environment {
  const merged = new Map(Object.entries(base));
  for (const entry of entries) {
    const [name, value] = cut(entry, "=");
    if (name === "" || value === undefined) throw invalid(`invalid environment variable: ${JSON.stringify(entry)}`);
    const text = value.replace(
      /\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))/g,
      (_, braced?: string, bare?: string) => merged.get(braced ?? bare ?? "") ?? "",
    );
    merged.set(name, text);
  }
  return Object.fromEntries(merged);
}

/** Parses `KEY=VALUE` or `KEY` of labels and annotations. */
export function parseLabels(entries: readonly string[], what: "label" | "annotation"): Environment {
  return Object.fromEntries(entries.map((entry) => {
    const [key, value] = cut(entry, "=");
    if (value === undefined && what === "annotation") throw invalid("annotations must be formatted KEY=VALUE");
    if (key === "") throw invalid(`unable to process ${what}s: invalid ${what} format: ${JSON.stringify(entry)}`);
    return [key, value ?? ""];
  }));
}
