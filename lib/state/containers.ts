/** Containers, their states, and what is left of those that were removed. */

import { EngineError } from "../errors.ts";
import type { Container, ContainerState } from "../engine/container.ts";
import type { Database, Row } from "./database.ts";
import { parseColumn, text } from "./json.ts";

/** What changes from start to start, beside the state. */
export type ContainerRun = {
  /** Root file system as mounted; empty when it is not. */
  readonly mountPoint: string;
  readonly restarts: number;
  /** Stopped by a user, so that no restart policy applies. */
  readonly stoppedByUser: boolean;
  /** Path of the runtime and the cgroup given to it. */
  readonly runtime: string;
  readonly cgroup: string;
  readonly netns: string;
  /** What the network driver said, as it said it; `null` when there is no network up. */
  readonly network: unknown;
};

export const noRun: ContainerRun = {
  mountPoint: "",
  restarts: 0,
  stoppedByUser: false,
  runtime: "",
  cgroup: "",
  netns: "",
  network: null,
};

export type ContainerRecord = {
  readonly container: Container;
  readonly state: ContainerState;
  readonly run: ContainerRun;
};

const columns = "container, state, run";

function record(row: Row): ContainerRecord {
  return {
    container: parseColumn(row, "container"),
    state: parseColumn(row, "state"),
    run: parseColumn(row, "run"),
  };
}

/** Nanoseconds since 1970 of an RFC 3339 time, as far as a double carries them. */
export function nanoseconds(time: string): bigint {
  const fraction = /\.(\d+)/.exec(time)?.[1] ?? "";
  const seconds = Math.floor(Date.parse(time.replace(/\.\d+/, "")) / 1000);
  return BigInt(seconds) * 1_000_000_000n + BigInt(fraction.padEnd(9, "0").slice(0, 9) || "0");
}

export class Containers {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Throws `containerExists` if the name is taken. */
  insert({ container, state, run }: ContainerRecord): void {
    const holder = this.#db.get("SELECT id FROM containers WHERE name = ?", container.name);
    if (holder) {
      const message =
        `creating container storage: the container name "${container.name}" is already in use by ${
          text(holder, "id")
        }. ` +
        "You have to remove that container to be able to reuse that name: that name is already in use, or use --replace to instruct Beluga to do so.";
      throw new EngineError("containerExists", message);
    }
    this.#db.run(
      "INSERT INTO containers (id, name, created, image_id, container, state, run) VALUES (?, ?, ?, ?, ?, ?, ?)",
      container.id,
      container.name,
      nanoseconds(container.created),
      container.image?.id ?? null,
      JSON.stringify(container),
      JSON.stringify(state),
      JSON.stringify(run),
    );
    for (const use of container.volumes) {
      this.#db.run(
        "INSERT OR IGNORE INTO container_volumes VALUES (?, ?, ?)",
        container.id,
        use.name,
        use.anonymous ? 1 : 0,
      );
    }
    for (const id of container.dependencies) {
      this.#db.run("INSERT OR IGNORE INTO container_dependencies VALUES (?, ?)", container.id, id);
    }
  }

  /** By name, id, or unambiguous beginning of an id; a name wins. */
  find(name: string): ContainerRecord | null {
    const exact = this.#db.get(
      `SELECT ${columns} FROM containers WHERE name = ? OR id = ? ORDER BY name = ? DESC`,
      name,
      name,
      name,
    );
    if (exact) return record(exact);
    if (!/^[0-9a-f]+$/.test(name)) return null;
    const rows = this.#db.all(`SELECT ${columns} FROM containers WHERE id >= ? AND id < ? LIMIT 2`, name, `${name}g`);
    if (rows.length > 1) {
      throw new EngineError("invalidArgument", `more than one result for container name or ID ${name}`);
    }
    return rows[0] ? record(rows[0]) : null;
  }

  /** As `find`; throws `noSuchContainer`. */
  get(name: string): ContainerRecord {
    const found = this.find(name);
    if (found) return found;
    throw new EngineError("noSuchContainer", `no container with name or ID "${name}" found: no such container`);
  }

  /** Oldest first. */
  list(): readonly ContainerRecord[] {
    return this.#db.all(`SELECT ${columns} FROM containers ORDER BY created`).map(record);
  }

  setState(id: string, state: ContainerState): void {
    this.#db.run("UPDATE containers SET state = ? WHERE id = ?", JSON.stringify(state), id);
  }

  setRun(id: string, run: ContainerRun): void {
    this.#db.run("UPDATE containers SET run = ? WHERE id = ?", JSON.stringify(run), id);
  }

  remove(id: string): void {
    this.#db.run("DELETE FROM containers WHERE id = ?", id);
  }

  /** Ids of containers whose namespaces or volumes depend on this one. */
  dependents(id: string): readonly string[] {
    return this.#db.all("SELECT container_id FROM container_dependencies WHERE needs = ?", id).map((row) =>
      text(row, "container_id")
    );
  }

  usingImage(imageId: string): readonly string[] {
    return this.#db.all("SELECT id FROM containers WHERE image_id = ? ORDER BY created", imageId).map((row) =>
      text(row, "id")
    );
  }

  /** How many containers each image has. */
  countByImage(): ReadonlyMap<string, number> {
    const rows = this.#db.all(
      "SELECT image_id, count(*) AS n FROM containers WHERE image_id IS NOT NULL GROUP BY image_id",
    );
    return new Map(rows.map((row) => [text(row, "image_id"), Number(row.n)]));
  }

  usingVolume(volume: string): readonly string[] {
    return this.#db.all("SELECT container_id FROM container_volumes WHERE volume = ?", volume).map((row) =>
      text(row, "container_id")
    );
  }

  /** Remembers an exit code for those who ask after the container is gone. Codes older than five minutes are forgotten. */
  rememberExit(
    { id, name, code, now }: {
      readonly id: string;
      readonly name: string;
      readonly code: number;
      readonly now: number;
    },
  ): void {
    this.#db.run("INSERT OR REPLACE INTO exits VALUES (?, ?, ?, ?)", id, name, code, now);
    this.#db.run("DELETE FROM exits WHERE at < ?", now - 300_000);
  }

  rememberedExit(name: string): number | null {
    const row = this.#db.get("SELECT code FROM exits WHERE container_id = ? OR name = ? ORDER BY at DESC", name, name);
    return row ? Number(row.code) : null;
  }
}
