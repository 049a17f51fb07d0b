/** The database file: opening, migrations, transactions. One per root, shared by all processes of one user. */

import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from "node:sqlite";
import { EngineError, messageOf } from "../errors.ts";
import { migrations } from "./schema.ts";

/** Milliseconds that a writer waits for another. */
const busyTimeout = 30_000;

/** Pages of 4 KiB in the log before it is written back: one command in a few dozen pays for it. */
const checkpointPages = 500;

export type Row = Readonly<Record<string, SQLOutputValue>>;

/** Prepared statements by their text, and transactions. Not to be shared between threads. */
export class Database implements Disposable {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #depth = 0;

  constructor(readonly path: string) {
    try {
      this.#db = new DatabaseSync(path);
      this.#db.exec(
        `PRAGMA busy_timeout = ${busyTimeout}; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = ${checkpointPages};`,
      );
      this.#migrate();
    } catch (error) {
      if (error instanceof EngineError) throw error;
      throw new EngineError("internal", `opening state database "${path}": ${messageOf(error)}`, { cause: error });
    }
  }

  [Symbol.dispose](): void {
    this.#statements.clear();
    this.#db.close();
  }

  all(sql: string, ...values: readonly SQLInputValue[]): readonly Row[] {
    return this.#prepare(sql).all(...values);
  }

  get(sql: string, ...values: readonly SQLInputValue[]): Row | null {
    return this.#prepare(sql).get(...values) ?? null;
  }

  /** Number of rows changed. */
  run(sql: string, ...values: readonly SQLInputValue[]): number {
    return Number(this.#prepare(sql).run(...values).changes);
  }

  /**
   * All of `body` or nothing. Inner transactions join the outer. A `durable` one is on disk when this returns; another is
   * atomic too, but the last ones may be lost with the power, which is right for what a reboot ends anyway.
   */
  transaction<T>(body: () => T, options: { readonly durable?: boolean } = {}): T {
    if (this.#depth > 0) return body();
    if (options.durable) this.#db.exec("PRAGMA synchronous = FULL");
    this.#db.exec("BEGIN IMMEDIATE");
    this.#depth++;
    try {
      const result = body();
      this.#db.exec("COMMIT");
      return result;
    } catch (error) {
      this.#rollBack();
      throw error;
    } finally {
      this.#depth--;
      if (options.durable) this.#db.exec("PRAGMA synchronous = NORMAL");
    }
  }

  /** SQLite has rolled back by itself after some failures, a full disk among them. */
  #rollBack(): void {
    try {
      this.#db.exec("ROLLBACK");
    } catch {
      // Nothing is left to roll back; the failure that brought us here is the one to report.
    }
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#db.prepare(sql);
    statement.setReadBigInts(false);
    this.#statements.set(sql, statement);
    return statement;
  }

  #version(): number {
    return Number(this.get("PRAGMA user_version")?.user_version ?? 0);
  }

  #migrate(): void {
    if (this.#version() === migrations.length) return;
    this.transaction(() => {
      const version = this.#version();
      if (version > migrations.length) {
        throw new EngineError(
          "conflict",
          `opening state database "${this.path}": it was written by a newer version of this program`,
        );
      }
      for (const sql of migrations.slice(version)) this.#db.exec(sql);
      this.#db.exec(`PRAGMA user_version = ${migrations.length}`);
    }, { durable: true });
  }
}
