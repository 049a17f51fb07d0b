import { EngineError } from "../../errors.ts";
import type { FromWorker, ToWorker } from "./messages.ts";
import type { PipelineOptions, PipelineResult } from "./pipeline.ts";

/** Bytes handed to a worker that it has not dealt with yet. */
const maxInFlight = 4 << 20;

/**
 * A `LayerPipeline` in a worker, with the same methods. `push` waits while the worker is behind. Errors arrive as the
 * `EngineError` they were.
 */
export class RemotePipeline {
  readonly #worker: Worker;
  readonly #finished = Promise.withResolvers<PipelineResult>();
  #inFlight = 0;
  #drained = Promise.withResolvers<void>();
  #open = true;

  /** `worker` is lent until `end` or `abort` has settled. */
  constructor(worker: Worker, start: { readonly directory: string; readonly options: PipelineOptions }) {
    this.#worker = worker;
    this.#finished.promise.catch(() => {});
    worker.onmessage = ({ data }: { readonly data: FromWorker }) => this.#hear(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#fail(new EngineError("internal", `extracting layer: ${event.message}`));
    };
    this.#post({ kind: "start", ...start });
  }

  /** Gives `bytes` away: their buffer moves to the worker. */
  async push(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const whole = bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
    this.#inFlight += whole.length;
    this.#worker.postMessage({ kind: "chunk", bytes: whole } satisfies ToWorker, [whole.buffer]);
    while (this.#inFlight > maxInFlight && this.#open) {
      await Promise.race([this.#drained.promise, this.#finished.promise]);
    }
    if (!this.#open) await this.#finished.promise;
  }

  async end(): Promise<PipelineResult> {
    this.#post({ kind: "end" });
    return await this.#finished.promise;
  }

  /** Resolves when the worker has let go of the directory. */
  async abort(): Promise<void> {
    if (this.#open) this.#post({ kind: "abort" });
    await this.#finished.promise.catch(() => {});
  }

  #post(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  #hear(message: FromWorker): void {
    switch (message.kind) {
      case "taken":
        this.#inFlight -= message.size;
        this.#drained.resolve();
        this.#drained = Promise.withResolvers<void>();
        return;
      case "done":
        this.#open = false;
        this.#finished.resolve(message.result);
        return;
      case "failed":
        this.#fail(new EngineError(message.error.kind, message.error.message));
        return;
      default:
        return message satisfies never;
    }
  }

  #fail(error: EngineError): void {
    this.#open = false;
    this.#finished.reject(error);
  }
}
