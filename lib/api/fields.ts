/** The places where fields of inputs stand: path, query, JSON body, headers, raw body. */

import type { Credentials, Filters, WindowSize } from "../engine/mod.ts";
import { EngineError } from "../errors.ts";
import { parseFilters } from "./filters.ts";
import { firstOf, flagOf, integerOf } from "./query.ts";
import { decodeCredentials, encodeCredentials } from "./registry_auth.ts";
import type { Field, Incoming, Outgoing } from "./row.ts";
import type { Shape } from "./shape.ts";

const send = (into: Outgoing, name: string, value: string | number | boolean | undefined): void => {
  if (value !== undefined) into.query.push([name, String(value)]);
};

/** A parameter of the path. */
export function inPath(name: string): Field<string> {
  return {
    needs: "nothing",
    decode: ({ params }) => params.get(name) ?? "",
    encode: (value, { params }) => void params.set(name, value),
  };
}

/** Text in the query; an empty one is absent. */
export function queryText(name: string): Field<string | undefined> {
  return {
    needs: "nothing",
    decode: ({ query }) => firstOf(query, name),
    encode: (value, into) => send(into, name, value),
  };
}

/** Text in the query that says something else when empty than when absent. */
export function queryTextOrEmpty(name: string): Field<string | undefined> {
  return {
    needs: "nothing",
    decode: ({ query }) => query.get(name.toLowerCase())?.[0],
    encode: (value, into) => send(into, name, value),
  };
}

/** Text in the query that must be there. */
export function queryRequired(name: string): Field<string> {
  return {
    needs: "nothing",
    decode: ({ query }) => {
      const value = firstOf(query, name);
      if (value === undefined) throw new EngineError("invalidArgument", `query parameter "${name}" is required`);
      return value;
    },
    encode: (value, into) => send(into, name, value),
  };
}

/** One of `choices` in the query. */
export function queryChoice<T extends string>(name: string, choices: readonly T[]): Field<T | undefined> {
  return {
    needs: "nothing",
    decode: ({ query }) => {
      const value = firstOf(query, name);
      const choice = choices.find((known) => known === value);
      if (value === undefined || choice !== undefined) return choice;
      throw new EngineError(
        "invalidArgument",
        `query parameter "${name}": "${value}" is not one of ${choices.join(", ")}`,
      );
    },
    encode: (value, into) => send(into, name, value),
  };
}

export function queryFlag(name: string): Field<boolean | undefined> {
  return {
    needs: "nothing",
    decode: ({ query }) => flagOf(query, name),
    encode: (value, into) => send(into, name, value),
  };
}

/** A flag that is true for the contract where it is absent, and false on the wire. */
export function queryFlagOn(name: string): Field<boolean | undefined> {
  return {
    needs: "nothing",
    decode: ({ query }) => flagOf(query, name) ?? false,
    encode: (value, into) => send(into, name, value ?? true),
  };
}

/** A whole number, the first of `names` on the wire; clients that say -1 for "not given" are understood. */
export function queryInteger(name: string, ...others: readonly string[]): Field<number | undefined> {
  return {
    needs: "nothing",
    decode: ({ query }) => {
      const given = [name, ...others].map((one) => integerOf(query, one)).find((value) => value !== undefined);
      return given === undefined || given < 0 ? undefined : given;
    },
    encode: (value, into) => send(into, name, value),
  };
}

/** Lines from the end: a number, or `all`. */
export function queryTail(name: string): Field<number | undefined> {
  return {
    needs: "nothing",
    decode: (from) => firstOf(from.query, name) === "all" ? undefined : queryInteger(name).decode(from),
    encode: (value, into) => send(into, name, value),
  };
}

/** A moment; Go's zero time means that none was given. */
export function queryTime(name: string): Field<string | undefined> {
  return {
    needs: "nothing",
    decode: ({ query }) => {
      const value = firstOf(query, name);
      return value?.startsWith("0001-01-01T00:00:00") ? undefined : value;
    },
    encode: (value, into) => send(into, name, value),
  };
}

