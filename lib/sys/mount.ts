import { cString, path, secondPath, shortName } from "./_scratch.ts";
import { AT_FDCWD, check, type Fd, fdNumber, OwnedFd } from "./fd.ts";
import { libc } from "./libc.ts";

export * from "./mountinfo.ts";

/** Flags of mount(2). */
export const MS = {
  RDONLY: 0x1,
  NOSUID: 0x2,
  NODEV: 0x4,
  NOEXEC: 0x8,
  SYNCHRONOUS: 0x10,
  REMOUNT: 0x20,
  DIRSYNC: 0x80,
  NOSYMFOLLOW: 0x100,
  NOATIME: 0x400,
  NODIRATIME: 0x800,
  BIND: 0x1000,
  MOVE: 0x2000,
  REC: 0x4000,
  UNBINDABLE: 0x20000,
  PRIVATE: 0x40000,
  SLAVE: 0x80000,
  SHARED: 0x100000,
  RELATIME: 0x200000,
  STRICTATIME: 0x1000000,
} as const;

/** Flags of umount2(2). */
export const MNT = { FORCE: 1, DETACH: 2, EXPIRE: 4, NOFOLLOW: 8 } as const;

/** Attributes of fsmount(2) and mount_setattr(2). */
export const MOUNT_ATTR = {
  RDONLY: 0x1,
  NOSUID: 0x2,
  NODEV: 0x4,
  NOEXEC: 0x8,
  NOATIME: 0x10,
  STRICTATIME: 0x20,
  NODIRATIME: 0x80,
  IDMAP: 0x100000,
  NOSYMFOLLOW: 0x200000,
} as const;

/** Flags of open_tree(2): `CLONE` makes a detached copy, `RECURSIVE` with the mounts below. */
export const OPEN_TREE = { CLONE: 1, RECURSIVE: 0x8000, EMPTY_PATH: 0x1000, NOFOLLOW: 0x100 } as const;

const AT_EMPTY_PATH = 0x1000;
const SYS = {
  open_tree: 428,
  move_mount: 429,
  fsopen: 430,
  fsconfig: 431,
  fsmount: 432,
  mount_setattr: 442,
} as const;

export type MountInput = {
  readonly source?: string;
  readonly target: string;
  readonly type?: string;
  /** A sum of `MS`. */
  readonly flags?: number;
  /** The file system's options; at most a page (4095 bytes), which the new interface does not limit. */
  readonly data?: string;
};

/** mount(2). */
export function mount(input: MountInput): void {
  const source = input.source === undefined ? null : cString(input.source);
  const type = input.type === undefined ? null : shortName(input.type);
  const data = input.data === undefined ? null : cString(input.data);
  check(libc.mount(source, path(input.target), type, input.flags ?? 0, data), "mount", input.target);
}

/** umount2(2), with `MNT` flags. */
export function umount(target: string, flags = 0): void {
  check(libc.umount2(path(target), flags), "umount", target);
}

/** fsopen(2): a file system to be configured; ENOSYS on kernels before 5.2. Errors' details can be read from it. */
export function fsopen(type: string): OwnedFd {
  const FSOPEN_CLOEXEC = 1;
  return new OwnedFd(check(libc.fsopen(SYS.fsopen, shortName(type), FSOPEN_CLOEXEC), "fsopen", type));
}

/** Sets an option that has a text. EINVAL when the kernel does not know it (`lowerdir+` before 6.5). */
export function fsconfigString(fs: Fd, key: string, options: { readonly value: string }): void {
  const value = cString(options.value);
  check(libc.fsconfig(SYS.fsconfig, fdNumber(fs), 1, shortName(key), value, 0), "fsconfig", key);
}

/** Sets an option that is only there or not, such as `ro`. */
export function fsconfigFlag(fs: Fd, key: string): void {
  check(libc.fsconfig(SYS.fsconfig, fdNumber(fs), 0, shortName(key), null, 0), "fsconfig", key);
}

