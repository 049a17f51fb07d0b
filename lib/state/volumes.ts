/** Volumes. Their content is the storage driver's. */

import { EngineError } from "../errors.ts";
import type { VolumeConfigResponse } from "../engine/types/volume.ts";
import { nanoseconds } from "./containers.ts";
import type { Database } from "./database.ts";
import { parseColumn } from "./json.ts";

export class Volumes {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Throws `volumeExists` if the name is taken. */
  insert(volume: VolumeConfigResponse): void {
    const changed = this.#db.run(
      "INSERT OR IGNORE INTO volumes VALUES (?, ?, ?)",
      volume.Name,
      nanoseconds(volume.CreatedAt),
      JSON.stringify(volume),
    );
    if (changed === 0) {
      throw new EngineError("volumeExists", `volume with name ${volume.Name} already exists: volume already exists`);
    }
  }

  /** By name or, with `prefix`, an unambiguous beginning of one. */
  find(name: string, options: { readonly prefix?: boolean } = {}): VolumeConfigResponse | null {
    const row = this.#db.get("SELECT volume FROM volumes WHERE name = ?", name);
    if (row) return parseColumn(row, "volume");
    if (!options.prefix || name === "") return null;
    const rows = this.#db.all("SELECT volume FROM volumes WHERE substr(name, 1, length(?)) = ? LIMIT 2", name, name);
    if (rows.length > 1) throw new EngineError("invalidArgument", `more than one result for volume name ${name}`);
    return rows[0] ? parseColumn(rows[0], "volume") : null;
  }

  get(name: string): VolumeConfigResponse {
    const found = this.find(name, { prefix: true });
    if (found) return found;
    throw new EngineError("noSuchVolume", `no volume with name "${name}" found: no such volume`);
  }

  list(): readonly VolumeConfigResponse[] {
    return this.#db.all("SELECT volume FROM volumes ORDER BY name").map((row) => parseColumn(row, "volume"));
  }

  update(volume: VolumeConfigResponse): void {
    this.#db.run("UPDATE volumes SET volume = ? WHERE name = ?", JSON.stringify(volume), volume.Name);
  }

  remove(name: string): void {
    this.#db.run("DELETE FROM volumes WHERE name = ?", name);
  }
}
