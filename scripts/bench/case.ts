/** What every measurement is given. */
import type { Engine } from "./engine.ts";
import type { Row } from "./row.ts";

export type Bench = {
  readonly beluga: Engine;
  /** Undefined where Podman is not installed: then only Beluga's own numbers are taken. */
  readonly podman: Engine | undefined;
  readonly runs: number;
  /** A folder for this measurement alone. */
  readonly folder: string;
  /** The OCI runtimes that work here, by name; both engines use the same. */
  readonly runtimes: readonly string[];
  readonly withRuntime: (runtime: string) => Bench;
};

export type Case = { readonly name: string; readonly measure: (bench: Bench) => Promise<readonly Row[]> };

/** The engines to compare, ours first. */
export function enginesOf({ beluga, podman }: Bench): readonly Engine[] {
  return podman === undefined ? [beluga] : [beluga, podman];
}
