/**
 * What a tar says about one file. Names are "byte strings": one character per byte (0–255), so that a name that is not
 * UTF-8 survives; `toName` (../byte_string.ts) makes them fit for system calls.
 */

export type TarEntryType = "file" | "hardlink" | "symlink" | "character" | "block" | "directory" | "fifo";

/** Offset and length of each stored piece of a sparse file, flat: [offset, length, offset, length, …], ascending. */
export type SparseMap = { readonly size: number; readonly pieces: readonly number[] };

export type TarEntry = {
  /** As written: may be absolute, hold `..` or end in a slash. */
  readonly path: string;
  readonly type: TarEntryType;
  /** Target of a symbolic link, as it is to be stored, or of a hard link, as a path in the archive. */
  readonly linkPath: string;
  /** Permission, set-id and sticky bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of content that follow in the archive. */
  readonly size: number;
  readonly mtime: TarTime;
  readonly major: number;
  readonly minor: number;
  readonly xattrs: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  /** Present where the content consists of pieces of a larger file. */
  readonly sparse?: SparseMap;
};

/** Seconds since 1970 (may be negative) and nanoseconds (0–999,999,999). */
export type TarTime = { readonly sec: number; readonly nsec: number };
