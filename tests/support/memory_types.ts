/** What the engine in memory keeps. */

import type {
  CreateSpec,
  Event,
  ExecCreateConfig,
  Network,
  NetworkInspectReport,
  VolumeConfigResponse,
} from "../../lib/engine/mod.ts";
import { EngineError, type ErrorKindName } from "../../lib/errors.ts";
import type { MemoryProcess } from "./memory_process.ts";

export type MemoryImage = {
  readonly id: string;
  names: readonly string[];
  readonly created: string;
  readonly size: number;
};

export type MemoryContainer = {
  readonly id: string;
  name: string;
  readonly spec: CreateSpec;
  readonly args: readonly string[];
  readonly image: MemoryImage;
  readonly created: string;
  state: "created" | "running" | "exited";
  startedAt: string;
  finishedAt: string;
  exitCode: number;
  process: MemoryProcess | null;
};

export type MemorySession = {
  readonly container: string;
  readonly config: ExecCreateConfig;
  state: "created" | "running" | "stopped";
  exitCode: number;
  process: MemoryProcess | null;
};

/** All of it; `changed` wakes who waits for a state. */
export class MemoryStore {
  readonly containers = new Map<string, MemoryContainer>();
  readonly sessions = new Map<string, MemorySession>();
  readonly images = new Map<string, MemoryImage>();
  readonly volumes = new Map<string, VolumeConfigResponse>();
  readonly networks = new Map<string, Network>();
  readonly events: Event[] = [];
  /** Exit codes of containers that were removed. */
  readonly gone = new Map<string, number>();
  #changed = Promise.withResolvers<void>();

  /** Resolves at the next change; rejects when `signal` aborts. */
  async change(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const aborted = Promise.withResolvers<void>();
    const stop = () => aborted.reject(new EngineError("cancelled", "cancelled"));
    signal?.addEventListener("abort", stop);
    try {
      await Promise.race([this.#changed.promise, aborted.promise]);
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  }

  notify(): void {
    const { resolve } = this.#changed;
    this.#changed = Promise.withResolvers<void>();
    resolve();
  }

  record(type: string, action: string, container: { readonly id: string; readonly name: string }): void {
    this.events.push({
      status: action,
      id: container.id,
      Type: type,
      Action: action,
      Actor: { ID: container.id, Attributes: { name: container.name } },
      scope: "local",
      time: Math.floor(Date.now() / 1000),
      timeNano: Date.now() * 1_000_000,
    });
    this.notify();
  }

  container(name: string): MemoryContainer {
    const all = [...this.containers.values()];
    const found = all.find((one) => one.name === name || one.id === name) ??
      all.find((one) => name.length > 1 && one.id.startsWith(name));
    return found ?? fail("noSuchContainer", `no container with name or ID "${name}" found: no such container`);
  }

  session(id: string): MemorySession {
    return this.sessions.get(id) ?? fail("noSuchExecSession", `no exec session with ID "${id}" found`);
  }

  image(name: string): MemoryImage {
    const bare = name.replace(/^sha256:/, "");
    const wanted = [
      name,
      `${name}:latest`,
      `localhost/${name}`,
      `localhost/${name}:latest`,
      `docker.io/library/${name}:latest`,
    ];
    const found = [...this.images.values()].find((image) =>
      image.names.some((one) => wanted.includes(one)) || (bare.length > 3 && image.id.startsWith(bare))
    );
    return found ?? fail("noSuchImage", `${name}: image not known`);
  }

  volume(name: string): VolumeConfigResponse {
    return this.volumes.get(name) ?? fail("noSuchVolume", `no volume with name "${name}" found: no such volume`);
  }

  network(name: string): NetworkInspectReport {
    const network = this.networks.get(name) ?? fail("noSuchNetwork", `unable to find network with name or ID ${name}`);
    return { ...network, containers: {} };
  }
}

export function fail(kind: ErrorKindName, message: string): never {
  throw new EngineError(kind, message);
}

/** 64 hexadecimal digits. */
export function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(32))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
