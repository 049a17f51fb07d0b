/** storage.conf: the driver and its options. Podman's graphroot and runroot there are not ours and stay unread. */

import type { ConfigInput, StorageSettings } from "./config.ts";
import { userConfigDir } from "./paths.ts";
import { badValue, parseToml, type TomlTable } from "./toml.ts";
import { EngineError } from "../errors.ts";

/** Reads the one storage.conf that counts and puts environment and flags on top. */
export async function loadStorage(input: ConfigInput): Promise<StorageSettings> {
  const found = findFile(input);
  const storage = tableIn(found === null ? {} : await parseToml(found.text, found.file), "storage");
  const options = tableIn(storage, "options");
  const overlay = tableIn(options, "overlay");
  const reader = { text: (key: string) => textIn(overlay, key, found) || textIn(options, key, found) };
  const base: StorageSettings = {
    driver: input.env.STORAGE_DRIVER || textIn(storage, "driver", found),
    mountProgram: reader.text("mount_program"),
    mountOptions: reader.text("mountopt"),
    ignoreChownErrors: reader.text("ignore_chown_errors") === "true",
    autoUserNamespaceMinSize: numberIn(options, "auto-userns-min-size") ?? 1024,
    autoUserNamespaceMaxSize: numberIn(options, "auto-userns-max-size") ?? 65536,
    rootAutoUserNamespaceUser: textIn(options, "root-auto-userns-user", found) || "containers",
  };
  const flags = [
    ...(input.env.STORAGE_OPTS?.split(",").filter(Boolean) ?? []),
    ...(input.overrides?.storageOptions ?? []),
  ];
  const withFlags = flags.reduce(applyOption, base);
  return input.overrides?.storageDriver === undefined
    ? withFlags
    : { ...withFlags, driver: input.overrides.storageDriver };
}

type Found = { readonly file: string; readonly text: string };

function findFile(input: ConfigInput): Found | null {
  const only = input.env.CONTAINERS_STORAGE_CONF;
  const places = only !== undefined && only !== ""
    ? [only]
    : input.uid === 0
    ? ["/etc/containers/storage.conf", "/usr/share/containers/storage.conf"]
    : [`${userConfigDir(input)}/containers/storage.conf`, "/etc/containers/storage.conf"];
  for (const file of places) {
    const text = input.files.read(file);
    if (text !== null) return { file, text };
  }
  if (only) throw new EngineError("invalidArgument", `reading "${only}": no such file or directory`);
  return null;
}

/** `[.]overlay.mount_program=…`, `overlay.mountopt=…`, as `--storage-opt` and STORAGE_OPTS have them. */
function applyOption(settings: StorageSettings, option: string): StorageSettings {
  const [name = "", value] = splitOnce(option);
  if (value === undefined) throw new EngineError("invalidArgument", `storage option "${option}": must be name=value`);
  switch (name.replace(/^\.?(overlay2?\.)?/, "")) {
    case "mount_program":
      return { ...settings, mountProgram: value };
    case "mountopt":
      return { ...settings, mountOptions: value };
    case "ignore_chown_errors":
      return { ...settings, ignoreChownErrors: value === "true" };
    default:
      throw new EngineError("unsupported", `storage option "${name}": not supported yet`);
  }
}

function splitOnce(text: string): readonly [string, string?] {
  const at = text.indexOf("=");
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function tableIn(table: TomlTable, key: string): TomlTable {
  const value = table[key];
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function textIn(table: TomlTable, key: string, found: Found | null): string {
  const value = table[key];
  if (value === undefined) return "";
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return String(value);
  throw badValue(found?.file ?? "", key, { text: found?.text ?? "", want: "a string" });
}

function numberIn(table: TomlTable, key: string): number | undefined {
  const value = table[key];
  return typeof value === "number" ? value : undefined;
}
