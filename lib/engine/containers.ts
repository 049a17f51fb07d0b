/** Operations on containers. `name` is a name, an id or an unambiguous beginning of an id. */

import type { ContainerCreateResponse, LibpodContainersRmReport, ListContainer } from "./types/container.ts";
import type { InspectContainerData } from "./types/container_inspect.ts";
import type { ExecCreateConfig, InspectExecSession } from "./types/exec.ts";
import type { CreateSpec } from "./types/spec.ts";
import type { Duplex, Frame, WindowSize } from "./stream.ts";

/** Filters as on the command line: key → values; the same key twice is "or", different keys are "and" (labels: "and"). */
export type Filters = Readonly<Record<string, readonly string[]>>;

export type Named = { readonly name: string };

export type CreateContainerInput = {
  readonly spec: CreateSpec;
  /** Absolute paths of the host that are made as directories where they are missing: Docker's service does so for binds. */
  readonly directories?: readonly string[];
};

export type StartContainerInput = Named & {
  readonly detachKeys?: string;
  /** Descriptors after stderr that the command gets from the caller; on this machine only. */
  readonly preserveFds?: number;
};

export type StopContainerInput = Named & {
  /** Seconds until SIGKILL; the container's own when absent. */
  readonly timeout?: number;
  /** No error if there is no such container. */
  readonly ignore?: boolean;
};

export type KillContainerInput = Named & { /** `TERM`, `SIGTERM` or a number. */ readonly signal?: string };

export type WaitContainerInput = Named & {
  /** States to wait for: `configured`, `created`, `running`, `stopped`, `paused`, `exited`, `removing`, …; default stopped or exited. */
  readonly conditions?: readonly string[];
};

export type RemoveContainerInput = Named & {
  readonly force?: boolean;
  /** Anonymous volumes too. */
  readonly volumes?: boolean;
  readonly ignore?: boolean;
  /** Containers that depend on it too. */
  readonly depend?: boolean;
  readonly timeout?: number;
};

export type ListContainersInput = {
  readonly all?: boolean;
  readonly filters?: Filters;
  /** The newest so many, whatever their state. */
  readonly last?: number;
  readonly size?: boolean;
  readonly namespace?: boolean;
};

export type InspectContainerInput = Named & { readonly size?: boolean };

export type ContainerLogsInput = Named & {
  readonly follow?: boolean;
  readonly stdout?: boolean;
  readonly stderr?: boolean;
  /** RFC 3339, seconds since 1970 or a duration ago such as `10m`. */
  readonly since?: string;
  readonly until?: string;
  /** Lines from the end; all when absent. */
  readonly tail?: number;
  readonly timestamps?: boolean;
};

export type AttachContainerInput = Named & {
  readonly stdin?: boolean;
  readonly stdout?: boolean;
  readonly stderr?: boolean;
  /** What was said before, first. */
  readonly logs?: boolean;
  /** Stay attached (default); false with `logs` gives the past alone. */
  readonly stream?: boolean;
  readonly detachKeys?: string;
  /** As in `StartContainerInput`, where this makes the container ready. */
  readonly preserveFds?: number;
};

export type ResizeInput = { readonly name: string } & WindowSize;

export type ExecCreateInput = Named & { readonly config: ExecCreateConfig };

export type ExecStartInput = {
  readonly id: string;
  readonly size?: WindowSize;
};

export type ExecSessionInput = { readonly id: string };

export type ExecRemoveInput = ExecSessionInput & { readonly force?: boolean };

export type Containers = {
  /** Writes the container down, with its root file system and volumes; nothing runs yet. */
  readonly create: (input: CreateContainerInput, signal?: AbortSignal) => Promise<ContainerCreateResponse>;
  /** Starts it; a running one is left alone (`notModified`). */
  readonly start: (input: StartContainerInput, signal?: AbortSignal) => Promise<void>;
  readonly stop: (input: StopContainerInput, signal?: AbortSignal) => Promise<void>;
  readonly kill: (input: KillContainerInput, signal?: AbortSignal) => Promise<void>;
  /** Exit code of the container, also of one that was removed a moment ago. */
  readonly wait: (input: WaitContainerInput, signal?: AbortSignal) => Promise<number>;
  readonly remove: (input: RemoveContainerInput, signal?: AbortSignal) => Promise<readonly LibpodContainersRmReport[]>;
  readonly list: (input: ListContainersInput, signal?: AbortSignal) => Promise<readonly ListContainer[]>;
  readonly inspect: (input: InspectContainerInput, signal?: AbortSignal) => Promise<InspectContainerData>;
  readonly exists: (input: Named, signal?: AbortSignal) => Promise<boolean>;
  readonly logs: (input: ContainerLogsInput, signal?: AbortSignal) => AsyncIterable<Frame>;
  /** Joins the container's terminal or pipes; a created one is made ready first, so that nothing it says is lost. */
  readonly attach: (input: AttachContainerInput, signal?: AbortSignal) => Promise<Duplex>;
  readonly resize: (input: ResizeInput, signal?: AbortSignal) => Promise<void>;
  readonly execCreate: (input: ExecCreateInput, signal?: AbortSignal) => Promise<{ readonly Id: string }>;
  /** Runs the session attached. */
  readonly execStart: (input: ExecStartInput, signal?: AbortSignal) => Promise<Duplex>;
  readonly execStartDetached: (input: ExecSessionInput, signal?: AbortSignal) => Promise<void>;
  readonly execInspect: (input: ExecSessionInput, signal?: AbortSignal) => Promise<InspectExecSession>;
  /** `name` is the session's id. */
  readonly execResize: (input: ResizeInput, signal?: AbortSignal) => Promise<void>;
  readonly execRemove: (input: ExecRemoveInput, signal?: AbortSignal) => Promise<void>;
  /** What conmon calls when the container has ended: unmount, network down, restart or remove. */
  readonly cleanup: (input: CleanupContainerInput, signal?: AbortSignal) => Promise<void>;
};

export type CleanupContainerInput = Named & {
  /** Set when a session of `exec` ended rather than the container. */
  readonly exec?: string;
  readonly remove?: boolean;
  /** Called by conmon: restart policies apply. */
  readonly stoppedOnly?: boolean;
};
