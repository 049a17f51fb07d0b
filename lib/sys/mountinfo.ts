import { readSmallFile } from "./fd.ts";

/** A line of /proc/PID/mountinfo (proc(5)). */
export type MountInfo = {
  readonly id: number;
  readonly parent: number;
  readonly device: string;
  /** The directory of the file system that forms the root of this mount. */
  readonly root: string;
  readonly target: string;
  readonly options: readonly string[];
  /** `shared:N`, `master:N`, `propagate_from:N`, `unbindable`. */
  readonly propagation: readonly string[];
  readonly type: string;
  readonly source: string;
  readonly superOptions: readonly string[];
};

function unescape(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replace(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)));
}

function parseLine(line: string): MountInfo | undefined {
  const words = line.split(" ");
  const separator = words.indexOf("-", 6);
  const [id, parent, device, root, target, options] = words;
  if (separator < 0 || device === undefined || root === undefined || target === undefined) return undefined;
  return {
    id: Number(id),
    parent: Number(parent),
    device,
    root: unescape(root),
    target: unescape(target),
    options: (options ?? "").split(","),
    propagation: words.slice(6, separator),
    type: words[separator + 1] ?? "",
    source: unescape(words[separator + 2] ?? ""),
    superOptions: (words[separator + 3] ?? "").split(","),
  };
}

/** Parses mountinfo, in the kernel's order: a later mount on the same target covers an earlier one. */
export function parseMountinfo(text: string): MountInfo[] {
  const mounts: MountInfo[] = [];
  for (const line of text.split("\n")) {
    const mount = parseLine(line);
    if (mount !== undefined) mounts.push(mount);
  }
  return mounts;
}

/** The mounts that a process sees; this one by default. */
export function readMountinfo(options: { readonly pid?: number } = {}): MountInfo[] {
  return parseMountinfo(readSmallFile(`/proc/${options.pid ?? "self"}/mountinfo`));
}
