/**
 * Flags as data. One record feeds the parser, `--help`, `__commands` and, later, man pages and completions. Flags that are
 * known by name but not built yet stand in a compact notation, read only when one of them is looked for.
 */

export type FlagType =
  | "bool"
  | "choice"
  | "duration"
  | "float64"
  | "int"
  | "int32"
  | "int64"
  | "intSlice"
  | "ip"
  | "ipSlice"
  | "string"
  | "stringArray"
  | "stringSlice"
  | "stringToString"
  | "uint"
  | "uint64"
  | "uintSlice";

/** Lists of numbers and addresses stay lists of checked text; `key=value` pairs too. */
export type FlagValue = boolean | number | string | readonly string[];

export type Flag = {
  readonly name: string;
  readonly type: FlagType;
  readonly short?: string;
  /** Absent: the type's zero. */
  readonly default?: FlagValue;
  /** What `--help` shows as the default, where ours is not the one that Podman's table has; empty: nothing. */
  readonly shownDefault?: string;
  /** One line for `--help`. */
  readonly text?: string;
  /** What `--help` calls the value; the type's word when absent. */
  readonly value?: string;
  /** The only values of a `choice`; hints for other types. */
  readonly values?: readonly string[];
  /** Older spellings, accepted and not shown. */
  readonly aliases?: readonly string[];
  readonly hidden?: boolean;
  /** `false`: not known in remote mode; `"hidden"`: accepted there, not shown. */
  readonly remote?: false | "hidden";
  /** Of the root: also accepted behind a command. */
  readonly persistent?: boolean;
  readonly supported?: false;
};

const lists: readonly FlagType[] = ["intSlice", "ipSlice", "stringArray", "stringSlice", "stringToString", "uintSlice"];
const numbers: readonly FlagType[] = ["float64", "int", "int32", "int64", "uint", "uint64"];

export function isList(type: FlagType): boolean {
  return lists.includes(type);
}

export function isNumber(type: FlagType): boolean {
  return numbers.includes(type);
}

/** The value a flag has when it is not given. */
export function defaultOf(flag: Flag): FlagValue {
  if (flag.default !== undefined) return flag.default;
  if (flag.type === "bool") return false;
  if (isList(flag.type)) return [];
  return isNumber(flag.type) ? 0 : "";
}

/**
 * Reads the compact notation: flags parted by white space, each `name[/short]:type[=default][!attribute…]`, where the
 * default is JSON without white space and attributes are `hidden`, `local` (not in remote mode), `quiet` (accepted there,
 * not shown).
 */
export function unsupportedFlags(notation: string): readonly Flag[] {
  return notation.split(/\s+/).filter((word) => word !== "").map(readUnsupported);
}

function readUnsupported(word: string): Flag {
  const [head = "", ...attributes] = word.split("!");
  const colon = head.indexOf(":");
  const [name = "", short] = head.slice(0, colon).split("/");
  const typed = head.slice(colon + 1);
  const equals = typed.indexOf("=");
  const type = (equals < 0 ? typed : typed.slice(0, equals)) as FlagType;
  return {
    name,
    type,
    ...(short === undefined ? {} : { short }),
    ...(equals < 0 ? {} : { default: JSON.parse(typed.slice(equals + 1)) as FlagValue }),
    ...(attributes.includes("hidden") ? { hidden: true } : {}),
    ...(attributes.includes("local") ? { remote: false } : attributes.includes("quiet") ? { remote: "hidden" } : {}),
    supported: false,
  };
}
