/**
 * Waiting for descriptors without blocking the event loop.
 *
 * One epoll descriptor and at most one pending foreign call, however many descriptors are waited for: Deno has only 32
 * blocking threads, which file operations need too. A one-shot registration per wait; the pending call is woken through
 * an eventfd when nobody waits any more, so that it does not keep the process alive.
 */
import { isSysError } from "./errno.ts";
import { check, dup, eventfd, type Fd, fdNumber, OwnedFd } from "./fd.ts";
import { libc } from "./libc.ts";

/** Events of poll(2) and epoll(7). */
export const POLL = { IN: 1, PRI: 2, OUT: 4, ERR: 8, HUP: 16, NVAL: 32, RDHUP: 0x2000 } as const;

const EPOLL_CLOEXEC = 0o2000000;
const EPOLLONESHOT = 0x40000000;
const EPOLL_CTL_ADD = 1;
const EPOLL_CTL_DEL = 2;
const maxEvents = 64;

/** struct epoll_event { u32 events; u64 data; }, packed on x86-64 only. */
const eventSize = Deno.build.arch === "x86_64" ? 12 : 16;
const dataOffset = eventSize - 8;

type Waiter = { readonly fd: OwnedFd; readonly resolve: (events: number) => void };

class Reactor {
  readonly #epoll = new OwnedFd(check(libc.epoll_create1(EPOLL_CLOEXEC), "epoll_create"));
  readonly #wake = eventfd();
  readonly #waiters = new Map<number, Waiter>();
  #nextKey = 1;
  #looping = false;

  constructor() {
    this.#register(this.#wake.value, { events: POLL.IN, key: 0 });
  }

  /** The descriptor is duplicated, so that several may wait for it and closing it meanwhile does no harm. */
  wait(fd: Fd, events: number, signal?: AbortSignal): Promise<number> {
    signal?.throwIfAborted();
    const own = dup(fd);
    const key = this.#nextKey++;
    try {
      this.#register(own.value, { events: events | EPOLLONESHOT, key });
    } catch (error) {
      own[Symbol.dispose]();
      if (isSysError(error, "EPERM")) return Promise.resolve(events);
      throw error;
    }
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const abort = () => {
      if (this.#remove(key) !== undefined) reject(signal?.reason);
      if (this.#waiters.size === 0) this.#poke();
    };
    const done = (result: number) => {
      signal?.removeEventListener("abort", abort);
      resolve(result);
    };
    this.#waiters.set(key, { fd: own, resolve: done });
    signal?.addEventListener("abort", abort, { once: true });
    if (!this.#looping) this.#loop();
    return promise;
  }

  #register(fd: number, options: { readonly events: number; readonly key: number }): void {
    const event = new DataView(new ArrayBuffer(eventSize));
    event.setUint32(0, options.events, true);
    event.setUint32(dataOffset, options.key, true);
    check(libc.epoll_ctl(this.#epoll.value, EPOLL_CTL_ADD, fd, new Uint8Array(event.buffer)), "epoll_ctl");
  }

  #remove(key: number): Waiter | undefined {
    const waiter = this.#waiters.get(key);
    if (waiter === undefined) return undefined;
    this.#waiters.delete(key);
    libc.epoll_ctl(this.#epoll.value, EPOLL_CTL_DEL, waiter.fd.value, null);
    waiter.fd[Symbol.dispose]();
    return waiter;
  }

  #poke(): void {
    if (!this.#looping) return;
    libc.write(this.#wake.value, new Uint8Array(new BigUint64Array([1n]).buffer), 8);
  }

  async #loop(): Promise<void> {
    this.#looping = true;
    const buffer = new Uint8Array(eventSize * maxEvents);
    const view = new DataView(buffer.buffer);
    while (this.#waiters.size > 0) {
      // errno is not to be had here; the only failure that a valid descriptor allows is EINTR.
      const count = await libc.epollWaitAsync(this.#epoll.value, buffer, maxEvents, -1);
      for (let index = 0; index < count; index++) this.#dispatch(view, index * eventSize);
    }
    this.#looping = false;
  }

  #dispatch(view: DataView, offset: number): void {
    const key = view.getUint32(offset + dataOffset, true);
    if (key === 0) libc.read(this.#wake.value, new Uint8Array(8), 8);
    else this.#remove(key)?.resolve(view.getUint32(offset, true));
  }
}

let reactor: Reactor | undefined;

/**
 * Resolves with the events (a sum of `POLL`) as soon as one of `events`, or an error or hang-up, is there. Rejects with
 * the signal's reason. Regular files and /dev/null, which epoll refuses, are always ready.
 */
export function waitFor(fd: Fd, events: number, options: { readonly signal?: AbortSignal } = {}): Promise<number> {
  reactor ??= new Reactor();
  return reactor.wait(fd, events, options.signal);
}

/** Resolves when a read would not block. */
export async function readable(fd: Fd, options: { readonly signal?: AbortSignal } = {}): Promise<void> {
  await waitFor(fd, POLL.IN, options);
}

/** Resolves when a write would not block. */
export async function writable(fd: Fd, options: { readonly signal?: AbortSignal } = {}): Promise<void> {
  await waitFor(fd, POLL.OUT, options);
}

/** Asks now: the events that each descriptor has, in order. Blocks at most `timeoutMs` (default 0). */
export function poll(
  fds: readonly { readonly fd: Fd; readonly events: number }[],
  options: { readonly timeoutMs?: number } = {},
): number[] {
  // struct pollfd { int fd; short events; short revents; }
  const view = new DataView(new ArrayBuffer(fds.length * 8));
  fds.forEach((item, index) => {
    view.setInt32(index * 8, fdNumber(item.fd), true);
    view.setInt16(index * 8 + 4, item.events, true);
  });
  check(libc.poll(new Uint8Array(view.buffer), fds.length, options.timeoutMs ?? 0), "poll");
  return fds.map((_, index) => view.getInt16(index * 8 + 6, true));
}
