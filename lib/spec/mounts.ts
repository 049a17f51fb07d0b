/** `--mount type=…,key=value,…`. */

import { csvFields } from "./csv.ts";
import { booleanOf, cleanPath, cut, invalid, unsupported } from "./invalid.ts";
import { parseBytes } from "./units.ts";
import { containerPath, type MountRequest } from "./volumes.ts";

type Kind = "bind" | "tmpfs" | "volume";

/** The mount as it comes together, key by key. */
type Draft = {
  readonly kind: Kind;
  source: string;
  destination: string;
  subPath: string;
  readonly options: string[];
};

const syntax = "incorrect mount format: should be --mount type=<bind|glob|tmpfs|volume>," +
  "[src=<host-dir|volume-name>,]target=<ctr-dir>[,options]";

/** Known to Podman, not to us yet. */
const otherKinds = ["glob", "ramfs", "devpts", "image", "artifact"];

/** Parses one `--mount`. `cwd` is what a relative source is relative to. */
export function parseMount(text: string, cwd: string): MountRequest {
  const fields = csvFields(text).filter((field) => field !== "");
  if (fields.length === 0) throw invalid(syntax);
  const type = fields.map((field) => cut(field, "=")).find(([key]) => key === "type")?.[1] ?? "volume";
  if (otherKinds.includes(type)) throw unsupported(`mount type ${JSON.stringify(type)}`);
  if (type !== "bind" && type !== "tmpfs" && type !== "volume") {
    throw invalid(`invalid filesystem type ${JSON.stringify(type)}`);
  }
  const draft: Draft = { kind: type, source: "", destination: "", subPath: "", options: [] };
  for (const field of fields) applyField(draft, field);
  if (draft.destination === "") throw invalid("must set volume destination");
  return finish(draft, cwd);
}

function finish(draft: Draft, cwd: string): MountRequest {
  const { kind, destination, options } = draft;
  switch (kind) {
    case "tmpfs":
      return { tag: "mount", mount: { destination, type: "tmpfs", source: "tmpfs", options } };
    case "volume":
      return {
        tag: "volume",
        volume: {
          Name: draft.source,
          Dest: destination,
          Options: options,
          IsAnonymous: false,
          SubPath: draft.subPath,
        },
      };
    case "bind": {
      if (draft.subPath !== "") throw unsupported("subpath of a bind mount");
      const given = draft.source === "" ? destination : draft.source;
      const source = cleanPath(given.startsWith("/") ? given : `${cwd}/${given}`);
      return { tag: "mount", mount: { destination, type: "bind", source, options } };
    }
  }
}

/** Options that stand as they are, or with a true or false that turns them round. */
const switches: Readonly<Record<string, readonly [string, string]>> = {
  readonly: ["ro", "rw"],
  ro: ["ro", "rw"],
  rw: ["rw", "ro"],
  "bind-nonrecursive": ["bind", "rbind"],
  U: ["U", ""],
  chown: ["U", ""],
};

const words = [
  ..."nodev dev noexec exec nosuid suid noswap nocopy copy no-dereference z Z bind rbind noatime".split(" "),
  ..."private rprivate shared rshared slave rslave unbindable runbindable".split(" "),
];

function applyField(draft: Draft, field: string): void {
  const [key, value] = cut(field, "=");
  if (key === "type" || key === "consistency" || key === "volume-label") return;
  const turned = Object.hasOwn(switches, key) ? switches[key] : undefined;
  if (turned !== undefined) return void draft.options.push(...switched(turned, { key, value }));
  if (words.includes(key) && value === undefined) return void draft.options.push(key);
  if (key === "tmpcopyup" || key === "notmpcopyup") return void draft.options.push(only(draft, key));
  applyArgument(draft, key, { value });
}

function switched([on, off]: readonly [string, string], field: { key: string; value: string | undefined }): string[] {
  const state = field.value === undefined ? true : booleanOf(field.value);
  if (state === undefined) throw invalid(`${field.key}: invalid boolean ${JSON.stringify(field.value)}`);
  return [state ? on : off].filter(Boolean);
}

function only(draft: Draft, key: string): string {
  if (draft.kind === "tmpfs") return key;
  throw invalid(`${JSON.stringify(key)} option not supported for ${JSON.stringify(draft.kind)} mount types`);
}

function applyArgument(draft: Draft, key: string, { value }: { readonly value: string | undefined }): void {
  const argument = () => {
    if (value === undefined || value === "") throw invalid(`${key}: must provide an argument for option`);
    return value;
  };
  switch (key) {
    case "src":
    case "source":
      if (draft.kind === "tmpfs") {
        throw invalid(`${JSON.stringify(key)} option not supported for "tmpfs" mount types`);
      }
      draft.source = argument();
      return;
    case "target":
    case "dst":
    case "dest":
    case "destination":
      draft.destination = containerPath(argument());
      return;
    case "bind-propagation":
      draft.options.push(argument());
      return;
    case "relabel":
      draft.options.push(relabel(argument()));
      return;
    case "tmpfs-size":
      only(draft, key);
      draft.options.push(`size=${sizeArgument(argument())}`);
      return;
    case "tmpfs-mode":
      only(draft, key);
      draft.options.push(`mode=${argument()}`);
      return;
    case "subpath":
    case "volume-subpath":
      draft.subPath = argument();
      return;
    case "volume-opt":
    case "idmap":
      draft.options.push(value === undefined ? key : `${key}=${value}`);
      return;
    default:
      throw invalid(`${key}: invalid mount option`);
  }
}

/** tmpfs takes percentages, too. */
function sizeArgument(value: string): string {
  return value.endsWith("%") ? value : String(parseBytes(value));
}

function relabel(value: string): string {
  if (value === "private") return "Z";
  if (value === "shared") return "z";
  throw invalid("relabel: invalid mount option: must be 'private' or 'shared'");
}
