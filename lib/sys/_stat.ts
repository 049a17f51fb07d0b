/** struct statx (linux/stat.h), which unlike struct stat is laid out alike on every architecture. */

/** What kind of thing a directory entry is. */
export type FileType = "file" | "directory" | "symlink" | "character" | "block" | "fifo" | "socket";

/** A point in time: seconds since 1970 (may be negative) and nanoseconds. */
export type Timestamp = { readonly sec: number; readonly nsec: number };

export type Stat = {
  readonly type: FileType;
  /** Permission bits with set-id and sticky bits; without the type. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  /** 512-byte blocks that are allocated. */
  readonly blocks: number;
  readonly nlink: number;
  /** The device that holds the file, as one number; only good for comparing. */
  readonly dev: number;
  readonly ino: bigint;
  readonly rdevMajor: number;
  readonly rdevMinor: number;
  readonly atime: Timestamp;
  readonly mtime: Timestamp;
  readonly ctime: Timestamp;
  /** True for the root of a mount. */
  readonly mountRoot: boolean;
};

/** The type bits of a mode (`S_IFMT`) by type. */
export const typeBits: { readonly [Type in FileType]: number } = {
  file: 0o100000,
  directory: 0o040000,
  symlink: 0o120000,
  character: 0o020000,
  block: 0o060000,
  fifo: 0o010000,
  socket: 0o140000,
};

/** Types in the order of `mode >> 12`; also getdents64's `d_type`. */
export const typeByNumber: readonly (FileType | undefined)[] = [
  undefined,
  "fifo",
  "character",
  undefined,
  "directory",
  undefined,
  "block",
  undefined,
  "file",
  undefined,
  "symlink",
  undefined,
  "socket",
];

export const statxBuffer = new Uint8Array(256);
const view = new DataView(statxBuffer.buffer);
const STATX_ATTR_MOUNT_ROOT = 0x2000;

function unsigned64(offset: number): number {
  return view.getUint32(offset, true) + view.getUint32(offset + 4, true) * 0x1_0000_0000;
}

function timestamp(offset: number): Timestamp {
  const sec = view.getUint32(offset, true) + view.getInt32(offset + 4, true) * 0x1_0000_0000;
  return { sec, nsec: view.getUint32(offset + 8, true) };
}

/** Reads `statxBuffer`. */
export function decodeStatx(): Stat {
  const mode = view.getUint16(28, true);
  return {
    type: typeByNumber[mode >> 12] ?? "file",
    mode: mode & 0o7777,
    uid: view.getUint32(20, true),
    gid: view.getUint32(24, true),
    size: unsigned64(40),
    blocks: unsigned64(48),
    nlink: view.getUint32(16, true),
    dev: view.getUint32(136, true) * 0x100000 + view.getUint32(140, true),
    ino: view.getBigUint64(32, true),
    rdevMajor: view.getUint32(128, true),
    rdevMinor: view.getUint32(132, true),
    atime: timestamp(64),
    mtime: timestamp(112),
    ctime: timestamp(96),
    mountRoot: (view.getUint32(8, true) & STATX_ATTR_MOUNT_ROOT) !== 0,
  };
}
