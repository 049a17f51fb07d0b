/** Networks and the addresses that containers have in them. */

import { EngineError } from "../errors.ts";
import type { Network } from "../engine/types/network.ts";
import type { Database } from "./database.ts";
import { parseColumn, text } from "./json.ts";

export class Networks {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Throws `networkExists` if the name is taken. */
  insert(network: Network): void {
    const changed = this.#db.run(
      "INSERT OR IGNORE INTO networks VALUES (?, ?, ?)",
      network.id,
      network.name,
      JSON.stringify(network),
    );
    if (changed === 0) {
      throw new EngineError("networkExists", `network name ${network.name} already used: network already exists`);
    }
  }

  find(name: string): Network | null {
    const row = this.#db.get(
      "SELECT network FROM networks WHERE name = ? OR id = ? ORDER BY name = ? DESC",
      name,
      name,
      name,
    );
    if (row) return parseColumn(row, "network");
    if (!/^[0-9a-f]+$/.test(name)) return null;
    const rows = this.#db.all("SELECT network FROM networks WHERE id >= ? AND id < ? LIMIT 2", name, `${name}g`);
    if (rows.length > 1) throw new EngineError("invalidArgument", `more than one result for network ID ${name}`);
    return rows[0] ? parseColumn(rows[0], "network") : null;
  }

  get(name: string): Network {
    const found = this.find(name);
    if (found) return found;
    throw new EngineError("noSuchNetwork", `unable to find network with name or ID ${name}: network not found`);
  }

  list(): readonly Network[] {
    return this.#db.all("SELECT network FROM networks ORDER BY name").map((row) => parseColumn(row, "network"));
  }

  remove(id: string): void {
    this.#db.run("DELETE FROM networks WHERE id = ?", id);
    this.#db.run("DELETE FROM leases WHERE network_id = ?", id);
    this.#db.run("DELETE FROM last_leases WHERE network_id = ?", id);
  }

  /** Addresses in use in a network. */
  leases(networkId: string): ReadonlySet<string> {
    return new Set(
      this.#db.all("SELECT address FROM leases WHERE network_id = ?", networkId).map((row) => text(row, "address")),
    );
  }

  /** The addresses leased last, where the search for the next begins; given-back ones count too. */
  lastLeases(networkId: string): readonly string[] {
    return this.#db.all("SELECT address FROM last_leases WHERE network_id = ?", networkId).map((row) =>
      text(row, "address")
    );
  }

  lease(
    { networkId, address, containerId }: {
      readonly networkId: string;
      readonly address: string;
      readonly containerId: string;
    },
  ): void {
    this.#db.run("INSERT INTO leases VALUES (?, ?, ?)", networkId, address, containerId);
    const family = address.includes(":") ? 6 : 4;
    this.#db.run("INSERT OR REPLACE INTO last_leases VALUES (?, ?, ?)", networkId, family, address);
  }

  /** Gives back what a container has. */
  release(containerId: string): void {
    this.#db.run("DELETE FROM leases WHERE container_id = ?", containerId);
  }
}
