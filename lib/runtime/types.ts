import type { ProcessIdentity } from "../engine/container.ts";
import type { Fd } from "../sys/fd.ts";

/** Families of runtimes whose messages and flags we know; `other` is treated like runc. */
export type RuntimeFamily = "crun" | "runc" | "other";

/** A runtime found on this host. */
export type OciRuntime = {
  /** As in `info` and `--runtime`: `crun`, `runc`, or the file name of a path. */
  readonly name: string;
  readonly path: string;
  readonly family: RuntimeFamily;
  /** Why a better one was passed over, for a debug line; empty if none was. */
  readonly note: string;
};

/** A runtime with the place of its state: what every verb on a container needs. */
export type RuntimeHandle = {
  readonly runtime: OciRuntime;
  /** Its `--root`, such as RUNROOT/runtime/crun. Made on first use. */
  readonly stateDir: string;
  /** Flags for each call, from `--runtime-flag` and containers.conf, with their dashes. */
  readonly flags?: readonly string[];
  /** The cgroup driver is systemd: `--systemd-cgroup`. */
  readonly systemdCgroup?: boolean;
};

/** Where conmon writes what a container says. */
export type LogTarget =
  | { readonly driver: "k8s-file"; readonly path: string; readonly maxSize?: number }
  | { readonly driver: "none" }
  | { readonly driver: "passthrough" }
  | { readonly driver: "journald"; readonly tag?: string };

/** What conmon needs for a container and for a session of `exec` alike. */
type MonitorInput = {
  /** Path of conmon, from `findConmon`. */
  readonly conmon: string;
  readonly handle: RuntimeHandle;
  /** Directory with config.json; conmon keeps the sockets `attach` and the fifos `ctl` and `winsz` in it. */
  readonly bundle: string;
  readonly log: LogTarget;
  readonly terminal: boolean;
  /** Keep a pipe to the process's input. Without it and without a terminal the input is /dev/null. */
  readonly stdin: boolean;
  /** What conmon runs when the process has ended; see `exitCommand`. Empty: nothing. */
  readonly exitCommand: readonly string[];
  /** Seconds before the exit command is run. */
  readonly exitDelay?: number;
  readonly conmonPidFile: string;
  readonly pidFile: string;
  readonly noNewKeyring?: boolean;
  /** Spare the fsync of the log at the end (about 10 ms on a disk), where conmon can: see `conmonFeatures`. */
  readonly noSyncLog?: boolean;
  readonly syslog?: boolean;
  /** conmon's own level: `error`, `warning`, `info`, `debug`, `trace`. */
  readonly logLevel?: string;
  /** Descriptors the process gets from 3 up, for `--preserve-fds`. */
  readonly preservedFds?: readonly Fd[];
  /** Environment of conmon, the runtime and the exit command: given whole. */
  readonly env: Readonly<Record<string, string>>;
  /**
   * Cgroup directory names for conmon itself, relative to each hierarchy (see `conmonCgroup`); absent: it stays in ours.
   */
  readonly conmonCgroup?: string;
};

export type CreateRuntimeContainer = MonitorInput & {
  readonly id: string;
  readonly name: string;
  /** conmon writes `EXITDIR/<id>` when the process has ended. Must exist. */
  readonly exitDir: string;
  /** Kept by conmon as long as the container lives: listeners that hold the published ports. */
  readonly heldFds?: readonly Fd[];
  /** The input stays open after the first attached client has left (`--interactive` and detached). */
  readonly leaveStdinOpen?: boolean;
  /** Seconds after which conmon kills the container; 0 or absent: never. */
  readonly timeout?: number;
  readonly sdnotifySocket?: string;
  readonly noPivot?: boolean;
};

/** The two processes of a container: its first one, and conmon. */
export type CreatedContainer = { readonly process: ProcessIdentity; readonly conmon: ProcessIdentity };

export type ExecRuntimeContainer = MonitorInput & {
  /** The container's. */
  readonly id: string;
  readonly name: string;
  /** 64 hexadecimal digits, the session's own id; `bundle` is the session's own directory, its exit file BUNDLE/<id>. */
  readonly session: string;
  /** OCI `process` object, written to BUNDLE/process.json. */
  readonly process: unknown;
  /** Called when the attach socket is there and before the process starts, so that nothing it says is lost. */
  readonly onAttachable?: (socket: string) => Promise<void>;
};

/** How a container or session ended. */
export type ContainerExit = {
  /** -1 when conmon ended the container after its timeout, and when nobody knows. */
  readonly exitCode: number;
  readonly oomKilled: boolean;
  /** RFC 3339 with nanoseconds. */
  readonly at: string;
};

/** What the runtime says of a container. */
export type RuntimeStatus = {
  readonly status: "creating" | "created" | "running" | "paused" | "stopped";
  readonly pid: number;
};

/**
 * Where to learn of an end: conmon's exit file `EXITDIR/<id>` and its oom marker in the bundle. For a session of `exec`
 * `id` is the container's and `exitDir` and `bundle` are the session's directory.
 */
export type ExitPlace = {
  readonly id: string;
  readonly exitDir: string;
  readonly bundle: string;
};

/** Finds the keys to detach in what is typed, also when they come in pieces. */
export type DetachScanner = {
  /** `pass` goes to the process. After `detached` nothing more is asked. */
  readonly scan: (data: Uint8Array) => { readonly pass: Uint8Array; readonly detached: boolean };
};

/** One line (or, if `partial`, piece of a line) of a log. */
export type LogEntry = {
  readonly stream: "stdout" | "stderr";
  /** RFC 3339 with nanoseconds, as conmon wrote it. */
  readonly time: string;
  /** Without the newline. */
  readonly data: Uint8Array;
  readonly partial: boolean;
};

export type ReadLogsInput = {
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly since?: number;
  readonly until?: number;
  /** Lines from the end; all when absent. */
  readonly tail?: number;
  /** Go on after the end of the file until this settles (the container's exit), then read the rest. */
  readonly followUntil?: Promise<unknown>;
};

/** How cgroups are mounted here. */
export type CgroupLayout = {
  readonly mode: "v1" | "v2" | "hybrid";
  /** Controllers that containers can be limited with. */
  readonly controllers: readonly string[];
  /** This user may make cgroups below its own (always true for root). */
  readonly delegated: boolean;
};
