/** Operations on the engine as a whole. */

import type { Filters } from "./containers.ts";
import type { Event, Info, SystemVersionReport } from "./types/system.ts";

export type EventsInput = {
  /** Keep the line open for what comes (default); false: the past alone. */
  readonly stream?: boolean;
  readonly since?: string;
  readonly until?: string;
  readonly filters?: Filters;
};

/** One thing that `doctor` looked at. */
export type Finding = {
  /** Short stable name, such as `cgroups` or `newuidmap`. */
  readonly check: string;
  /** `bad`: containers cannot run; `warning`: something is missing; `good`. */
  readonly level: "good" | "warning" | "bad";
  /** What is there, or what is wrong. */
  readonly found: string;
  /** What does not work because of it; empty when good. */
  readonly breaks: string;
  /** The command that mends it on this distribution; empty when good or when there is none. */
  readonly fix: string;
};

export type DoctorReport = { readonly canRun: boolean; readonly findings: readonly Finding[] };

export type Empty = Readonly<Record<never, never>>;

export type System = {
  readonly info: (input: Empty, signal?: AbortSignal) => Promise<Info>;
  /** The server's half only. */
  readonly version: (input: Empty, signal?: AbortSignal) => Promise<SystemVersionReport>;
  readonly ping: (input: Empty, signal?: AbortSignal) => Promise<void>;
  readonly events: (input: EventsInput, signal?: AbortSignal) => AsyncIterable<Event>;
  /** Looks at this host; changes nothing. */
  readonly doctor: (input: Empty, signal?: AbortSignal) => Promise<DoctorReport>;
};