/** Sets an option to an open file (`lowerdir+` since 6.13). */
export function fsconfigFd(fs: Fd, key: string, options: { readonly fd: Fd }): void {
  check(libc.fsconfig(SYS.fsconfig, fdNumber(fs), 5, shortName(key), null, fdNumber(options.fd)), "fsconfig", key);
}

/** Makes the configured file system. */
export function fsconfigCreate(fs: Fd): void {
  check(libc.fsconfig(SYS.fsconfig, fdNumber(fs), 6, null, null, 0), "fsconfig");
}

/** What the kernel said about the last failure on an fsopen descriptor, "" if nothing. */
export function fsMessages(fs: Fd): string {
  const buffer = new Uint8Array(4096);
  const lines: string[] = [];
  for (;;) {
    const count = libc.read(fdNumber(fs), buffer, buffer.length);
    if (count <= 0) return lines.join("; ");
    // Each message opens with its level: "e overlay: …".
    lines.push(new TextDecoder().decode(buffer.subarray(0, count)).replace(/^[a-z] /, "").trim());
  }
}

/** fsmount(2): a detached mount, with `MOUNT_ATTR` attributes, to be placed by `moveMount`. */
export function fsmount(fs: Fd, options: { readonly attributes?: number } = {}): OwnedFd {
  const FSMOUNT_CLOEXEC = 1;
  const result = libc.fsmount(SYS.fsmount, fdNumber(fs), FSMOUNT_CLOEXEC, options.attributes ?? 0);
  return new OwnedFd(check(result, "fsmount"));
}

/** Places a mount (of `fsmount` or a cloning `openTree`) at `target`. */
export function moveMount(tree: Fd, target: string, options: { readonly dir?: Fd } = {}): void {
  const MOVE_MOUNT_F_EMPTY_PATH = 4;
  const dir = fdNumber(options.dir ?? AT_FDCWD);
  const result = libc.move_mount(
    SYS.move_mount,
    fdNumber(tree),
    path(""),
    dir,
    secondPath(target),
    MOVE_MOUNT_F_EMPTY_PATH,
  );
  check(result, "move_mount", target);
}

/** open_tree(2) with `OPEN_TREE` flags. */
export function openTree(
  target: string,
  options: { readonly flags: number; readonly dir?: Fd } = { flags: 0 },
): OwnedFd {
  const OPEN_TREE_CLOEXEC = 0o2000000;
  const dir = fdNumber(options.dir ?? AT_FDCWD);
  return new OwnedFd(
    check(libc.open_tree(SYS.open_tree, dir, path(target), options.flags | OPEN_TREE_CLOEXEC), "open_tree", target),
  );
}

export type MountAttributes = {
  /** Sums of `MOUNT_ATTR`. */
  readonly set?: number;
  readonly clear?: number;
  /** One of `MS.PRIVATE`, `MS.SLAVE`, `MS.SHARED`, `MS.UNBINDABLE`. */
  readonly propagation?: number;
  /** The user namespace whose id map the mount shows files through; needs a detached mount. */
  readonly userNamespace?: Fd;
  readonly recursive?: boolean;
};

/** mount_setattr(2) on the mount that `tree` refers to. */
export function mountSetattr(tree: Fd, attributes: MountAttributes): void {
  const AT_RECURSIVE = 0x8000;
  const { userNamespace, set = 0, clear = 0, propagation = 0 } = attributes;
  const idmap = userNamespace === undefined ? 0 : MOUNT_ATTR.IDMAP;
  const words = new BigUint64Array([
    BigInt(set | idmap),
    BigInt(clear),
    BigInt(propagation),
    BigInt(userNamespace === undefined ? 0 : fdNumber(userNamespace)),
  ]);
  const flags = AT_EMPTY_PATH | (attributes.recursive ? AT_RECURSIVE : 0);
  const bytes = new Uint8Array(words.buffer);
  check(libc.mount_setattr(SYS.mount_setattr, fdNumber(tree), path(""), flags, bytes, bytes.length), "mount_setattr");
}
