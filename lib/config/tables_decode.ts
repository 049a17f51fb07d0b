/** The filled tables as typed records. `mergeFile` has checked every value against the kind that the types come from. */

import type { ContainersTable, EngineTable, NetworkTable } from "./keys.ts";
import type { Draft } from "./merge_tables.ts";

export type Tables = {
  readonly containers: ContainersTable;
  readonly engine: EngineTable;
  readonly network: NetworkTable;
};

export function decodeTables(draft: Draft): Tables {
  const table = (name: string) => Object.freeze(Object.fromEntries(draft.tables.get(name) ?? []));
  return {
    containers: table("containers") as ContainersTable,
    engine: table("engine") as EngineTable,
    network: table("network") as NetworkTable,
  };
}
