/** A hijacked connection on the client's side, as the contract's line to a process. */

import type { Duplex, Frame } from "../engine/mod.ts";
import { EngineError } from "../errors.ts";
import type { DetachScanner } from "../spec/detach_keys.ts";
import { decodeFrames, rawFrames } from "./frames.ts";
import { multiplexedStream } from "./hijack.ts";
import type { Response } from "./http/client.ts";
import type { Wire } from "./http/wire.ts";

/**
 * The line over `response`'s connection. The service looks for the keys to detach and ends the line when it sees them;
 * they are looked for on this side too, as the end alone would not tell leaving from the end of the process.
 */
export function remoteLine(response: Response, keys: DetachScanner): Duplex {
  return new RemoteLine(response, keys).duplex();
}

class RemoteLine {
  readonly #response: Response;
  readonly #keys: DetachScanner;
  readonly #ended = Promise.withResolvers<"finished" | "detached">();
  #inputClosed = false;
  #left: "finished" | "detached" | null = null;

  constructor(response: Response, keys: DetachScanner) {
    this.#response = response;
    this.#keys = keys;
    // Whoever looks at the output alone must not stumble over it.
    this.#ended.promise.catch(() => {});
  }

  duplex(): Duplex {
    return {
      output: this.#output(),
      ended: this.#ended.promise,
      write: (data) => this.#write(data),
      closeInput: () => this.#closeInput(),
      close: () => this.#leave("finished"),
    };
  }

  async *#output(): AsyncGenerator<Frame, void> {
    const framed = this.#response.headers.get("content-type") === multiplexedStream;
    const bytes = taken(this.#response.wire);
    try {
      yield* framed ? decodeFrames(bytes) : rawFrames(bytes);
      this.#ended.resolve(this.#left ?? "finished");
    } catch (error) {
      // Leaving cuts the stream anywhere, also inside a frame.
      if (this.#left === null) this.#ended.reject(error);
      else this.#ended.resolve(this.#left);
      if (this.#left === null) throw error;
    } finally {
      this.#leave(this.#left ?? "finished");
    }
  }

  async #write(data: Uint8Array): Promise<void> {
    if (this.#inputClosed) throw new EngineError("conflict", "writing to the process: its input is closed");
    const { detached } = this.#keys.scan(data);
    await this.#send(data);
    if (!detached) return;
    this.#left ??= "detached";
    this.#inputClosed = true;
    this.#ended.resolve(this.#left);
  }

  async #closeInput(): Promise<void> {
    if (this.#inputClosed) return;
    this.#inputClosed = true;
    await this.#response.wire.closeWrite();
  }

  async #send(data: Uint8Array): Promise<void> {
    try {
      await this.#response.wire.write(data);
    } catch (error) {
      this.#inputClosed = true;
      throw new EngineError("conflict", "writing to the process: it no longer reads", { cause: error });
    }
  }

  #leave(how: "finished" | "detached"): void {
    this.#left ??= how;
    this.#inputClosed = true;
    this.#ended.resolve(this.#left);
    this.#response.close();
  }
}

async function* taken(wire: Wire): AsyncGenerator<Uint8Array, void> {
  for (let part = await wire.take(); part !== null; part = await wire.take()) yield part;
}
