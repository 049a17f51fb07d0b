/**
 * conmon and the OCI runtimes: create, start, exec, attach, kill, exit files, logs, cgroups.
 *
 * May import `lib/errors.ts`, `lib/oci`, `lib/sys` and the types of `lib/engine`. What must stay true: a helper program is
 * a pure encoder of its argv and JSON, one call of `lib/sys`, a pure decoder; nothing here keeps memory of a container —
 * the bundle, the exit files and the kernel know. On the hot path import the file you need instead of this one.
 */
import type { Duplex, WindowSize } from "../engine/stream.ts";
import type { ProcessIdentity } from "../engine/container.ts";
import type * as t from "./types.ts";

export type * from "./types.ts";

// --- find_runtime.ts
export declare function findRuntime(input: {
  /** Name or path asked for (`--runtime`, containers.conf `runtime`); empty: crun first, runc second. */
  readonly requested: string;
  /** containers.conf `[engine.runtimes]`: name → candidate paths. */
  readonly paths: Readonly<Record<string, readonly string[]>>;
  /** The probe's answer is kept in RUNROOT/runtime.json. */
  readonly runRoot: string;
}): Promise<t.OciRuntime>;
export declare function findConmon(paths: readonly string[]): Promise<string>;

// --- create.ts: conmon starts, the runtime creates; nothing of the container's command runs yet
export declare function createContainer(
  input: t.CreateRuntimeContainer,
  signal?: AbortSignal,
): Promise<t.CreatedContainer>;

// --- verbs.ts
export declare function startContainer(handle: t.RuntimeHandle, id: string): Promise<void>;
export declare function killContainer(
  handle: t.RuntimeHandle,
  input: { readonly id: string; readonly signal: number; readonly all?: boolean },
): Promise<void>;
export declare function deleteContainer(
  handle: t.RuntimeHandle,
  input: { readonly id: string; readonly force?: boolean },
): Promise<void>;
export declare function pauseContainer(handle: t.RuntimeHandle, id: string): Promise<void>;
export declare function resumeContainer(handle: t.RuntimeHandle, id: string): Promise<void>;
/** `undefined`: the runtime knows no such container. */
export declare function runtimeState(handle: t.RuntimeHandle, id: string): Promise<t.RuntimeStatus | undefined>;
export declare function updateContainer(
  handle: t.RuntimeHandle,
  input: { readonly id: string; readonly resources: unknown },
): Promise<void>;

// --- exec.ts
export declare function execContainer(input: t.ExecRuntimeContainer, signal?: AbortSignal): Promise<t.CreatedContainer>;

// --- attach.ts: conmon's SEQPACKET socket at BUNDLE/attach
export declare function attachSocket(
  path: string,
  options?: {
    /** Looks at input for the keys to detach; gives what is to be passed on. */
    readonly scanner?: t.DetachScanner;
    readonly signal?: AbortSignal;
  },
): Promise<Duplex>;
export declare function resizeTerminal(bundle: string, size: WindowSize): Promise<void>;

// --- exit.ts
export declare function readExitFile(input: t.ExitPlace): Promise<t.ContainerExit | undefined>;
/** Event-driven. Does not wait for conmon's own end (conmon waits for the exit command). */
export declare function waitForExit(
  input: t.ExitPlace & { readonly process: ProcessIdentity; readonly conmon: ProcessIdentity },
  signal?: AbortSignal,
): Promise<t.ContainerExit>;
export declare function removeExitFile(input: t.ExitPlace): Promise<void>;

// --- exit_command.ts
/**
 * argv for conmon: waits until nobody holds flock on `attendedFile` (the foreground `run` holds it, dead or alive the
 * kernel frees it), then runs `command` if `bundleConfig` still exists. `flock`: path of flock(1) or undefined for plain.
 */
export declare function exitCommand(input: {
  readonly command: readonly string[];
  readonly attendedFile: string;
  readonly bundleConfig: string;
  readonly flock: string | undefined;
}): readonly string[];

// --- logs.ts
export declare function readLogs(input: t.ReadLogsInput, signal?: AbortSignal): AsyncIterable<t.LogEntry>;

// --- cgroup.ts
export declare function detectCgroups(): Promise<t.CgroupLayout>;
export declare function cgroupsPath(input: {
  readonly driver: "cgroupfs" | "systemd";
  /** `--cgroup-parent`; empty: the default. */
  readonly parent: string;
  readonly id: string;
  readonly rootless: boolean;
}): string;
/** Removes what a runtime left; v1: in every hierarchy. Missing is fine. */
export declare function removeCgroup(path: string): Promise<void>;