/** The same name, once per item. */
export function queryList(name: string): Field<readonly string[]> {
  return {
    needs: "nothing",
    decode: ({ query }) => (query.get(name.toLowerCase()) ?? []).filter((value) => value !== ""),
    encode: (value, into) => value.forEach((item) => send(into, name, item)),
  };
}

/** As `queryList`; an absent list stays absent. */
export function queryOptionalList(name: string): Field<readonly string[] | undefined> {
  const given = queryList(name);
  return {
    needs: "nothing",
    decode: (from) => from.query.has(name.toLowerCase()) ? given.decode(from) : undefined,
    encode: (value, into) => given.encode(value ?? [], into),
  };
}

export function queryFilters(name = "filters"): Field<Filters | undefined> {
  return {
    needs: "nothing",
    decode: ({ query }) => parseFilters(firstOf(query, name)),
    encode: (value, into) => send(into, name, value === undefined ? undefined : JSON.stringify(value)),
  };
}

/** Go's verification flag. */
export function queryTlsVerify(): Field<boolean | undefined> {
  return queryFlag("tlsVerify");
}

/** `w` or `h` of a terminal. */
export function querySize(name: "w" | "h"): Field<number> {
  return {
    needs: "nothing",
    decode: ({ query }) => cells(integerOf(query, name) ?? 0, name),
    encode: (value, into) => send(into, name, value),
  };
}

/** `w` and `h` in the body; absent where both are 0. */
export function bodySize(): Field<WindowSize | undefined> {
  return {
    needs: "json",
    decode: ({ json }) => {
      const [width, height] = [cells(member(json, "w"), "w"), cells(member(json, "h"), "h")];
      return width > 0 && height > 0 ? { width, height } : undefined;
    },
    encode: (value, into) => {
      into.json = { ...objectOf(into.json), h: value?.height ?? 0, w: value?.width ?? 0 };
    },
  };
}

function cells(value: unknown, name: string): number {
  const count = value ?? 0;
  if (typeof count === "number" && Number.isInteger(count) && count >= 0 && count <= 0xffff) return count;
  throw new EngineError("invalidArgument", `size "${name}" is out of range`);
}

/** The JSON body as a whole. */
export function body<T>(shape: Shape<T>): Field<T> {
  return {
    needs: "json",
    decode: ({ json }) => {
      if (json === undefined) throw new EngineError("invalidArgument", "request body is missing");
      return shape(json, "");
    },
    encode: (value, into) => {
      into.json = value;
    },
  };
}

/** One member of the JSON body. */
export function bodyMember<T>(name: string, shape: Shape<T>): Field<T> {
  return {
    needs: "json",
    decode: ({ json }) => shape(member(json, name), name),
    encode: (value, into) => {
      into.json = { ...objectOf(into.json), [name]: value };
    },
  };
}

/** The raw body. */
export function stream(): Field<ReadableStream<Uint8Array>> {
  return {
    needs: "body",
    decode: (from: Incoming) => ReadableStream.from(from.body),
    encode: (value, into) => {
      into.body = value;
    },
  };
}

/** User and password in `X-Registry-Auth`: never in a URL, which gets logged. */
export function registryAuth(): Field<Credentials | undefined> {
  return {
    needs: "nothing",
    decode: ({ headers }) => decodeCredentials(headers.get("x-registry-auth")),
    encode: (value, { headers }) => {
      if (value !== undefined) headers.push(["X-Registry-Auth", encodeCredentials(value)]);
    },
  };
}

/** A field that has no meaning at the other end (a path or a descriptor of the client's); refused when set. */
export function notOverTheWire<T extends string | number | readonly string[]>(name: string): Field<T | undefined> {
  return {
    needs: "nothing",
    decode: () => undefined,
    encode: (value) => {
      if (value === undefined || value === 0 || (typeof value !== "number" && value.length === 0)) return;
      throw new EngineError("unsupported", `using "${name}" with a remote engine: not supported yet`);
    },
  };
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? value as Readonly<Record<string, unknown>> : {};
}

/** An own member of a JSON object; undefined if there is none. */
export function member(json: unknown, name: string): unknown {
  const object = objectOf(json);
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
