import type { PullEvent } from "../engine/mod.ts";
import { parseReference } from "../oci/mod.ts";
import { MemoryStore } from "./_memory_store.ts";
import type { Policy } from "./policy.ts";
import { pullImage, type PullOptions } from "./pull.ts";

export const acceptAnything: Policy = { default: [{ type: "insecureAcceptAnything" }], transports: new Map() };

export type PullSetup = Partial<PullOptions> & { readonly signal?: AbortSignal };

export type PullOutcome = {
  readonly store: MemoryStore;
  readonly events: readonly PullEvent[];
  readonly warnings: readonly string[];
  /** Milliseconds of each wait between tries; none was waited for. */
  readonly waits: readonly number[];
  readonly error?: unknown;
};

/** Pulls `name` from loopback without verifying certificates, with a clock that does not wait. */
export async function pullName(name: string, setup: PullSetup = {}): Promise<PullOutcome> {
  const { signal, ...options } = setup;
  const reference = parseReference(name);
  const store = setup.store instanceof MemoryStore ? setup.store : new MemoryStore();
  const events: PullEvent[] = [];
  const warnings: string[] = [];
  const waits: number[] = [];
  const outcome = { store, events, warnings, waits };
  try {
    const pulled = pullImage({
      candidates: [{ reference, endpoints: [{ reference, insecure: true }] }],
      wish: { os: "linux", architecture: "amd64" },
      policy: acceptAnything,
      login: () => Promise.resolve(null),
      certRoots: [],
      onWarning: (text) => warnings.push(text),
      wait: (milliseconds) => Promise.resolve(void waits.push(milliseconds)),
      ...options,
      store,
    }, signal);
    for await (const event of pulled) events.push(event);
    return outcome;
  } catch (error) {
    return { ...outcome, error };
  }
}

/** The texts of all lines that a user would see. */
export function linesOf(events: readonly PullEvent[]): string {
  return events.map((event) => event.stream ?? "").join("");
}
