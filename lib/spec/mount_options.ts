/** Options of mounts: which there are, which exclude each other, and what is added to what was said. */

import { cut, invalid } from "./invalid.ts";

/** Flags of the file system that holds a bind mount's source: a user namespace may not clear them. */
export type MountFlags = { readonly nosuid: boolean; readonly nodev: boolean; readonly noexec: boolean };

type Group = { readonly options: readonly string[]; readonly volumeWords: string };

const propagations = [
  "private",
  "rprivate",
  "shared",
  "rshared",
  "slave",
  "rslave",
  "unbindable",
  "runbindable",
];

/** Options of which a mount has at most one. */
const groups: readonly Group[] = [
  { options: ["exec", "noexec"], volumeWords: "'noexec' or 'exec' option" },
  { options: ["dev", "nodev"], volumeWords: "'nodev' or 'dev' option" },
  { options: ["suid", "nosuid"], volumeWords: "'nosuid' or 'suid' option" },
  { options: ["rw", "ro"], volumeWords: "'rw' or 'ro' option" },
  { options: ["z", "Z", "O"], volumeWords: "'z', 'Z', or 'O' option" },
  { options: ["U"], volumeWords: "'U' option" },
  { options: propagations, volumeWords: "'[r]shared', '[r]private', '[r]slave' or '[r]unbindable' option" },
  { options: ["bind", "rbind"], volumeWords: "'[r]bind' option" },
  { options: ["copy", "nocopy"], volumeWords: "'copy' or 'nocopy' option" },
  { options: ["idmap"], volumeWords: "'idmap' option" },
];

/** Words of docker on other systems, without meaning here. */
const ignored = ["cached", "delegated", "consistent"];
const alone = ["noatime", "no-dereference", "volume-opt", "upperdir", "workdir", "subpath"];
const tmpfsOnly = ["size", "mode", "tmpcopyup", "notmpcopyup", "noswap", "nr_inodes", "uid", "gid"];

/** Options that tell the engine something and mean nothing to the runtime. */
const engineOnly = ["z", "Z", "U", "O", "copy", "nocopy", "volume-opt", "upperdir", "workdir", "subpath", "idmap"];

/** The options of `-v`, checked. Throws `invalid option type "x"` and `invalid options …, can only specify 1 …`. */
export function checkVolumeOptions(options: readonly string[]): readonly string[] {
  const words = options.filter((option) => !ignored.includes(option) && !option.startsWith("consistency="));
  for (const option of words) {
    const [key] = cut(option, "=");
    if (!groups.some((group) => group.options.includes(key)) && !alone.includes(key)) {
      throw invalid(`invalid option type ${JSON.stringify(option)}`);
    }
  }
  for (const group of groups) {
    if (words.filter((option) => group.options.includes(cut(option, "=")[0])).length < 2) continue;
    throw invalid(`invalid options ${JSON.stringify(options.join(", "))}, can only specify 1 ${group.volumeWords}`);
  }
  return words;
}

type Finish = {
  readonly tmpfs: boolean;
  /** Of the source, of a bind mount; absent: what volumes and tmpfs get. */
  readonly flags?: MountFlags;
};

/** The whole options of a mount: checked, with what follows from its kind and source. */
export function finishMountOptions(options: readonly string[], { tmpfs, flags }: Finish): readonly string[] {
  const kept: string[] = [];
  for (const option of options) {
    const [key] = cut(option, "=");
    if (ignored.includes(option) || key === "consistency") continue;
    checkKind(option, { key, tmpfs });
    const group = groups.find((one) => one.options.includes(key));
    if (group !== undefined && kept.some((one) => group.options.includes(cut(one, "=")[0]))) {
      throw invalid(`only one of '${group.options.join("' and '")}' can be used: duplicate mount option passed`);
    }
    kept.push(option);
  }
  return [...kept.filter((option) => option !== "notmpcopyup"), ...missing(kept, { tmpfs, ...(flags && { flags }) })];
}

function checkKind(option: string, { key, tmpfs }: { readonly key: string; readonly tmpfs: boolean }): void {
  const wrong = (what: string) => invalid(`the ${what} mounts: invalid mount option`);
  if (tmpfsOnly.includes(key)) {
    if (!tmpfs) throw wrong(`'${key}' option is only allowed with tmpfs`);
    return;
  }
  if (tmpfs && ["bind", "rbind"].includes(key)) throw wrong("'bind' and 'rbind' options are not allowed with tmpfs");
  if (tmpfs && ["z", "Z"].includes(key)) throw wrong("'z' and 'Z' options are not allowed with tmpfs");
  if (groups.some((group) => group.options.includes(key)) || alone.includes(key)) return;
  throw invalid(`unknown mount option ${JSON.stringify(option)}: invalid mount option`);
}

function missing(kept: readonly string[], { tmpfs, flags }: Finish): readonly string[] {
  const has = (...names: readonly string[]) => kept.some((option) => names.includes(option));
  const added: string[] = [];
  if (!has("rw", "ro")) added.push("rw");
  if (!has(...propagations)) added.push("rprivate");
  if (!has("exec", "noexec") && flags?.noexec) added.push("noexec");
  if (!has("suid", "nosuid") && (flags?.nosuid ?? true)) added.push("nosuid");
  if (!has("dev", "nodev") && (flags?.nodev ?? true)) added.push("nodev");
  if (tmpfs && !has("tmpcopyup", "notmpcopyup")) added.push("tmpcopyup");
  if (!tmpfs && !has("bind", "rbind")) added.push("rbind");
  return added;
}

/** What of a mount's options is the runtime's business. */
export function runtimeOptions(options: readonly string[]): readonly string[] {
  return options.filter((option) => !engineOnly.includes(cut(option, "=")[0]));
}
