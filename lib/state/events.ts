/** What happened, for `events`. The oldest are dropped beyond a bound, so that the file does not grow for ever. */

import type { Event } from "../engine/types/system.ts";
import type { Database, Row } from "./database.ts";
import { parseColumn } from "./json.ts";

/** Events kept; dropped in batches. */
const kept = 10_000;
const batch = 1_000;

export type EventRecord = { readonly seq: number; readonly event: Event };

function record(row: Row): EventRecord {
  return { seq: Number(row.seq), event: parseColumn(row, "event") };
}

export class Events {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  add(event: Event): void {
    this.#db.run("INSERT INTO events (at, event) VALUES (?, ?)", event.timeNano ?? 0, JSON.stringify(event));
    const last = Number(this.#db.get("SELECT last_insert_rowid() AS seq")?.seq ?? 0);
    if (last % batch === 0) this.#db.run("DELETE FROM events WHERE seq <= ?", last - kept);
  }

  /** Those after the event numbered `seq`, oldest first. */
  after(seq: number): readonly EventRecord[] {
    return this.#db.all("SELECT seq, event FROM events WHERE seq > ? ORDER BY seq", seq).map(record);
  }

  /** Number of the newest; 0 when there is none. */
  last(): number {
    return Number(this.#db.get("SELECT max(seq) AS seq FROM events")?.seq ?? 0);
  }
}
