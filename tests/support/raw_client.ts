/** A client that says exactly the bytes it is told to. */

import { type Address, connect } from "../../lib/api/http/client.ts";
import { collect } from "../../lib/api/http/body.ts";
import { type Connection, Wire } from "../../lib/api/http/wire.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("latin1");

export class RawClient implements Disposable {
  readonly wire: Wire;

  constructor(connection: Connection) {
    this.wire = new Wire(connection);
  }

  static async open(address: Address): Promise<RawClient> {
    return new RawClient(await connect(address));
  }

  async say(text: string): Promise<void> {
    await this.wire.write(encoder.encode(text));
  }

  /** Says so much and ends this half of the connection. */
  async sayLast(text: string): Promise<void> {
    await this.say(text);
    await this.wire.closeWrite();
  }

  /** A head, without its last line. */
  async head(): Promise<string> {
    return decoder.decode(await this.wire.head(65536) ?? new Uint8Array(0));
  }

  async exactly(length: number): Promise<string> {
    let text = "";
    while (text.length < length) {
      const part = await this.wire.take(length - text.length);
      if (part === null) return text;
      text += decoder.decode(part);
    }
    return text;
  }

  /** Everything until the other side ends. */
  async rest(): Promise<string> {
    const { wire } = this;
    return decoder.decode(await collect(ReadableStream.from(taken(wire))));
  }

  [Symbol.dispose](): void {
    this.wire.close();
  }
}

async function* taken(wire: Wire): AsyncGenerator<Uint8Array, void> {
  for (let part = await wire.take(); part !== null; part = await wire.take()) yield part;
}
