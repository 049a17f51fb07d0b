import { EngineError } from "../errors.ts";

/**
 * Reading JSON that others wrote. Every function takes `what`, the place that is named when the value is not what it
 * should be, and throws `EngineError("corrupt")`. `null` stands for "absent", as Go programs write it.
 */

export type JsonRecord = Readonly<Record<string, unknown>>;

/** The value in UTF-8 `bytes`; at most `limit` bytes of them (default 4 MiB). */
export function parseJson(bytes: Uint8Array, what: string, options: { readonly limit?: number } = {}): unknown {
  const limit = options.limit ?? 4 * 1024 * 1024;
  if (bytes.length > limit) throw damaged(what, `${bytes.length} bytes are more than the limit of ${limit}`);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new EngineError("corrupt", `parsing ${what}: invalid JSON`, { cause });
  }
}

/** The error of all readers. */
export function damaged(what: string, reason: string): EngineError {
  return new EngineError("corrupt", `parsing ${what}: ${reason}`);
}

export function readRecord(value: unknown, what: string): JsonRecord {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw damaged(what, "not an object");
  return value as JsonRecord;
}

export function readArray(value: unknown, what: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw damaged(what, "not an array");
  return value;
}

export function readString(value: unknown, what: string): string {
  if (typeof value !== "string") throw damaged(what, "not a string");
  return value;
}

export function readOptionalString(value: unknown, what: string): string | undefined {
  return value === undefined || value === null ? undefined : readString(value, what);
}

export function readOptionalBoolean(value: unknown, what: string): boolean | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "boolean") throw damaged(what, "not a boolean");
  return value;
}

/** An integer from 0 that a double holds exactly. */
export function readSize(value: unknown, what: string): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) throw damaged(what, "not a size");
  return value;
}

export function readOptionalInteger(value: unknown, what: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number" || !Number.isSafeInteger(value)) throw damaged(what, "not an integer");
  return value;
}

/** `undefined` where absent, so that "no command" and "an empty command" stay apart. */
export function readOptionalStrings(value: unknown, what: string): readonly string[] | undefined {
  if (value === undefined || value === null) return undefined;
  return readArray(value, what).map((item, index) => readString(item, `${what}[${index}]`));
}

/** A map of strings without a prototype: its keys come from outside. */
export function readOptionalStringMap(value: unknown, what: string): Readonly<Record<string, string>> | undefined {
  if (value === undefined || value === null) return undefined;
  const map: Record<string, string> = Object.create(null);
  for (const [key, item] of Object.entries(readRecord(value, what))) map[key] = readString(item, `${what}.${key}`);
  return map;
}

/** The keys of a Go `map[string]struct{}`, as a map without a prototype. */
export function readOptionalSet(value: unknown, what: string): Readonly<Record<string, EmptyObject>> | undefined {
  if (value === undefined || value === null) return undefined;
  const map: Record<string, EmptyObject> = Object.create(null);
  for (const key of Object.keys(readRecord(value, what))) map[key] = {};
  return map;
}

export type EmptyObject = Readonly<Record<string, never>>;
