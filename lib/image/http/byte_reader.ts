import { EngineError } from "../../errors.ts";

const maximumLine = 64 * 1024;

/** Lines and ranges out of chunks of any size. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #buffer: Uint8Array = new Uint8Array();

  constructor(chunks: AsyncIterator<Uint8Array>) {
    this.#chunks = chunks;
  }

  /** Up to the next line feed, without it and a carriage return before it. */
  async line(): Promise<string> {
    for (;;) {
      const end = this.#buffer.indexOf(10);
      if (end >= 0) {
        const line = new TextDecoder().decode(this.#take(end + 1));
        return line.replace(/\r?\n$/, "");
      }
      if (this.#buffer.length > maximumLine) {
        throw new EngineError("unreachable", "malformed HTTP response: line too long");
      }
      if (!await this.#fill()) throw endedEarly();
    }
  }

  /** The next `size` bytes, as they come; throws if they end before. */
  async *exactly(size: number): AsyncGenerator<Uint8Array> {
    let left = size;
    while (left > 0) {
      if (this.#buffer.length === 0 && !await this.#fill()) throw endedEarly();
      const chunk = this.#take(Math.min(left, this.#buffer.length));
      left -= chunk.length;
      yield chunk;
    }
  }

  /** Everything until the connection ends. */
  async *rest(): AsyncGenerator<Uint8Array> {
    do {
      if (this.#buffer.length > 0) yield this.#take(this.#buffer.length);
    } while (await this.#fill());
  }

  #take(size: number): Uint8Array {
    const taken = this.#buffer.subarray(0, size);
    this.#buffer = this.#buffer.subarray(size);
    return taken;
  }

  async #fill(): Promise<boolean> {
    const next = await this.#chunks.next();
    if (next.done) return false;
    this.#buffer = this.#buffer.length === 0 ? next.value : concat(this.#buffer, next.value);
    return true;
  }
}

function concat(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

function endedEarly(): EngineError {
  return new EngineError("unreachable", "unexpected EOF");
}
