import type { Digest } from "./digest.ts";
import { readDigest } from "./descriptor.ts";
import {
  damaged,
  type EmptyObject,
  parseJson,
  readArray,
  readOptionalBoolean,
  readOptionalInteger,
  readOptionalSet,
  readOptionalString,
  readOptionalStringMap,
  readOptionalStrings,
  readRecord,
} from "./json_reader.ts";

/** How a container of the image runs, unless told otherwise (field names as in the JSON). */
export type ContainerDefaults = {
  readonly User?: string;
  readonly ExposedPorts?: Readonly<Record<string, EmptyObject>>;
  readonly Env?: readonly string[];
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly Volumes?: Readonly<Record<string, EmptyObject>>;
  readonly WorkingDir?: string;
  readonly Labels?: Readonly<Record<string, string>>;
  readonly StopSignal?: string;
  readonly ArgsEscaped?: boolean;
  /** Docker's; OCI has none. Times are nanoseconds. */
  readonly Healthcheck?: HealthcheckConfig;
  /** Docker's `SHELL`. */
  readonly Shell?: readonly string[];
  readonly OnBuild?: readonly string[];
};

export type HealthcheckConfig = {
  readonly Test?: readonly string[];
  readonly Interval?: number;
  readonly Timeout?: number;
  readonly StartPeriod?: number;
  readonly StartInterval?: number;
  readonly Retries?: number;
};

export type HistoryEntry = {
  readonly created?: string;
  readonly created_by?: string;
  readonly author?: string;
  readonly comment?: string;
  readonly empty_layer?: boolean;
};

/** The configuration of an image, of OCI's or Docker's kind. */
export type ImageConfig = {
  readonly created?: string;
  readonly author?: string;
  readonly comment?: string;
  readonly architecture: string;
  readonly os: string;
  readonly variant?: string;
  readonly "os.version"?: string;
  readonly config: ContainerDefaults;
  /** The layers, the lowest first, by the digest of their uncompressed tar. */
  readonly diffIds: readonly Digest[];
  readonly history: readonly HistoryEntry[];
  /** Of images that Docker made. */
  readonly dockerVersion?: string;
};

const maximumConfigSize = 8 * 1024 * 1024;

/** Parses the configuration of an image. Throws `EngineError("corrupt")`. */
export function parseImageConfig(bytes: Uint8Array): ImageConfig {
  const what = "image config";
  const record = readRecord(parseJson(bytes, what, { limit: maximumConfigSize }), what);
  const text = (key: string) => readOptionalString(record[key], `${what}.${key}`);
  const rootfs = record.rootfs === undefined || record.rootfs === null
    ? {}
    : readRecord(record.rootfs, `${what}.rootfs`);
  const type = readOptionalString(rootfs.type, `${what}.rootfs.type`) ?? "layers";
  if (type !== "layers") throw damaged(`${what}.rootfs.type`, `unsupported type ${JSON.stringify(type)}`);
  return defined({
    created: text("created"),
    author: text("author"),
    comment: text("comment"),
    architecture: text("architecture") ?? "",
    os: text("os") ?? "",
    variant: text("variant"),
    "os.version": text("os.version"),
    config: readDefaults(record.config, `${what}.config`),
    diffIds: readArray(rootfs.diff_ids, `${what}.rootfs.diff_ids`)
      .map((item, index) => readDigest(item, `${what}.rootfs.diff_ids[${index}]`)),
    history: readArray(record.history, `${what}.history`)
      .map((item, index) => readHistory(item, `${what}.history[${index}]`)),
    dockerVersion: text("docker_version"),
  });
}

function readDefaults(value: unknown, what: string): ContainerDefaults {
  if (value === undefined || value === null) return {};
  const record = readRecord(value, what);
  const text = (key: string) => readOptionalString(record[key], `${what}.${key}`);
  const list = (key: string) => readOptionalStrings(record[key], `${what}.${key}`);
  return defined({
    User: text("User"),
    ExposedPorts: readOptionalSet(record.ExposedPorts, `${what}.ExposedPorts`),
    Env: list("Env"),
    Entrypoint: readCommand(record.Entrypoint, `${what}.Entrypoint`),
    Cmd: readCommand(record.Cmd, `${what}.Cmd`),
    Volumes: readOptionalSet(record.Volumes, `${what}.Volumes`),
    WorkingDir: text("WorkingDir"),
    Labels: readOptionalStringMap(record.Labels, `${what}.Labels`),
    StopSignal: text("StopSignal"),
    ArgsEscaped: readOptionalBoolean(record.ArgsEscaped, `${what}.ArgsEscaped`),
    Healthcheck: readHealthcheck(record.Healthcheck, `${what}.Healthcheck`),
    Shell: list("Shell"),
    OnBuild: list("OnBuild"),
  });
}

/** Very old images have a command as one string. */
function readCommand(value: unknown, what: string): readonly string[] | undefined {
  return typeof value === "string" ? [value] : readOptionalStrings(value, what);
}

function readHealthcheck(value: unknown, what: string): HealthcheckConfig | undefined {
  if (value === undefined || value === null) return undefined;
  const record = readRecord(value, what);
  const number = (key: string) => readOptionalInteger(record[key], `${what}.${key}`);
  return defined({
    Test: readOptionalStrings(record.Test, `${what}.Test`),
    Interval: number("Interval"),
    Timeout: number("Timeout"),
    StartPeriod: number("StartPeriod"),
    StartInterval: number("StartInterval"),
    Retries: number("Retries"),
  });
}

function readHistory(value: unknown, what: string): HistoryEntry {
  const record = readRecord(value, what);
  const text = (key: string) => readOptionalString(record[key], `${what}.${key}`);
  return defined({
    created: text("created"),
    created_by: text("created_by"),
    author: text("author"),
    comment: text("comment"),
    empty_layer: readOptionalBoolean(record.empty_layer, `${what}.empty_layer`),
  });
}

/** `record` without its undefined fields. */
function defined<T extends object>(record: T): T {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as T;
}
