/** JSON columns: written by this program alone, so read back as the type they were written as. */

import type { Row } from "./database.ts";

/** The value of a JSON column. */
export function parseColumn<T>(row: Row, column: string): T {
  return JSON.parse(String(row[column])) as T;
}

/** The value of a text column. */
export function text(row: Row, column: string): string {
  return String(row[column]);
}

/** The value of a blob column. */
export function bytes(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (value instanceof Uint8Array) return value;
  throw new TypeError(`column ${column} is not a blob`);
}
