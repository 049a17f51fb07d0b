import { EngineError } from "../errors.ts";

/** The part of a tar header that finding members needs. `type` is the typeflag. */
export type TarHeader = {
  readonly name: string;
  readonly link: string;
  readonly size: number;
  readonly type: string;
};

export const tarBlock = 512;

const sizeField = { start: 124, end: 136 } as const;
const checksumField = { start: 148, end: 156 } as const;

/** The header in a block of 512 bytes; `null` for a block of zeros, the archive's end. */
export function parseTarHeader(block: Uint8Array): TarHeader | null {
  if (block.every((byte) => byte === 0)) return null;
  const stored = parseOctal(block.subarray(checksumField.start, checksumField.end));
  if (stored !== checksum(block)) throw new EngineError("corrupt", "archive/tar: invalid tar header");
  const isUstar = field(block.subarray(257, 262)) === "ustar";
  const isGnu = isUstar && block[262] === 0x20;
  const prefix = isUstar && !isGnu ? field(block.subarray(345, 500)) : "";
  const name = field(block.subarray(0, 100));
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    link: field(block.subarray(157, 257)),
    size: parseSize(block.subarray(sizeField.start, sizeField.end)),
    type: String.fromCharCode(block[156] ?? 0),
  };
}

/** The header of a plain file, in ustar's form with a base-256 size where octal is too short. `mtime` is in seconds. */
export function encodeTarHeader(
  name: string,
  file: { readonly size: number; readonly mode?: number; readonly mtime?: number; readonly directory?: boolean },
): Uint8Array<ArrayBuffer> {
  const block = new Uint8Array(tarBlock);
  const encoded = new TextEncoder().encode(name);
  if (encoded.length > 100) throw new EngineError("internal", `tar member ${JSON.stringify(name)}: name too long`);
  const put = (value: string, at: number) => block.set(new TextEncoder().encode(value), at);
  block.set(encoded, 0);
  put(octal(file.mode ?? (file.directory ? 0o755 : 0o644), 7), 100);
  put(octal(0, 7), 108);
  put(octal(0, 7), 116);
  block.set(encodeSize(file.size), sizeField.start);
  put(octal(file.mtime ?? 0, 11), 136);
  put(file.directory ? "5" : "0", 156);
  put("ustar\x0000", 257);
  put(`${octal(checksum(block), 6)}\0 `, checksumField.start);
  return block;
}

/** Sum of all bytes, with the checksum's own field read as blanks. */
function checksum(block: Uint8Array): number {
  let sum = 0;
  for (let index = 0; index < block.length; index++) {
    const inField = index >= checksumField.start && index < checksumField.end;
    sum += inField ? 0x20 : block[index] ?? 0;
  }
  return sum;
}

function field(bytes: Uint8Array): string {
  const nul = bytes.indexOf(0);
  return new TextDecoder().decode(nul < 0 ? bytes : bytes.subarray(0, nul));
}

function parseSize(bytes: Uint8Array): number {
  const first = bytes[0] ?? 0;
  if ((first & 0x80) === 0) return parseOctal(bytes);
  let size = first & 0x3f;
  for (const byte of bytes.subarray(1)) size = size * 256 + byte;
  if (first !== 0x80 || !Number.isSafeInteger(size)) {
    throw new EngineError("corrupt", "archive/tar: invalid tar header");
  }
  return size;
}

function parseOctal(bytes: Uint8Array): number {
  const digits = new TextDecoder().decode(bytes).replace(/^ +/, "").replace(/[\0 ].*$/s, "");
  if (!/^[0-7]*$/.test(digits)) throw new EngineError("corrupt", "archive/tar: invalid tar header");
  return digits === "" ? 0 : parseInt(digits, 8);
}

function octal(value: number, width: number): string {
  return value.toString(8).padStart(width, "0");
}

function encodeSize(size: number): Uint8Array {
  const bytes = new Uint8Array(12);
  if (size < 8 ** 11) {
    bytes.set(new TextEncoder().encode(octal(size, 11)));
    return bytes;
  }
  new DataView(bytes.buffer).setBigUint64(4, BigInt(size));
  bytes[0] = 0x80;
  return bytes;
}
