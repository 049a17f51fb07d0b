import type { Duplex, Frame, WindowSize } from "../engine/stream.ts";
import { isSysError } from "../sys/errno.ts";
import { O, open, type OwnedFd, writeAll } from "../sys/fd.ts";
import { connectUnix, send, SHUT, shutdown } from "../sys/socket.ts";
import { readSome } from "../sys/stream.ts";
import type { DetachScanner } from "./types.ts";

export type AttachOptions = {
  /** Looks at the input for the keys to detach. */
  readonly scanner?: DetachScanner;
  readonly signal?: AbortSignal;
};

/** conmon reads packets of up to 32 KiB and cuts off what is longer; it sends at most 8 KiB and one byte. */
const packetSize = 8192;
const stdoutByte = 2;
const stderrByte = 3;

/**
 * Joins what a container or session says, and its input, over conmon's socket: SOCK_SEQPACKET, each packet from conmon
 * begins with a byte that names the stream (2 stdout, 3 stderr), packets to it are plain input. `output` must be read for
 * `ended` to settle: conmon waits for slow readers. Throws `SysError` ENOENT or ECONNREFUSED when conmon is gone.
 */
export async function attachSocket(path: string, options: AttachOptions = {}): Promise<Duplex> {
  const socket = await connectUnix(path, { type: "seqpacket", signal: options.signal });
  return new AttachedSocket(socket, options);
}

class AttachedSocket implements Duplex {
  readonly #socket: OwnedFd;
  readonly #scanner: DetachScanner | undefined;
  readonly #stop = new AbortController();
  readonly #ended = Promise.withResolvers<"finished" | "detached">();
  readonly #signal: AbortSignal;
  #detached = false;

  constructor(socket: OwnedFd, options: AttachOptions) {
    this.#socket = socket;
    this.#scanner = options.scanner;
    this.#signal = options.signal === undefined
      ? this.#stop.signal
      : AbortSignal.any([this.#stop.signal, options.signal]);
  }

  get ended(): Promise<"finished" | "detached"> {
    return this.#ended.promise;
  }

  get output(): AsyncIterable<Frame> {
    return this.#frames();
  }

  async *#frames(): AsyncGenerator<Frame> {
    const buffer = new Uint8Array(65536);
    try {
      for (;;) {
        const count = await this.#receive(buffer);
        if (count === 0) return;
        const stream = buffer[0] === stderrByte ? "stderr" : buffer[0] === stdoutByte ? "stdout" : undefined;
        if (stream !== undefined && count > 1) yield { stream, data: buffer.slice(1, count) };
      }
    } finally {
      this.#socket[Symbol.dispose]();
      this.#ended.resolve(this.#detached ? "detached" : "finished");
    }
  }

  /** 0 at the end, which is also when conmon was killed, the keys were typed, or `close` was called. */
  async #receive(buffer: Uint8Array<ArrayBuffer>): Promise<number> {
    try {
      if (this.#signal.aborted || this.#socket.closed) return 0;
      return await readSome(this.#socket, buffer, { signal: this.#signal });
    } catch (error) {
      if (this.#signal.aborted || isSysError(error, "ECONNRESET")) return 0;
      throw error;
    }
  }

  async write(data: Uint8Array): Promise<void> {
    const scanned = this.#scanner?.scan(data) ?? { pass: data, detached: false };
    for (let done = 0; done < scanned.pass.length; done += packetSize) {
      const packet = new Uint8Array(scanned.pass.subarray(done, done + packetSize));
      await send(this.#socket, packet, { signal: this.#signal });
    }
    if (!scanned.detached) return;
    this.#detached = true;
    this.close();
  }

  closeInput(): Promise<void> {
    if (!this.#socket.closed) shutdown(this.#socket, SHUT.WR);
    return Promise.resolve();
  }

  close(): void {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort();
    // Closed by the reader of `output`, if there is one; without one nothing is owed to anybody.
    queueMicrotask(() => {
      this.#socket[Symbol.dispose]();
      this.#ended.resolve(this.#detached ? "detached" : "finished");
    });
  }
}

/** Tells conmon the size of the terminal, through its fifo BUNDLE/ctl. Without a conmon nothing happens. */
export function resizeTerminal(bundle: string, size: WindowSize): void {
  try {
    using fifo = open(`${bundle}/ctl`, O.WRONLY | O.NONBLOCK);
    writeAll(fifo, new TextEncoder().encode(`1 ${size.height} ${size.width}\n`));
  } catch (error) {
    // No reader, no fifo: the container has ended meanwhile.
    if (!isSysError(error, "ENXIO", "ENOENT", "EPIPE")) throw error;
  }
}
