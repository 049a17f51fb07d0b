import { O, open, type OwnedFd } from "../../sys/fd.ts";
import { mount, MS } from "../../sys/mount.ts";

export type OverlayMount = {
  /** Absolute paths, the topmost first; at least one, none twice. */
  readonly lower: readonly string[];
  readonly upper: string;
  readonly work: string;
  readonly target: string;
  readonly options: MountOptions;
};

export type MountOptions = {
  /** A sum of `MS`. */
  readonly flags: number;
  /** Options of overlay itself. */
  readonly data: readonly string[];
};

const flagNames: ReadonlyMap<string, number> = new Map([
  ["ro", MS.RDONLY],
  ["nosuid", MS.NOSUID],
  ["nodev", MS.NODEV],
  ["noexec", MS.NOEXEC],
  ["sync", MS.SYNCHRONOUS],
  ["dirsync", MS.DIRSYNC],
  ["noatime", MS.NOATIME],
  ["nodiratime", MS.NODIRATIME],
  ["relatime", MS.RELATIME],
  ["strictatime", MS.STRICTATIME],
]);
const noFlags: ReadonlySet<string> = new Set(["", "defaults", "rw", "suid", "dev", "exec", "async"]);

/** Splits `nodev,metacopy=on` (`overlay.mountopt`) into flags of mount(2) and options of overlay. */
export function parseMountOptions(text: string): MountOptions {
  const words = text.split(",").map((word) => word.trim()).filter((word) => !noFlags.has(word));
  return {
    flags: words.reduce((sum, word) => sum | (flagNames.get(word) ?? 0), 0),
    data: words.filter((word) => !flagNames.has(word)),
  };
}

/** The words of the flags, for programs that mount. */
export function flagWords(flags: number): string[] {
  return [...flagNames].filter(([, flag]) => (flags & flag) !== 0).map(([word]) => word);
}

/**
 * Our own options, where the user says nothing else: no index (its checks forbid what a lazy unmount leaves for a moment)
 * and no redirects (an upper directory must be readable by itself, for `commit` and `diff`). In a user namespace overlay
 * keeps its marks in `user.` attributes.
 */
export function withDefaults(
  options: MountOptions,
  { userNamespace }: { readonly userNamespace: boolean },
): MountOptions {
  const says = (name: string) => options.data.some((one) => one === name || one.startsWith(`${name}=`));
  const data = [...options.data];
  if (!says("index") && !says("nfs_export")) data.push("index=off");
  if (!says("redirect_dir") && !says("metacopy")) data.push("redirect_dir=nofollow");
  if (userNamespace && !says("userxattr")) data.push("userxattr");
  return { flags: options.flags, data };
}

/** mount(2) takes a page, with its NUL. */
const maxData = 4095;

/**
 * Mounts an overlay with mount(2). Options that would be longer than a page, or hold characters that overlay's syntax
 * needs, name the directories by descriptor: `/proc/self/fd/N` is short and looked up during the call. (The newer
 * interface with one `lowerdir+` per layer took the same time when measured, and older kernels lack it.)
 */
export function mountOverlay(input: OverlayMount): void {
  const plain = dataOf(input, input.options);
  const paths = [...input.lower, input.upper, input.work];
  if (plain.length <= maxData && paths.every((path) => !/[,:\\"]/.test(path) && isAscii(path))) {
    return call(input, plain);
  }
  using stack = new DisposableStack();
  const name = (path: string) => `/proc/self/fd/${stack.use(openPath(path)).value}`;
  const named = { lower: input.lower.map(name), upper: name(input.upper), work: name(input.work) };
  call(input, dataOf(named, input.options));
}

function openPath(path: string): OwnedFd {
  return open(path, O.PATH | O.DIRECTORY);
}

function isAscii(text: string): boolean {
  // deno-lint-ignore no-control-regex
  return /^[\x00-\x7f]*$/.test(text);
}

function dataOf(dirs: Pick<OverlayMount, "lower" | "upper" | "work">, { data }: MountOptions): string {
  return [...data, `lowerdir=${dirs.lower.join(":")}`, `upperdir=${dirs.upper}`, `workdir=${dirs.work}`].join(",");
}

function call(input: OverlayMount, data: string): void {
  mount({ source: "overlay", target: input.target, type: "overlay", flags: input.options.flags, data });
}
