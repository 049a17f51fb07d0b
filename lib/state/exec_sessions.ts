/** Sessions of `exec`. */

import { EngineError } from "../errors.ts";
import type { ProcessIdentity } from "../engine/container.ts";
import type { ExecCreateConfig } from "../engine/types/exec.ts";
import type { Database } from "./database.ts";
import { parseColumn } from "./json.ts";

export type ExecState =
  | { readonly tag: "created" }
  | { readonly tag: "running"; readonly process: ProcessIdentity; readonly conmon: ProcessIdentity }
  | { readonly tag: "exited"; readonly exitCode: number };

export type ExecRecord = {
  readonly id: string;
  readonly containerId: string;
  readonly config: ExecCreateConfig;
  readonly state: ExecState;
};

export class ExecSessions {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  insert(session: ExecRecord): void {
    this.#db.run(
      "INSERT INTO exec_sessions VALUES (?, ?, ?)",
      session.id,
      session.containerId,
      JSON.stringify(session),
    );
  }

  get(id: string): ExecRecord {
    const rows = this.#db.all("SELECT session FROM exec_sessions WHERE id >= ? AND id < ? LIMIT 2", id, `${id}g`);
    const row = /^[0-9a-f]+$/.test(id) && rows.length === 1 ? rows[0] : undefined;
    if (row) return parseColumn(row, "session");
    throw new EngineError("noSuchExecSession", `no exec session with ID ${id} found: no such exec session`);
  }

  of(containerId: string): readonly ExecRecord[] {
    return this.#db.all("SELECT session FROM exec_sessions WHERE container_id = ?", containerId).map((row) =>
      parseColumn(row, "session")
    );
  }

  update(session: ExecRecord): void {
    this.#db.run("UPDATE exec_sessions SET session = ? WHERE id = ?", JSON.stringify(session), session.id);
  }

  removeAllOf(containerId: string): void {
    this.#db.run("DELETE FROM exec_sessions WHERE container_id = ?", containerId);
  }

  remove(id: string): void {
    this.#db.run("DELETE FROM exec_sessions WHERE id = ?", id);
  }
}
