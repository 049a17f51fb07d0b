/** What every operation of the local engine works with: configuration, database, drivers, all opened on first use. */

import { mkdirSync } from "node:fs";
import type { Config, ConfigInput } from "../config/config.ts";
import type { Event } from "../engine/types/system.ts";
import type { OciRuntime } from "../runtime/types.ts";
import { openState, type State } from "../state/mod.ts";
import type { Storage } from "../storage/mod.ts";
import type { FileLock } from "../sys/lock.ts";
import { databasePath, lockPath } from "./paths.ts";

export type LocalInput = {
  readonly config: Config;
  /** To load what is read on first use: registries, policy, credentials. */
  readonly configInput: ConfigInput;
  /** argv that starts this program again with the same global flags, for conmon's exit command. */
  readonly self: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /**
   * This process waits for the containers that it starts and cleans up after them; false in a service, where conmon's
   * exit command does it.
   */
  readonly attends: boolean;
  readonly log: (level: "debug" | "warning", message: string) => void;
};

/**
 * The engine's means. Nothing is closed before the process ends: closing the database would write its log back, with three
 * fsyncs, at the end of every command, and locks die with their holder.
 */
export class Local {
  readonly config: Config;
  readonly configInput: ConfigInput;
  readonly self: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly attends: boolean;
  readonly log: LocalInput["log"];
  /** Locks that say "this process will clean up", by container id. */
  readonly attended = new Map<string, FileLock>();
  readonly runtimes = new Map<string, Promise<OciRuntime>>();
  /** When garbage was last looked for, in milliseconds since 1970. */
  sweptAt = 0;
  #state: State | undefined;
  #storage: Promise<Storage> | undefined;

  constructor(input: LocalInput) {
    this.config = input.config;
    this.configInput = input.configInput;
    this.self = input.self;
    this.env = input.env;
    this.attends = input.attends;
    this.log = input.log;
  }

  get rootless(): boolean {
    return this.config.rootless;
  }

  get state(): State {
    this.#state ??= this.#open();
    return this.#state;
  }

  storage(): Promise<Storage> {
    this.#storage ??= this.#openStorage();
    return this.#storage;
  }

  /** Takes the lock of a container, volume or network for one verb. */
  async lock(id: string, signal?: AbortSignal): Promise<FileLock> {
    const { lockFile } = await import("../sys/lock.ts");
    const path = lockPath(this.config.paths, id);
    mkdirSync(`${this.config.paths.runRoot}/locks`, { recursive: true, mode: 0o700 });
    return await lockFile(path, { signal });
  }

  /** Writes an event down; to be called within the transaction of what happened. */
  event(event: Pick<Event, "Type" | "Action" | "Actor"> & Partial<Event>): void {
    if (this.config.events === "none") return;
    const now = Date.now();
    this.state.events.add({ scope: "local", time: Math.floor(now / 1000), timeNano: now * 1_000_000, ...event });
  }

  #open(): State {
    mkdirSync(this.config.paths.root, { recursive: true, mode: 0o700 });
    return openState(databasePath(this.config.paths));
  }

  async #openStorage(): Promise<Storage> {
    const { openStorage } = await import("../storage/mod.ts");
    const { storage, paths } = this.config;
    return openStorage({
      root: paths.root,
      runRoot: paths.runRoot,
      volumes: paths.volumes,
      driver: storage.driver,
      mountProgram: storage.mountProgram,
      mountOptions: storage.mountOptions,
      ignoreChownErrors: storage.ignoreChownErrors,
    });
  }
}
