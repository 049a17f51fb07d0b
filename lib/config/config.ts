/** What configuration is, once read. */

import type { ContainersTable, EngineTable, NetworkTable } from "./keys.ts";

/** How files and the machine are seen: given by `main.ts`, faked in tests. */
export type Files = {
  /** The file's text; `null` if there is none. Other failures throw. */
  readonly read: (path: string) => string | null;
  /** Names in a directory, unsorted; empty if there is none. */
  readonly list: (path: string) => readonly string[];
  /** Owner of a directory; `null` if there is none. */
  readonly owner: (path: string) => number | null;
};

/** Global flags that stand above every file. Absent: not given. */
export type ConfigOverrides = {
  readonly root?: string;
  readonly runRoot?: string;
  readonly runtime?: string;
  /** `--runtime-flag`: global flags of the runtime, without their dashes. */
  readonly runtimeFlags?: readonly string[];
  readonly storageDriver?: string;
  readonly storageOptions?: readonly string[];
  readonly cgroupManager?: string;
  readonly networkConfigDir?: string;
  /** `--network-cmd-path`: the slirp4netns program. */
  readonly networkCmdPath?: string;
  /** Where `runRoot` is if that is not given. */
  readonly tmpDir?: string;
  readonly maxWorkers?: number;
  readonly volumePath?: string;
  readonly eventsBackend?: string;
  readonly conmon?: string;
  readonly hooksDirs?: readonly string[];
  /** `--module`: names or paths of further containers.conf files. */
  readonly modules?: readonly string[];
};

export type ConfigInput = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of the user, also inside a user namespace. */
  readonly uid: number;
  readonly home: string;
  readonly files: Files;
  readonly overrides?: ConfigOverrides;
};

/** Where things are. All absolute. */
export type Paths = {
  /** What lasts: `/var/lib/beluga`, `$XDG_DATA_HOME/beluga`. */
  readonly root: string;
  /** What a reboot may take: `/run/beluga`, `$XDG_RUNTIME_DIR/beluga`. */
  readonly runRoot: string;
  /** The user's runtime directory; `/run` for root. */
  readonly runtimeDir: string;
  /** There was no proper one: `runtimeDir` lies in /tmp and must be made 0700 and be the user's before use. */
  readonly runtimeDirIsFallback: boolean;
  readonly volumes: string;
  /** Definitions of networks as files; empty: in the database. */
  readonly networkConfigDir: string;
  readonly tmp: string;
  /** The service's socket when none is named. */
  readonly socket: string;
  /** `$XDG_CONFIG_HOME`, usually `~/.config`. */
  readonly userConfig: string;
};

export type StorageSettings = {
  /** `overlay`, `vfs`, … or empty: choose. */
  readonly driver: string;
  readonly mountProgram: string;
  /** Comma-separated mount options for overlay. */
  readonly mountOptions: string;
  readonly ignoreChownErrors: boolean;
  /** Limits for `--userns auto`. */
  readonly autoUserNamespaceMinSize: number;
  readonly autoUserNamespaceMaxSize: number;
  /** User whose subordinate ids `--userns auto` takes as root. */
  readonly rootAutoUserNamespaceUser: string;
};

/** A setting that was read and is not acted upon, for a debug line or a warning. */
export type Notice = {
  readonly file: string;
  /** `table.key`. */
  readonly key: string;
  readonly why: "unknown key" | "not supported";
  /** Not acting upon it means less protection than the file asks for. */
  readonly weakens?: boolean;
};

export type Config = {
  readonly containers: ContainersTable;
  readonly engine: EngineTable;
  readonly network: NetworkTable;
  readonly storage: StorageSettings;
  readonly paths: Paths;
  /** Flags for each call of the runtime beside those of `engine.runtimes_flags`, without their dashes. */
  readonly runtimeFlags: readonly string[];
  /** Whether events are kept. */
  readonly events: "file" | "none";
  /** Bound of what is done at once; `null`: each part's own. */
  readonly maxWorkers: number | null;
  readonly uid: number;
  readonly rootless: boolean;
  /** `table.key` of what a file or a flag has set, as against defaults. */
  readonly given: ReadonlySet<string>;
  readonly notices: readonly Notice[];
  /** Files of containers.conf that were read, in order. */
  readonly sources: readonly string[];
};
