import { dirname } from "node:path/posix";
import { isSysError } from "../sys/errno.ts";
import { AT_FDCWD, lseek, O, open, type OwnedFd, pread, read, SEEK } from "../sys/fd.ts";
import { fstat, tryStatAt } from "../sys/file.ts";
import { DirectoryWatch } from "../sys/inotify.ts";
import { endsLine, parseLogLine } from "./_log_line.ts";
import type { LogEntry, ReadLogsInput } from "./types.ts";

const newline = 0x0a;
const blockSize = 65536;
/** conmon's lines are below 9 KiB; what is longer was not written by it. */
const longestLine = 1 << 20;

/**
 * Reads a container's log in order; lines that conmon did not write are skipped. With `followUntil` goes on until that
 * settles and the file is read to its end, also across rotation (conmon puts a new file in the place of a full one).
 * A missing file is an empty log.
 */
export async function* readLogs(input: ReadLogsInput, signal?: AbortSignal): AsyncGenerator<LogEntry> {
  using file = new LogFile(input.path);
  if (input.tail !== undefined) file.seekTail(input.tail);
  if (input.followUntil === undefined) yield* within(input, file.entries());
  else yield* follow(input, { file, signal });
}

function* within(input: ReadLogsInput, entries: Iterable<LogEntry>): Generator<LogEntry> {
  for (const entry of entries) {
    if (isWithin(input, entry)) yield entry;
  }
}

function isWithin(input: ReadLogsInput, entry: LogEntry): boolean {
  if (input.since === undefined && input.until === undefined) return true;
  const time = Date.parse(entry.time);
  return time >= (input.since ?? -Infinity) && time <= (input.until ?? Infinity);
}

type Following = { readonly file: LogFile; readonly signal: AbortSignal | undefined };

async function* follow(input: ReadLogsInput, following: Following): AsyncGenerator<LogEntry> {
  const { file, signal } = following;
  using watch = new DirectoryWatch(dirname(input.path));
  const ended = new AbortController();
  endOf(input, signal).then(() => ended.abort());
  for (;;) {
    // Asked before the file is read: what was said until the end is then read too.
    const over = ended.signal.aborted;
    yield* within(input, file.entries());
    if (file.rotated()) continue;
    if (over) return;
    await watch.changed({ signal: ended.signal }).catch((error) => {
      if (!ended.signal.aborted) throw error;
    });
    signal?.throwIfAborted();
  }
}

/** Settles with the container, at the time of `until`, or when aborted. */
function endOf(input: ReadLogsInput, signal: AbortSignal | undefined): Promise<"ended"> {
  const { promise, resolve } = Promise.withResolvers<"ended">();
  const end = () => resolve("ended");
  input.followUntil?.then(end, end);
  signal?.addEventListener("abort", end, { once: true });
  if (input.until !== undefined) {
    const timer = setTimeout(end, Math.max(0, input.until - Date.now()));
    promise.then(() => clearTimeout(timer));
  }
  return promise;
}

/** The open log with the piece of a line that was read last. */
class LogFile implements Disposable {
  #fd: OwnedFd | undefined;
  #rest = new Uint8Array();

  constructor(readonly path: string) {
    this.#fd = openLog(path);
  }

  /** What can be read now. */
  *entries(): Generator<LogEntry> {
    for (let block = this.#read(); block !== undefined; block = this.#read()) yield* this.#split(block);
  }

  #read(): Uint8Array<ArrayBuffer> | undefined {
    if (this.#fd === undefined) return undefined;
    const buffer = new Uint8Array(blockSize);
    const count = read(this.#fd, buffer);
    return count === 0 ? undefined : buffer.subarray(0, count);
  }

  *#split(block: Uint8Array<ArrayBuffer>): Generator<LogEntry> {
    const text = this.#rest.length === 0 ? block : joined(this.#rest, block);
    let start = 0;
    for (let end = text.indexOf(newline); end >= 0; end = text.indexOf(newline, start)) {
      const entry = parseLogLine(text.subarray(start, end));
      start = end + 1;
      if (entry !== undefined) yield entry;
    }
    this.#rest = text.length - start > longestLine ? new Uint8Array() : text.slice(start);
  }

  /** True if another file, or one that was cut, is to be read on from its beginning. */
  rotated(): boolean {
    const there = tryStatAt(AT_FDCWD, this.path);
    if (there === undefined) return false;
    if (this.#fd !== undefined) {
      const ours = fstat(this.#fd);
      const same = ours.ino === there.ino && ours.dev === there.dev;
      if (same && ours.size >= lseek(this.#fd, 0, { whence: SEEK.CUR })) return false;
    }
    this.#fd?.[Symbol.dispose]();
    this.#fd = openLog(this.path);
    this.#rest = new Uint8Array();
    return this.#fd !== undefined;
  }

  /** Goes to the beginning of the last `lines` lines, reading backwards. */
  seekTail(lines: number): void {
    if (this.#fd !== undefined) lseek(this.#fd, tailOffset(this.#fd, lines));
  }

  [Symbol.dispose](): void {
    this.#fd?.[Symbol.dispose]();
  }
}

function openLog(path: string): OwnedFd | undefined {
  try {
    return open(path, O.RDONLY);
  } catch (error) {
    if (isSysError(error, "ENOENT")) return undefined;
    throw error;
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

/** Offset of the line after which `lines` full lines follow. Pieces belong to the line that they begin. */
function tailOffset(fd: OwnedFd, lines: number): number {
  const size = fstat(fd).size;
  let wanted = lines;
  let lineEnd = size;
  for (const at of newlinesBackwards(fd, size)) {
    // The newline at `at` ends the line before; what follows it, up to `lineEnd`, is one line.
    const begins = at + 1;
    if (begins < lineEnd && endsLine(readRange(fd, { from: begins, to: lineEnd }))) {
      if (wanted === 0) return lineEnd;
      wanted--;
    }
    lineEnd = begins;
  }
  return wanted === 0 && endsLine(readRange(fd, { from: 0, to: lineEnd })) ? lineEnd : 0;
}

/** The beginning of a line, which is enough to see its tag. */
function readRange(fd: OwnedFd, range: { readonly from: number; readonly to: number }): Uint8Array {
  const buffer = new Uint8Array(Math.min(range.to - range.from, 256));
  return buffer.subarray(0, pread(fd, buffer, { offset: range.from }));
}

function* newlinesBackwards(fd: OwnedFd, size: number): Generator<number> {
  const buffer = new Uint8Array(blockSize);
  for (let end = size; end > 0; end = Math.max(0, end - blockSize)) {
    const start = Math.max(0, end - blockSize);
    const block = buffer.subarray(0, end - start);
    pread(fd, block, { offset: start });
    for (let at = block.lastIndexOf(newline); at >= 0; at = at === 0 ? -1 : block.lastIndexOf(newline, at - 1)) {
      yield start + at;
    }
  }
}
