/**
 * Decompression by the host's libzstd, where it has one. Hosts without the library use a slower decoder.
 */

import { openLibrary } from "./libc.ts";

/** The stable streaming interface of zstd.h (since 1.3.0). */
const symbols = {
  /** ZSTD_DStream *ZSTD_createDStream(void) */
  ZSTD_createDStream: { parameters: [], result: "pointer" },
  /** size_t ZSTD_freeDStream(ZSTD_DStream *) */
  ZSTD_freeDStream: { parameters: ["pointer"], result: "usize" },
  /** size_t ZSTD_decompressStream(ZSTD_DStream *, ZSTD_outBuffer *, ZSTD_inBuffer *) */
  ZSTD_decompressStream: { parameters: ["pointer", "buffer", "buffer"], result: "usize" },
  /** unsigned ZSTD_isError(size_t) */
  ZSTD_isError: { parameters: ["usize"], result: "u32" },
} as const satisfies Deno.ForeignLibraryInterface;

type Library = Deno.DynamicLibrary<typeof symbols>;

const libraryNames = ["libzstd.so.1", "libzstd.so"];

function load(): Library | undefined {
  try {
    return openLibrary(symbols, libraryNames);
  } catch {
    // The host has no libzstd.
    return undefined;
  }
}

/** Damaged input. */
export class ZstdError extends Error {
  override readonly name = "ZstdError";
}

const outputSize = 1 << 18;

/** A decoder of concatenated frames (skippable ones included). Frees its memory when disposed. */
export class ZstdStream implements Disposable {
  readonly #library: Library;
  #stream: Deno.PointerValue;
  /** What the last call said: 0 at the end of a frame. */
  #wants = 0n;
  readonly #output = new Uint8Array(outputSize);
  /** { const void *, size_t size, size_t position } */
  readonly #outBuffer = new BigUint64Array(3);
  readonly #inBuffer = new BigUint64Array(3);
  readonly #outBytes = new Uint8Array(this.#outBuffer.buffer);
  readonly #inBytes = new Uint8Array(this.#inBuffer.buffer);

  /** Owns `library`. */
  constructor(library: Library) {
    this.#library = library;
    this.#stream = library.symbols.ZSTD_createDStream();
    this.#outBuffer[0] = address(this.#output);
    this.#outBuffer[1] = BigInt(outputSize);
  }

  /** True between frames: input may end here. */
  get complete(): boolean {
    return this.#wants === 0n;
  }

  /** Decodes all of `input`; `take` gets pieces that are valid during its call only. Throws `ZstdError`. */
  push(input: Uint8Array<ArrayBuffer>, take: (bytes: Uint8Array<ArrayBuffer>) => void): void {
    if (input.length === 0) return;
    const zstd = this.#library.symbols;
    this.#inBuffer[0] = address(input);
    this.#inBuffer[1] = BigInt(input.length);
    this.#inBuffer[2] = 0n;
    let full = true;
    while (full || (this.#inBuffer[2] ?? 0n) < input.length) {
      this.#outBuffer[2] = 0n;
      const result = zstd.ZSTD_decompressStream(this.#stream, this.#outBytes, this.#inBytes);
      if (zstd.ZSTD_isError(result) !== 0) throw new ZstdError("damaged zstd data");
      const count = Number(this.#outBuffer[2]);
      // A call without input and output after a frame's end would announce the next frame.
      if (count > 0 || (this.#inBuffer[2] ?? 0n) > 0n) this.#wants = result;
      if (count > 0) take(this.#output.subarray(0, count));
      full = count === outputSize && result !== 0n;
    }
  }

  [Symbol.dispose](): void {
    if (this.#stream === null) return;
    this.#library.symbols.ZSTD_freeDStream(this.#stream);
    this.#library.close();
    this.#stream = null;
  }
}

function address(buffer: Uint8Array<ArrayBuffer>): bigint {
  return Deno.UnsafePointer.value(Deno.UnsafePointer.of(buffer));
}

/** A new decoder, or `undefined` where the host has no libzstd. */
export function openZstd(): ZstdStream | undefined {
  const library = load();
  return library === undefined ? undefined : new ZstdStream(library);
}
