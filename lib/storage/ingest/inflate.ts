import { createGunzip, type Gunzip } from "node:zlib";
import { EngineError, messageOf } from "../../errors.ts";
import { openZstd, ZstdError, type ZstdStream } from "../../sys/zstd.ts";

export type Compression = "gzip" | "zstd" | "none";

type Take = (bytes: Uint8Array<ArrayBuffer>) => void;

/**
 * Undoes a compression. Pieces reach the `take` given at opening before `push` resolves; they are valid during the call
 * only. Damaged input rejects with `EngineError("corrupt")`; what `take` throws passes through.
 */
export type Inflater = Disposable & {
  readonly push: (bytes: Uint8Array<ArrayBuffer>) => Promise<void>;
  readonly end: () => Promise<void>;
};

/** Bytes that `detectCompression` wants to see, where there are so many. */
export const detectionSize = 6;

const magics: readonly (readonly [readonly number[], Compression | "xz" | "bzip2"])[] = [
  [[0x1f, 0x8b, 0x08], "gzip"],
  [[0x28, 0xb5, 0x2f, 0xfd], "zstd"],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], "xz"],
  [[0x42, 0x5a, 0x68], "bzip2"],
];

/** By the first bytes. A zstd stream may also open with a skippable frame (0x184D2A50–5F). */
export function detectCompression(start: Uint8Array): Compression {
  const skippable = ((start[0] ?? 0) & 0xf0) === 0x50 && start[1] === 0x2a && start[2] === 0x4d && start[3] === 0x18;
  if (skippable) return "zstd";
  const found = magics.find(([magic]) => magic.every((byte, i) => start[i] === byte))?.[1] ?? "none";
  if (found === "xz" || found === "bzip2") {
    throw new EngineError("unsupported", `reading layer: ${found} compression is not supported`);
  }
  return found;
}

export async function openInflater(compression: Compression, take: Take): Promise<Inflater> {
  switch (compression) {
    case "none":
      return new Plain(take);
    case "gzip":
      return new GzipInflater(take);
    case "zstd": {
      const native = openZstd();
      return native === undefined ? await openPureZstd(take) : new ZstdInflater(native, take);
    }
    default:
      return compression satisfies never;
  }
}

class Plain implements Inflater {
  readonly #take: Take;

  constructor(take: Take) {
    this.#take = take;
  }

  push(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    this.#take(bytes);
    return Promise.resolve();
  }

  end(): Promise<void> {
    return Promise.resolve();
  }

  [Symbol.dispose](): void {}
}

/** Large enough for few calls, small enough for the processor's cache. */
const outputSize = 1 << 18;

class GzipInflater implements Inflater {
  readonly #gunzip: Gunzip = createGunzip({ chunkSize: outputSize });
  readonly #ended = Promise.withResolvers<void>();
  /** What `take` threw. */
  #failure: { readonly error: unknown } | undefined;

  constructor(take: Take) {
    this.#gunzip.on("data", (bytes: Uint8Array<ArrayBuffer>) => {
      if (this.#failure !== undefined) return;
      try {
        take(bytes);
      } catch (error) {
        this.#failure = { error };
        this.#gunzip.destroy(new Error("stopped"));
      }
    });
    this.#gunzip.on("end", () => this.#ended.resolve());
    this.#gunzip.on("error", (error) => this.#ended.reject(error));
    this.#ended.promise.catch(() => {});
  }

  async push(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#gunzip.write(bytes, (error) => error ? reject(error) : resolve());
    await this.#explained(Promise.race([promise, this.#ended.promise]));
  }

  async end(): Promise<void> {
    this.#gunzip.end();
    await this.#explained(this.#ended.promise);
  }

  [Symbol.dispose](): void {
    this.#gunzip.destroy();
  }

  async #explained(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (cause) {
      if (this.#failure !== undefined) throw this.#failure.error;
      throw new EngineError("corrupt", `inflating layer: ${messageOf(cause)}`, { cause });
    }
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}

function damagedZstd(cause?: unknown): EngineError {
  const reason = cause === undefined ? "unexpected end of file" : "damaged zstd data";
  return new EngineError("corrupt", `inflating layer: ${reason}`, { cause });
}

class ZstdInflater implements Inflater {
  readonly #stream: ZstdStream;
  readonly #take: Take;

  constructor(stream: ZstdStream, take: Take) {
    this.#stream = stream;
    this.#take = take;
  }

  // deno-lint-ignore require-await -- a damaged frame must reject
  async push(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    try {
      this.#stream.push(bytes, this.#take);
    } catch (error) {
      throw error instanceof ZstdError ? damagedZstd(error) : error;
    }
  }

  // deno-lint-ignore require-await -- a truncated frame must reject
  async end(): Promise<void> {
    if (!this.#stream.complete) throw damagedZstd();
  }

  [Symbol.dispose](): void {
    this.#stream[Symbol.dispose]();
  }
}

/** For hosts without libzstd. */
export async function openPureZstd(take: Take): Promise<Inflater> {
  const { Decompress } = await import("fzstd");
  let failure: { readonly error: unknown } | undefined;
  const stream = new Decompress((bytes) => {
    try {
      take(new Uint8Array(bytes));
    } catch (error) {
      failure = { error };
      throw error;
    }
  });
  const feed = (bytes: Uint8Array<ArrayBuffer>, last: boolean): Promise<void> => {
    try {
      stream.push(bytes, last);
      return Promise.resolve();
    } catch (cause) {
      return Promise.reject(failure === undefined ? damagedZstd(cause) : failure.error);
    }
  };
  return {
    push: (bytes) => feed(bytes, false),
    end: () => feed(new Uint8Array(0), true),
    [Symbol.dispose]() {},
  };
}
