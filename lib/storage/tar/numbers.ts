import { EngineError } from "../../errors.ts";
import type { TarTime } from "./entry.ts";

/** The failure of everything that a tar can get wrong. */
export function corruptTar(reason: string): EngineError {
  return new EngineError("corrupt", `reading tar archive: ${reason}`);
}

/** Where a field lies in a block. */
export type Field = { readonly offset: number; readonly length: number };

/**
 * A number field: octal digits between blanks and NULs, or base-256 (first bit set; two's complement, big endian).
 * Throws where it is neither or leaves the range of safe integers.
 */
export function parseNumber(block: Uint8Array, field: Field): number {
  const first = block[field.offset] ?? 0;
  return first & 0x80 ? parseBase256(block, field) : parseOctalField(block, field);
}

function parseBase256(block: Uint8Array, { offset, length }: Field): number {
  const first = block[offset] ?? 0;
  const negative = (first & 0x40) !== 0;
  let value = negative ? (first & 0x7f) - 0x80 : first & 0x7f;
  for (let i = offset + 1; i < offset + length; i++) {
    value = value * 256 + (block[i] ?? 0);
    if (!Number.isSafeInteger(value)) throw corruptTar("a number is out of range");
  }
  return value;
}

function parseOctalField(block: Uint8Array, { offset, length }: Field): number {
  const end = offset + length;
  let at = offset;
  while (at < end && (block[at] === 32 || block[at] === 0)) at++;
  let value = 0;
  for (; at < end; at++) {
    const digit = (block[at] ?? 0) - 48;
    if (digit < 0 || digit > 7) break;
    value = value * 8 + digit;
  }
  for (; at < end; at++) {
    if (block[at] !== 32 && block[at] !== 0) throw corruptTar("a number has characters that are no digits");
  }
  return value;
}

/** A decimal number of a PAX record or a sparse map. */
export function parseDecimal(text: string, what: string): number {
  const value = /^[0-9]{1,16}$/.test(text) ? Number(text) : NaN;
  if (!Number.isSafeInteger(value)) throw corruptTar(`${what} "${text.slice(0, 40)}" is not a number`);
  return value;
}

/** A PAX time: seconds, maybe negative, maybe with a fraction. */
export function parseTime(text: string): TarTime {
  const match = /^(-?)([0-9]{1,15})(?:\.([0-9]*))?$/.exec(text);
  if (match === null) throw corruptTar(`time "${text.slice(0, 40)}" is not a number`);
  const seconds = Number(match[2]);
  const nanoseconds = Number((match[3] ?? "").slice(0, 9).padEnd(9, "0"));
  if (match[1] === "") return { sec: seconds, nsec: nanoseconds };
  return nanoseconds === 0 ? { sec: -seconds, nsec: 0 } : { sec: -seconds - 1, nsec: 1_000_000_000 - nanoseconds };
}
