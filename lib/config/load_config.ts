/** containers.conf, drop-ins, modules, environment and flags, made into one frozen `Config`. */

import type { Config, ConfigInput, ConfigOverrides } from "./config.ts";
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
  return Object.freeze({
    ...tables,
    storage,
    paths: choosePaths(input, {
      root: input.overrides?.root ?? "",
      runRoot: input.overrides?.runRoot ?? "",
      volumePath: tables.engine.volume_path,
      networkConfigDir: tables.network.network_config_dir,
      tmp: input.overrides?.tmpDir ?? (input.env.TMPDIR || temporaryDir(tables.engine.image_copy_tmp_dir)),
    }),
    uid: input.uid,
    rootless: input.uid !== 0,
    given: draft.given,
    notices: draft.notices,
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

function applyFlags(draft: Draft, overrides: ConfigOverrides): void {
  const settings: readonly (readonly [string, string, unknown])[] = [
    ["engine", "runtime", overrides.runtime],
    ["engine", "cgroup_manager", overrides.cgroupManager],
    ["engine", "events_logger", overrides.eventsBackend],
    ["engine", "volume_path", overrides.volumePath],
    ["engine", "conmon_path", overrides.conmon === undefined ? undefined : [overrides.conmon]],
    ["engine", "hooks_dir", overrides.hooksDirs],
    ["network", "network_config_dir", overrides.networkConfigDir],
  ];
  for (const [table, key, value] of settings) {
    if (value === undefined) continue;
    draft.tables.get(table)?.set(key, value);
    draft.given.add(`${table}.${key}`);
  }
}
