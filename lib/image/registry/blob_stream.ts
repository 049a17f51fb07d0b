import { EngineError } from "../../errors.ts";
import type { Descriptor } from "../../oci/mod.ts";
import { discard, readChunk } from "./body.ts";
import { registryError } from "./registry_error.ts";
import { isPassing, pause, type RetryPolicy, withRetries } from "./retry.ts";

export type BlobRequest = {
  readonly blob: Descriptor;
  /** Asks for the blob from byte `from` on. */
  readonly fetch: (from: number) => Promise<Response>;
  readonly retry: RetryPolicy;
  readonly stallTimeout?: number;
  readonly signal?: AbortSignal;
};

/** Bytes after which the tries are counted anew: a long download may break more often than a short one. */
const progress = 1024 * 1024;

/**
 * The bytes of a blob, exactly `blob.size` of them. Where the connection breaks or stalls, the rest is asked for with
 * `Range`; a server that answers with the whole is skipped through. The digest is for the receiver to verify.
 */
export async function openBlob(request: BlobRequest): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const { retry, signal } = request;
  const download = new Download(request);
  await withRetries(retry, () => download.connect(), { signal });
  return new ReadableStream({
    async pull(controller) {
      const chunk = await download.next();
      if (chunk === undefined) controller.close();
      else controller.enqueue(new Uint8Array(chunk));
    },
    cancel: () => download.stop(),
  }, { highWaterMark: 1 });
}

class Download {
  readonly #request: BlobRequest;
  readonly #what: string;
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  #received = 0;
  /** Bytes that a server sends again. */
  #skip = 0;
  #attempt = 0;
  #lastFailure = 0;

  constructor(request: BlobRequest) {
    this.#request = request;
    this.#what = `blob ${request.blob.digest}`;
  }

  async connect(): Promise<void> {
    const { fetch, blob } = this.#request;
    const response = await fetch(this.#received);
    const isPart = response.status === 206;
    if (!isPart && response.status !== 200) throw await registryError(`fetching ${this.#what}`, response);
    const start = isPart ? rangeStart(response) : 0;
    if (start === undefined || start > this.#received) {
      await discard(response);
      throw new EngineError("registry", `fetching ${this.#what}: the server sent another range than asked for`);
    }
    this.#refuseOtherSize(response, start);
    this.#skip = this.#received - start;
    this.#reader = response.body?.getReader();
    if (this.#reader === undefined && blob.size > 0) throw this.#brokenOff();
  }

  async next(): Promise<Uint8Array | undefined> {
    for (;;) {
      try {
        const chunk = await this.#read();
        if (chunk === undefined || chunk.length > 0) return chunk;
      } catch (error) {
        await this.stop();
        await this.#recover(error);
      }
    }
  }

  async stop(): Promise<void> {
    const reader = this.#reader;
    this.#reader = undefined;
    await reader?.cancel().catch(() => {}); // the connection may be broken already
  }

  /** `undefined` at the end of the blob, empty for bytes that were there before. */
  async #read(): Promise<Uint8Array | undefined> {
    const { blob, signal, stallTimeout } = this.#request;
    signal?.throwIfAborted();
    if (this.#reader === undefined) await this.connect();
    const chunk = this.#reader && await readChunk(this.#reader, { what: this.#what, stallTimeout });
    if (chunk === undefined) return this.#atEnd();
    const fresh = chunk.subarray(Math.min(this.#skip, chunk.length));
    this.#skip -= chunk.length - fresh.length;
    this.#received += fresh.length;
    if (this.#received <= blob.size) return fresh;
    throw new EngineError("corrupt", `fetching ${this.#what}: more than ${blob.size} bytes`);
  }

  #atEnd(): undefined {
    if (this.#received < this.#request.blob.size) throw this.#brokenOff();
    this.#reader = undefined;
    return undefined;
  }

  async #recover(error: unknown): Promise<void> {
    const { retry, signal } = this.#request;
    signal?.throwIfAborted();
    if (this.#received - this.#lastFailure >= progress) this.#attempt = 0;
    this.#lastFailure = this.#received;
    this.#attempt++;
    if (this.#attempt > retry.retries || !isPassing(error)) throw error;
    await pause(retry, { attempt: this.#attempt, error, signal });
  }

  #refuseOtherSize(response: Response, start: number): void {
    const length = response.headers.get("content-length");
    const { size } = this.#request.blob;
    if (length === null || Number(length) + start === size) return;
    void discard(response);
    const reason = `the registry has ${Number(length) + start} bytes, expected ${size}`;
    throw new EngineError("corrupt", `fetching ${this.#what}: ${reason}`);
  }

  #brokenOff(): EngineError {
    const { size } = this.#request.blob;
    return new EngineError(
      "unreachable",
      `reading ${this.#what}: unexpected EOF after ${this.#received} of ${size} bytes`,
    );
  }
}

function rangeStart(response: Response): number | undefined {
  const [, start] = /^bytes (\d+)-\d+\/(?:\d+|\*)$/.exec(response.headers.get("content-range") ?? "") ?? [];
  return start === undefined ? undefined : Number(start);
}
