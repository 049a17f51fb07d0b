import { type Fd, OwnedFd, setNonblock, tryRead, tryWrite } from "./fd.ts";
import { readable, writable } from "./reactor.ts";

type StreamOptions = {
  /** Bytes per read; for packets, the largest that is expected. */
  readonly size?: number;
  readonly signal?: AbortSignal;
};

/** Waits for bytes and reads them; `undefined` at the end. The descriptor must be non-blocking. */
export async function readSome(
  fd: Fd,
  buffer: Uint8Array<ArrayBuffer>,
  options: { readonly signal?: AbortSignal } = {},
): Promise<number> {
  for (;;) {
    const count = tryRead(fd, buffer);
    if (count !== undefined) return count;
    await readable(fd, options);
  }
}

/** Writes everything, waiting as needed. The descriptor must be non-blocking. */
export async function writeEverything(
  fd: Fd,
  bytes: Uint8Array<ArrayBuffer>,
  options: { readonly signal?: AbortSignal } = {},
): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const count = tryWrite(fd, done === 0 ? bytes : bytes.subarray(done));
    if (count === undefined) await writable(fd, options);
    else done += count;
  }
}

/**
 * Takes the descriptor over: a stream of what each read gives (for packet sockets: one packet each), closed at the end,
 * on error and on cancel.
 */
export function readableFromFd(fd: OwnedFd, options: StreamOptions = {}): ReadableStream<Uint8Array<ArrayBuffer>> {
  const abort = new AbortController();
  const signal = options.signal === undefined ? abort.signal : AbortSignal.any([abort.signal, options.signal]);
  const buffer = new Uint8Array(options.size ?? 65536);
  setNonblock(fd, true);
  return new ReadableStream({
    async pull(controller) {
      try {
        const count = await readSome(fd, buffer, { signal });
        if (count > 0) return controller.enqueue(buffer.slice(0, count));
        fd[Symbol.dispose]();
        controller.close();
      } catch (error) {
        fd[Symbol.dispose]();
        controller.error(error);
      }
    },
    cancel() {
      abort.abort();
      fd[Symbol.dispose]();
    },
  }, { highWaterMark: 0 });
}

/** Takes the descriptor over: closed when the stream is closed or aborted. */
export function writableFromFd(fd: OwnedFd, options: StreamOptions = {}): WritableStream<Uint8Array<ArrayBuffer>> {
  setNonblock(fd, true);
  return new WritableStream({
    write: (chunk) => writeEverything(fd, chunk, { signal: options.signal }),
    close: () => fd[Symbol.dispose](),
    abort: () => fd[Symbol.dispose](),
  });
}
