/** The service: listens on a unix socket or a TCP port and carries requests to an engine. */

import { dirname } from "node:path/posix";
import type { Engine } from "../engine/mod.ts";
import { EngineError, messageOf } from "../errors.ts";
import type { Address } from "./http/client.ts";
import { engineHandler } from "./handler.ts";
import { type Connection, Wire } from "./http/wire.ts";
import { serveConnection } from "./http/serve.ts";

export type ServeOptions = {
  readonly address: Address;
  /** Seconds without a request after which the service ends; 0: never. */
  readonly idleSeconds: number;
};

/** A running service. */
export type Service = {
  /** Where it listens, with the port that was chosen for port 0. */
  readonly address: Address;
  /** Settles when the service has ended, by `stop()` or by idleness. */
  readonly finished: Promise<void>;
  /**
   * No new connections; requests in work may end within `graceSeconds`, then they are cancelled. Resolves when all have.
   */
  readonly stop: (graceSeconds?: number) => Promise<void>;
};

/**
 * Starts the service. A unix socket is made with mode 0600 in a directory made with 0700; one left behind by a service
 * that is gone is replaced. Errors: `conflict` where somebody answers there, `portInUse`, `permission`.
 */
export async function serve(engine: Engine, options: ServeOptions): Promise<Service> {
  const listener = await listen(options.address);
  return new Listening(listener, engine, options).service();
}

type Listener = {
  readonly address: Address;
  readonly accept: () => Promise<Connection>;
  readonly close: () => void;
};

async function listen(address: Address): Promise<Listener> {
  try {
    return address.tag === "unix" ? await listenUnix(address.path) : listenTcp(address);
  } catch (error) {
    throw listenError(address, error);
  }
}

function listenTcp({ hostname, port }: Address & { readonly tag: "tcp" }): Listener {
  const listener = Deno.listen({ transport: "tcp", hostname, port });
  return {
    address: { tag: "tcp", hostname, port: listener.addr.port },
    accept: () => listener.accept(),
    close: () => listener.close(),
  };
}

async function listenUnix(path: string): Promise<Listener> {
  await Deno.mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await removeStale(path);
  // The mode must hold from the first moment on, not from a chmod on.
  const before = Deno.umask(0o177);
  let listener: Deno.UnixListener;
  try {
    listener = Deno.listen({ transport: "unix", path });
  } finally {
    Deno.umask(before);
  }
  const { ino } = await Deno.lstat(path);
  const close = () => {
    listener.close();
    removeOwn(path, ino);
  };
  return { address: { tag: "unix", path }, accept: () => listener.accept(), close };
}

/** Removes a socket that nobody answers on; anything else there is left alone and an error. */
async function removeStale(path: string): Promise<void> {
  const there = await Deno.lstat(path).catch(() => null);
  if (there === null) return;
  if (!there.isSocket) throw new EngineError("conflict", `listening on "${path}": the file there is not a socket`);
  const answered = await Deno.connect({ transport: "unix", path }).catch(() => null);
  if (answered !== null) {
    answered.close();
    throw new EngineError("conflict", `listening on "${path}": another service answers there`);
  }
  await Deno.remove(path);
}

/** Removes the socket unless another service has put its own there. */
function removeOwn(path: string, ino: number | null): void {
  try {
    if (Deno.lstatSync(path).ino === ino) Deno.removeSync(path);
  } catch {
    // Gone already.
  }
}

function listenError(address: Address, error: unknown): unknown {
  if (error instanceof EngineError) return error;
  const where = address.tag === "unix" ? address.path : `${address.hostname}:${address.port}`;
  const kind = error instanceof Deno.errors.AddrInUse
    ? "portInUse"
    : error instanceof Deno.errors.PermissionDenied
    ? "permission"
    : "internal";
  return new EngineError(kind, `listening on "${where}": ${messageOf(error)}`, { cause: error });
}

const defaultGraceSeconds = 5;

/** A listener at work: its connections, how many requests run, and when it has been idle for too long. */
class Listening {
  readonly #wires = new Map<Wire, { active: number }>();
  readonly #cancelling = new AbortController();
  readonly #finished = Promise.withResolvers<void>();
  readonly #listener: Listener;
  readonly #idleMilliseconds: number;
  #active = 0;
  #stopping = false;
  #idleTimer: number | undefined;
  #onQuiet: () => void = () => {};

  constructor(listener: Listener, engine: Engine, options: ServeOptions) {
    this.#listener = listener;
    this.#idleMilliseconds = options.idleSeconds * 1000;
    const handle = engineHandler(engine);
    void this.#accept((wire) => this.#serve(wire, handle));
    this.#waitForIdleness();
  }

  service(): Service {
    return {
      address: this.#listener.address,
      finished: this.#finished.promise,
      stop: (graceSeconds = defaultGraceSeconds) => this.#stop(graceSeconds),
    };
  }

  async #accept(serveOne: (wire: Wire) => Promise<void>): Promise<void> {
    while (!this.#stopping) {
      const connection = await this.#listener.accept().catch(() => null);
      if (connection === null) return;
      void serveOne(new Wire(connection));
    }
  }

  async #serve(wire: Wire, handle: ReturnType<typeof engineHandler>): Promise<void> {
    const state = { active: 0 };
    this.#wires.set(wire, state);
    const onActivity = (change: 1 | -1) => {
      state.active += change;
      this.#count(change);
    };
    await serveConnection(wire, { handle, signal: this.#cancelling.signal, onActivity });
    this.#wires.delete(wire);
    if (this.#wires.size === 0) this.#onQuiet();
  }

  #count(change: 1 | -1): void {
    this.#active += change;
    if (this.#active === 0) this.#waitForIdleness();
    else clearTimeout(this.#idleTimer);
  }

  #waitForIdleness(): void {
    if (this.#idleMilliseconds === 0 || this.#stopping) return;
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => void this.#stop(0), this.#idleMilliseconds);
  }

  async #stop(graceSeconds: number): Promise<void> {
    if (this.#stopping) return await this.#finished.promise;
    this.#stopping = true;
    clearTimeout(this.#idleTimer);
    this.#listener.close();
    for (const [wire, { active }] of this.#wires) if (active === 0) wire.close();
    if (!(await this.#quietWithin(graceSeconds * 1000))) {
      this.#cancelling.abort(new EngineError("cancelled", "the service stops"));
      if (!(await this.#quietWithin(1000))) { for (const wire of this.#wires.keys()) wire.close(); }
    }
    this.#finished.resolve();
  }

  async #quietWithin(milliseconds: number): Promise<boolean> {
    if (this.#wires.size === 0) return true;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#onQuiet = () => resolve(true);
    const timer = setTimeout(() => resolve(false), milliseconds);
    const quiet = await promise;
    clearTimeout(timer);
    return quiet;
  }
}
