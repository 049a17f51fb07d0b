/**
 * Names and states of everything the engine keeps: one SQLite database per root, one repository per noun.
 *
 * May import `lib/errors.ts`, `lib/engine` and `lib/oci`. Repositories neither lock nor look at the kernel: `lib/local` takes
 * the object's lock, looks, and calls them within one `transaction()`. What is committed here is what exists; files without
 * a row are garbage.
 */

import { Containers } from "./containers.ts";
import { Database } from "./database.ts";
import { Events } from "./events.ts";
import { ExecSessions } from "./exec_sessions.ts";
import { Images } from "./images.ts";
import { Networks } from "./networks.ts";
import { Volumes } from "./volumes.ts";

export type State = Disposable & {
  readonly containers: Containers;
  readonly images: Images;
  readonly volumes: Volumes;
  readonly networks: Networks;
  readonly execSessions: ExecSessions;
  readonly events: Events;
  readonly transaction: Database["transaction"];
};

/** Opens the database at `path`, making it and bringing its schema up to date as needed. */
export function openState(path: string): State {
  const db = new Database(path);
  return {
    containers: new Containers(db),
    images: new Images(db),
    volumes: new Volumes(db),
    networks: new Networks(db),
    execSessions: new ExecSessions(db),
    events: new Events(db),
    transaction: (body, options) => db.transaction(body, options),
    [Symbol.dispose]: () => db[Symbol.dispose](),
  };
}

export type { ContainerRecord, ContainerRun } from "./containers.ts";
export type { ExecRecord, ExecState } from "./exec_sessions.ts";
export type { EventRecord } from "./events.ts";
export type { ImageLayer, ImageRecord } from "./images.ts";
export { nanoseconds, noRun } from "./containers.ts";
export { repositoryOf } from "./images.ts";
export { never, next } from "./next.ts";
