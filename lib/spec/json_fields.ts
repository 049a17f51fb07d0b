/** Reading JSON that a client sent: each field is of the type it must have, or the request is wrong. */

import { invalid } from "./invalid.ts";

/** Typed looks at the fields of an object. Absent and `null` read as empty, as Go's decoder has it. */
export type Fields = {
  readonly has: (key: string) => boolean;
  readonly text: (key: string) => string;
  readonly flag: (key: string) => boolean;
  readonly integer: (key: string) => number;
  readonly texts: (key: string) => readonly string[];
  /** Key → text. Built of entries: `__proto__` is a key like any. */
  readonly textMap: (key: string) => Readonly<Record<string, string>>;
  readonly keys: (key: string) => readonly string[];
  readonly object: (key: string) => Fields;
  readonly objects: (key: string) => readonly Fields[];
  /** The objects of a map. */
  readonly entries: (key: string) => readonly (readonly [string, Fields])[];
  /** The lists of objects of a map. */
  readonly listEntries: (key: string) => readonly (readonly [string, readonly Fields[]])[];
};

/** Most members that a list or map of a request may have. */
const mostMembers = 65_536;

type Json = Readonly<Record<string, unknown>>;

/** `what` names the place in messages; empty for the whole body. */
export function readFields(value: unknown, what: string): Fields {
  const record = readObject(value, what);
  const place = (key: string) => what === "" ? key : `${what}.${key}`;
  const member = (key: string) => (Object.hasOwn(record, key) ? record[key] : undefined) ?? undefined;
  const read = <T>(key: string, reader: (value: unknown, what: string) => T, empty: T): T => {
    const one = member(key);
    return one === undefined ? empty : reader(one, place(key));
  };
  const objectEntries = (key: string) => Object.entries(read(key, readObject, {}));
  return {
    has: (key) => member(key) !== undefined,
    text: (key) => read(key, readText, ""),
    flag: (key) => read(key, readFlag, false),
    integer: (key) => read(key, readInteger, 0),
    texts: (key) => read(key, readList, []).map((one, index) => readText(one, `${place(key)}[${index}]`)),
    textMap: (key) =>
      Object.fromEntries(
        objectEntries(key).map(([name, one]) => [name, readText(one ?? "", `${place(key)}.${name}`)]),
      ),
    keys: (key) => objectEntries(key).map(([name]) => name),
    object: (key) => readFields(member(key) ?? {}, place(key)),
    objects: (key) => read(key, readList, []).map((one, index) => readFields(one, `${place(key)}[${index}]`)),
    entries: (key) => objectEntries(key).map(([name, one]) => [name, readFields(one ?? {}, `${place(key)}.${name}`)]),
    listEntries: (key) =>
      objectEntries(key).map(([name, list]) => [
        name,
        readList(list ?? [], `${place(key)}.${name}`).map((one, index) =>
          readFields(one ?? {}, `${place(key)}.${name}[${index}]`)
        ),
      ]),
  };
}

function wrong(what: string, want: string): Error {
  return invalid(`decoding parameters: field ${JSON.stringify(what)} must be ${want}`);
}

function readObject(value: unknown, what: string): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong(what || "body", "an object");
  if (Object.keys(value).length > mostMembers) throw wrong(what || "body", `of at most ${mostMembers} members`);
  return value as Json;
}

function readList(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw wrong(what, "a list");
  if (value.length > mostMembers) throw wrong(what, `of at most ${mostMembers} members`);
  return value;
}

function readText(value: unknown, what: string): string {
  if (typeof value !== "string") throw wrong(what, "a string");
  if (value.includes("\0")) throw wrong(what, "without NUL");
  return value;
}

function readFlag(value: unknown, what: string): boolean {
  if (typeof value !== "boolean") throw wrong(what, "true or false");
  return value;
}

function readInteger(value: unknown, what: string): number {
  if (typeof value !== "number" || !Number.isInteger(value)) throw wrong(what, "an integer");
  return value;
}
