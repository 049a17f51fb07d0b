/** A byte line with a read buffer: what both ends of HTTP/1.1 are spoken over. */

/** What of `Deno.Conn` is needed; tests give their own. */
export type Connection = {
  readonly read: (into: Uint8Array) => Promise<number | null>;
  readonly write: (data: Uint8Array) => Promise<number>;
  readonly closeWrite: () => Promise<void>;
  readonly close: () => void;
};

/** The other side broke the protocol's grammar or a limit; the line is of no further use. */
export class WireError extends Error {
  override readonly name = "WireError";

  constructor(message: string, readonly status: 400 | 408 | 413 | 431 | 501 = 400) {
    super(message);
  }
}

const readSize = 32 * 1024;
/** What is read is handed on as it is when it is more than this; less is copied, and the room used again. */
const copyLimit = 4 * 1024;
const nothing = new Uint8Array(0);
const carriageReturn = 13;
const lineFeed = 10;

/**
 * Owns a connection. One reader and one writer at a time. `fill()` may be pending while nobody reads: that is how a
 * server sees its client go away during a long answer; bytes that arrive meanwhile are kept for the next reader.
 */
export class Wire {
  #held: Uint8Array = nothing;
  #room: Uint8Array = nothing;
  #filling: Promise<boolean> | null = null;
  #ended = false;
  #closed = false;

  constructor(readonly connection: Connection) {}

  get closed(): boolean {
    return this.#closed;
  }

  /** Reads once into the buffer; false at the end of input or after a failure. */
  fill(): Promise<boolean> {
    if (this.#ended) return Promise.resolve(false);
    this.#filling ??= this.#readOnce();
    return this.#filling;
  }

  async #readOnce(): Promise<boolean> {
    if (this.#room.length === 0) this.#room = new Uint8Array(readSize);
    let count: number | null = null;
    try {
      count = await this.connection.read(this.#room);
    } catch {
      // A reset is the end of input: whoever needs more than there is says so.
    }
    this.#filling = null;
    if (count === null || count === 0) {
      this.#ended = true;
      return false;
    }
    const got = this.#got(count);
    this.#held = this.#held.length === 0 ? got : joined(this.#held, got);
    return true;
  }

  #got(count: number): Uint8Array {
    if (count <= copyLimit) return this.#room.slice(0, count);
    const got = this.#room.subarray(0, count);
    this.#room = nothing;
    return got;
  }

  /** Some bytes, at most `limit`; null at the end. */
  async take(limit = Number.MAX_SAFE_INTEGER): Promise<Uint8Array | null> {
    if (this.#held.length === 0 && !(await this.fill())) return null;
    const part = this.#held.subarray(0, limit);
    this.#held = this.#held.subarray(part.length);
    return part;
  }

  /** Bytes through the empty line that ends a head, without that line; null if the other side ended before the first byte. */
  async head(limit: number): Promise<Uint8Array | null> {
    let from = 0;
    for (;;) {
      const end = emptyLine(this.#held, from);
      if (end >= 0 && end <= limit) return this.#cut(end, 4);
      if (this.#held.length > limit) throw new WireError("request head is too long", 431);
      from = Math.max(0, this.#held.length - 3);
      if (await this.fill()) continue;
      if (this.#held.length === 0) return null;
      throw new WireError("connection ended inside a head");
    }
  }

  /** One line without its end. */
  async line(limit: number): Promise<Uint8Array> {
    for (;;) {
      const end = this.#held.indexOf(lineFeed);
      if (end > 0 && this.#held[end - 1] === carriageReturn) return this.#cut(end - 1, 2);
      if (end >= 0 || this.#held.length > limit) throw new WireError("malformed line");
      if (!(await this.fill())) throw new WireError("connection ended inside a line");
    }
  }

  #cut(length: number, separator: number): Uint8Array {
    const part = this.#held.subarray(0, length);
    this.#held = this.#held.subarray(length + separator);
    return part;
  }

  async write(data: Uint8Array): Promise<void> {
    for (let at = 0; at < data.length;) at += await this.connection.write(at === 0 ? data : data.subarray(at));
  }

  /** Ends the output, keeping the input open. */
  async closeWrite(): Promise<void> {
    if (this.#closed) return;
    await this.connection.closeWrite().catch(() => {});
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#ended = true;
    try {
      this.connection.close();
    } catch {
      // Closed by the other side already.
    }
  }
}

function emptyLine(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(carriageReturn, from); at >= 0; at = bytes.indexOf(carriageReturn, at + 1)) {
    if (bytes[at + 1] === lineFeed && bytes[at + 2] === carriageReturn && bytes[at + 3] === lineFeed) return at;
  }
  return -1;
}

/** Bytes of all parts, in order. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
