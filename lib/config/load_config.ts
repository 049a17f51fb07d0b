/** containers.conf, drop-ins, modules, environment and flags, made into one frozen `Config`. */

import type { Config, ConfigInput, ConfigOverrides, Notice } from "./config.ts";
import { decodeTables } from "./tables_decode.ts";
import { type Draft, mergeFile, newDraft } from "./merge_tables.ts";
import { choosePaths, userConfigDir } from "./paths.ts";
import { loadStorage } from "./storage_conf.ts";
import { parseToml } from "./toml.ts";
import { EngineError } from "../errors.ts";

/**
 * Reads all files that count for this user, in Podman's order. Registries, policy, credentials and connections have their
 * own loaders, called when they are wanted. Throws `EngineError("invalidArgument")` that names file and line.
 */
export async function loadConfig(input: ConfigInput): Promise<Config> {
  const draft = newDraft();
  const sources: string[] = [];
  for (const file of configFiles(input)) {
    const text = input.files.read(file.path);
    if (text === null && file.required) throw missing(file.path);
    if (text === null) continue;
    sources.push(file.path);
    mergeFile(draft, await parseToml(text, file.path), { file: file.path, text });
  }
  applyFlags(draft, input.overrides ?? {});
  const tables = decodeTables(draft);
  const storage = await loadStorage(input);
  const overrides = input.overrides ?? {};
  return Object.freeze({
    ...tables,
    storage,
    paths: choosePaths(input, {
      root: overrides.root ?? "",
      runRoot: overrides.runRoot || (overrides.tmpDir ?? ""),
      volumePath: tables.engine.volume_path,
      networkConfigDir: tables.network.network_config_dir,
      tmp: input.env.TMPDIR || temporaryDir(tables.engine.image_copy_tmp_dir),
    }),
    runtimeFlags: overrides.runtimeFlags ?? [],
    events: eventsBackend(draft, { wanted: tables.engine.events_logger, flag: overrides.eventsBackend }),
    maxWorkers: maxWorkers(overrides),
    uid: input.uid,
    rootless: input.uid !== 0,
    given: draft.given,
    notices: draft.notices.map((notice) => ({ ...notice, weakens: weakens(notice, tables, input) })),
    sources,
  });
}

type ConfigFile = { readonly path: string; readonly required: boolean };

function configFiles(input: ConfigInput): readonly ConfigFile[] {
  const { env } = input;
  const base = env.CONTAINERS_CONF
    ? [{ path: env.CONTAINERS_CONF, required: true }]
    : standardFiles(input).map((path) => ({ path, required: false }));
  const modules = (input.overrides?.modules ?? []).map((name) => ({ path: findModule(input, name), required: true }));
  const last = env.CONTAINERS_CONF_OVERRIDE ? [{ path: env.CONTAINERS_CONF_OVERRIDE, required: true }] : [];
  return [...base, ...modules, ...last];
}

function standardFiles(input: ConfigInput): readonly string[] {
  const etc = "/etc/containers/containers";
  const user = `${userConfigDir(input)}/containers/containers.conf`;
  const system = ["/usr/share/containers/containers.conf", `${etc}.conf`, ...dropIns(input, `${etc}.conf.d`)];
  if (input.uid === 0) return system;
  return [
    ...system,
    `${etc}.rootless.conf`,
    ...dropIns(input, `${etc}.rootless.conf.d`),
    ...dropIns(input, `${etc}.rootless.conf.d/${input.uid}`),
    user,
    ...dropIns(input, `${user}.d`),
  ];
}

function dropIns({ files }: ConfigInput, dir: string): readonly string[] {
  return files.list(dir).filter((name) => name.endsWith(".conf")).toSorted().map((name) => `${dir}/${name}`);
}

function findModule(input: ConfigInput, name: string): string {
  if (name.startsWith("/")) return name;
  const dirs = [`${userConfigDir(input)}/containers`, "/etc/containers", "/usr/share/containers"];
  const paths = dirs.map((dir) => `${dir}/containers.conf.modules/${name}`);
  const found = paths.find((path) => input.files.read(path) !== null);
  if (found !== undefined) return found;
  throw new EngineError("invalidArgument", `could not resolve module "${name}": looked for ${paths.join(", ")}`);
}

function missing(path: string): EngineError {
  return new EngineError("invalidArgument", `reading "${path}": no such file or directory`);
}

/** `storage` means "under the graph root", which for us is where temporary data goes anyway. */
function temporaryDir(setting: string): string {
  return setting.startsWith("/") ? setting : "/var/tmp";
}

/** Labels are asked for on a host that could give them. */
function weakens({ key }: Notice, { containers }: Pick<Config, "containers">, { files }: ConfigInput): boolean {
  return key === "containers.label" && containers.label && files.read("/sys/fs/selinux/enforce") !== null;
}

/** Events stand in the database. A file that asks for the journal gets a notice, a flag an error. */
function eventsBackend(
  draft: Draft,
  { wanted, flag }: { readonly wanted: string; readonly flag: string | undefined },
): Config["events"] {
  switch (wanted) {
    case "":
    case "file":
      return "file";
    case "none":
      return "none";
    case "journald":
      if (flag !== undefined) throw unsupportedFlag('--events-backend "journald"', "use file or none");
      draft.notices.push({ file: "containers.conf", key: "engine.events_logger", why: "not supported" });
      return "file";
    default:
      throw new EngineError("invalidArgument", `events backend "${wanted}": must be file, journald or none`);
  }
}

function maxWorkers({ maxWorkers: wanted }: ConfigOverrides): number | null {
  if (wanted === undefined || wanted > 0) return wanted ?? null;
  throw new EngineError("invalidArgument", `maximum workers must be set to a positive number (got ${wanted})`);
}

function unsupportedFlag(flag: string, advice: string): EngineError {
  return new EngineError("unsupported", `${flag} is not supported yet: ${advice}`);
}

function applyFlags(draft: Draft, overrides: ConfigOverrides): void {
  if (overrides.hooksDirs) throw unsupportedFlag(`--hooks-dir "${overrides.hooksDirs[0]}"`, "OCI hooks are not run");
  const settings: readonly (readonly [string, string, unknown])[] = [
    ["engine", "runtime", overrides.runtime],
    ["engine", "cgroup_manager", overrides.cgroupManager],
    ["engine", "events_logger", overrides.eventsBackend],
    ["engine", "volume_path", overrides.volumePath],
    ["engine", "conmon_path", overrides.conmon === undefined ? undefined : [overrides.conmon]],
    ["engine", "network_cmd_path", overrides.networkCmdPath],
    ["network", "network_config_dir", overrides.networkConfigDir],
  ];
  for (const [table, key, value] of settings) {
    if (value === undefined) continue;
    draft.tables.get(table)?.set(key, value);
    draft.given.add(`${table}.${key}`);
  }
}
