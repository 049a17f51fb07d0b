/** Memory for C: NULL-terminated arrays of strings. */
import { Errno, SysError } from "./errno.ts";

/** `array` is the `char *[]`; the strings live in `strings`, which must stay referenced as long as C may look. */
export type StringArray = { readonly array: Uint8Array<ArrayBuffer>; readonly strings: Uint8Array<ArrayBuffer> };

/** Lays out `values` as C's `char *values[]` with a NULL at the end; refuses NUL inside a value. */
export function stringArray(values: readonly string[]): StringArray {
  const encoded = new TextEncoder().encode(values.map((value) => `${value}\0`).join(""));
  const strings = new Uint8Array(Math.max(128, encoded.length));
  strings.set(encoded);
  const base = BigInt(Deno.UnsafePointer.value(Deno.UnsafePointer.of(strings)));
  const pointers = new BigUint64Array(Math.max(16, values.length + 1));
  let offset = 0;
  for (const [index, value] of values.entries()) {
    if (value.includes("\0")) throw new SysError("argument", Errno.EINVAL, value);
    pointers[index] = base + BigInt(offset);
    offset = strings.indexOf(0, offset) + 1;
  }
  return { array: new Uint8Array(pointers.buffer), strings };
}

/** The `NAME=value` lines of an environment. */
export function environmentLines(environment: Readonly<Record<string, string>>): string[] {
  return Object.entries(environment).map(([name, value]) => `${name}=${value}`);
}

/** A command line that a shell reads back into the same words. */
export function quoteArgv(argv: readonly string[]): string {
  return argv.map((word) => /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
}
