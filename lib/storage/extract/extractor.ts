import { EngineError } from "../../errors.ts";
import { isSysError, SysError } from "../../sys/errno.ts";
import { ftruncate, O, openat, type OwnedFd, pwrite, writeAll } from "../../sys/fd.ts";
import {
  fchmod,
  futimens,
  linkAt,
  mkdirAt,
  mknodAt,
  type Stat,
  symlinkAt,
  tryStatAt,
  unlinkAt,
} from "../../sys/file.ts";
import { cleanPath, joinPath, splitPath, toBytes, toName, toText } from "../byte_string.ts";
import type { SparseMap, TarEntry, TarTime } from "../tar/entry.ts";
import { isWhiteout, makeWhiteout, type WhiteoutNamespace, WhiteoutStyle } from "../whiteout.ts";
import { applyToDirectory, applyToFile, applyToNode, type AttributeOptions } from "./attributes.ts";
import { Directories, type Directory } from "./directories.ts";
import { Kept, type Move } from "./kept.ts";

export type ExtractOptions = AttributeOptions & { readonly whiteouts: WhiteoutNamespace };

/** Owner and mode that the archive gives the root directory; `undefined` where it says nothing of it. */
export type RootAttributes = { readonly uid: number; readonly gid: number; readonly mode: number };

type Place = { readonly dir: Directory; readonly name: string; readonly path: string };
type Writing = { readonly fd: OwnedFd; readonly entry: TarEntry; piece: number; written: number };

const whiteoutPrefix = ".wh.";
const metaPrefix = ".wh..wh.";
const opaqueName = ".wh..wh..opq";

/**
 * Puts the entries of one tar into `diff/` of a layer's directory, for overlay to stack: deletions become whiteouts.
 * Whatever the entries say, nothing outside of `diff/` and `kept/` is touched. Later entries replace earlier ones.
 */
export class Extractor implements Disposable {
  readonly #directories: Directories;
  readonly #kept: Kept;
  readonly #layer: OwnedFd;
  readonly #options: ExtractOptions;
  readonly #style: WhiteoutStyle;
  readonly #times = new Map<string, TarTime>();
  /** Devices that a user namespace can't have, so that links to them are passed over as well. */
  readonly #skipped = new Set<string>();
  /** A directory or link went away: what was found through it must be found anew. */
  #stale = false;
  #writing: Writing | undefined;
  #contents = 0;
  #root: RootAttributes | undefined;

  /** Owns `layer`, in which it makes `diff`. */
  constructor(layer: OwnedFd, options: ExtractOptions) {
    this.#layer = layer;
    this.#options = options;
    this.#style = new WhiteoutStyle(options.whiteouts);
    mkdirAt(layer, "diff", { mode: 0o755 });
    const root = openat(layer, "diff", { flags: O.RDONLY | O.DIRECTORY | O.NOFOLLOW });
    fchmod(root, 0o755);
    this.#directories = new Directories(root, this.#style);
    this.#kept = new Kept(layer);
  }

  get moves(): readonly Move[] {
    return this.#kept.moves;
  }

  get root(): RootAttributes | undefined {
    return this.#root;
  }

  /** Makes the entry. The real path of a file whose content is to follow through `write`, else `undefined`. */
  begin(entry: TarEntry): string | undefined {
    try {
      return this.#begin(entry);
    } catch (cause) {
      throw explain(entry, cause);
    }
  }

  write(bytes: Uint8Array<ArrayBuffer>): void {
    const writing = this.#writing;
    if (writing === undefined) return;
    try {
      if (writing.entry.sparse === undefined) writeAll(writing.fd, bytes);
      else writePieces(writing, writing.entry.sparse, bytes);
    } catch (cause) {
      throw explain(writing.entry, cause);
    }
  }

  finishFile(): void {
    const writing = this.#writing;
    if (writing === undefined) return;
    this.#writing = undefined;
    using fd = writing.fd;
    try {
      if (writing.entry.sparse !== undefined) ftruncate(fd, writing.entry.sparse.size);
      applyToFile(fd, writing.entry, this.#options);
    } catch (cause) {
      throw explain(writing.entry, cause);
    }
  }

  /** Gives directories the times that extracting into them changed. */
  finish(): void {
    for (const [path, mtime] of this.#times) {
      using fd = this.#directories.find(path);
      if (fd !== undefined) futimens(fd, { atime: mtime, mtime });
    }
  }

  [Symbol.dispose](): void {
    this.#writing?.fd[Symbol.dispose]();
    this.#directories[Symbol.dispose]();
    this.#kept[Symbol.dispose]();
    this.#layer[Symbol.dispose]();
  }

  #begin(entry: TarEntry): string | undefined {
    const path = cleanPath(entry.path);
    if (path === "") return this.#rootEntry(entry);
    if (this.#stale) this.#directories.forget();
    this.#stale = false;
    const { parent, name } = splitPath(path);
    if (name.startsWith(whiteoutPrefix) || path.includes(metaPrefix)) return this.#whiteout(path);
    const dir = this.#directories.get(parent);
    const place = { dir, name, path: joinPath(dir.path, name) };
    switch (entry.type) {
      case "file":
        return this.#file(place, entry);
      case "directory":
        return this.#directory(place, entry);
      case "hardlink":
        return this.#hardlink(place, entry);
      case "symlink":
        if (entry.linkPath === "") {
          throw new EngineError("corrupt", `extracting "${toText(path)}": it links to nothing`);
        }
        return this.#node(place, {
          entry,
          make: () => symlinkAt(dir.fd, toName(name), { target: toBytes(entry.linkPath) }),
        });
      case "fifo":
        return this.#node(place, { entry, make: () => mknodAt(dir.fd, toName(name), { type: "fifo", mode: 0o600 }) });
      case "character":
      case "block":
        return this.#device(place, entry);
      default:
        return entry.type satisfies never;
    }
  }

  #rootEntry(entry: TarEntry): undefined {
    if (entry.type !== "directory") throw new EngineError("corrupt", "extracting the root: it is not a directory");
    const { fd } = this.#directories.root;
    applyToDirectory(fd, entry, this.#options);
    this.#times.set("", entry.mtime);
    this.#root = { uid: entry.uid, gid: entry.gid, mode: entry.mode };
  }

  #file(place: Place, entry: TarEntry): string {
    const flags = O.WRONLY | O.CREAT | O.EXCL | O.NOFOLLOW;
    const name = toName(place.name);
    const open = () => openat(place.dir.fd, name, { flags, mode: 0o600 });
    const fd = this.#create(place, open);
    this.#writing = { fd, entry, piece: 0, written: 0 };
    if (entry.size > 0) this.#contents++;
    return place.path;
  }

  #directory(place: Place, entry: TarEntry): undefined {
    const name = toName(place.name);
    const existing = this.#tryMake(() => mkdirAt(place.dir.fd, name, { mode: 0o700 })) ? undefined : this.#stat(place);
    const hidden = existing !== undefined && isWhiteout(existing);
    if (existing !== undefined && existing.type !== "directory") {
      this.#displace(place);
      mkdirAt(place.dir.fd, name, { mode: 0o700 });
    }
    using fd = openat(place.dir.fd, name, { flags: O.RDONLY | O.DIRECTORY | O.NOFOLLOW });
    // The archive first deleted what lower layers have there.
    if (hidden) this.#style.markOpaque(fd);
    applyToDirectory(fd, entry, this.#options);
    this.#times.set(place.path, entry.mtime);
  }

  #hardlink(place: Place, entry: TarEntry): undefined {
    const { parent, name } = splitPath(cleanPath(entry.linkPath));
    const dir = name === "" ? undefined : this.#directories.lookup(parent);
    const target = dir === undefined ? undefined : joinPath(dir.path, name);
    if (target === place.path) return;
    if (target !== undefined && this.#skipped.has(target)) return;
    if (dir === undefined || tryStatAt(dir.fd, toName(name)) === undefined) throw missingTarget(entry);
    const from = { dir: dir.fd, name: toName(name) };
    const to = { dir: place.dir.fd, name: toName(place.name) };
    if (this.#tryMake(() => linkAt(from, to))) return;
    this.#displace(place);
    linkAt(from, to);
  }

  #device(place: Place, entry: TarEntry): undefined {
    const node = {
      type: entry.type === "block" ? "block" as const : "character" as const,
      mode: 0o600,
      major: entry.major,
      minor: entry.minor,
    };
    if (this.#options.inUserNamespace) {
      // A user namespace has no devices of its own; containers get theirs from the engine.
      this.#skipped.add(place.path);
      return;
    }
    this.#node(place, { entry, make: () => mknodAt(place.dir.fd, toName(place.name), node) });
  }

  #node(place: Place, { entry, make }: { readonly entry: TarEntry; readonly make: () => void }): undefined {
    this.#create(place, make);
    applyToNode(place.dir.fd, place.name, { entry, options: this.#options });
  }

  #whiteout(path: string): undefined {
    const { parent, name } = splitPath(path);
    if (name === opaqueName) {
      this.#style.markOpaque(this.#directories.get(parent).fd);
      return;
    }
    // aufs's own bookkeeping
    if (path.includes(metaPrefix)) return;
    const hidden = name.slice(whiteoutPrefix.length);
    if (hidden === "" || hidden === "." || hidden === "..") {
      throw new EngineError("corrupt", `extracting "${toText(path)}": it deletes nothing that can be named`);
    }
    const dir = this.#directories.get(parent);
    if (this.#tryMake(() => makeWhiteout(dir.fd, toName(hidden)))) return;
    // Deletions are meant for lower layers: what this one has stays, but shows nothing of theirs.
    using fd = this.#directories.find(joinPath(dir.path, hidden));
    if (fd !== undefined) this.#style.markOpaque(fd);
  }

  /** Runs `make`, which fails with EEXIST where something is there; that gives way. */
  #create<T>(place: Place, make: () => T): T {
    try {
      return make();
    } catch (error) {
      if (!isSysError(error, "EEXIST")) throw error;
    }
    this.#displace(place);
    return make();
  }

  #tryMake(make: () => void): boolean {
    try {
      make();
      return true;
    } catch (error) {
      if (isSysError(error, "EEXIST")) return false;
      throw error;
    }
  }

  #stat(place: Place): Stat | undefined {
    return tryStatAt(place.dir.fd, toName(place.name));
  }

  /** Takes away what is at `place`, keeping contents that the archive needs. */
  #displace(place: Place): void {
    const existing = this.#stat(place);
    if (existing === undefined) return;
    if (existing.type === "directory" || (existing.type === "file" && existing.size > 0)) {
      this.#kept.take(place.dir, place.name, { path: place.path, after: this.#contents });
    } else {
      unlinkAt(place.dir.fd, toName(place.name));
    }
    if (existing.type === "directory" || existing.type === "symlink") this.#stale = true;
  }
}

/** Puts bytes of a sparse file's content where its map says. */
function writePieces(writing: Writing, { pieces }: SparseMap, bytes: Uint8Array<ArrayBuffer>): void {
  for (let at = 0; at < bytes.length;) {
    const offset = pieces[writing.piece] ?? 0;
    const length = pieces[writing.piece + 1] ?? 0;
    const count = Math.min(length - writing.written, bytes.length - at);
    if (count > 0) pwrite(writing.fd, bytes.subarray(at, at + count), { offset: offset + writing.written });
    at += count;
    writing.written += count;
    if (writing.written < length) continue;
    writing.piece += 2;
    writing.written = 0;
  }
}

function missingTarget({ path, linkPath }: TarEntry): EngineError {
  const reason = `the hard link's target "${toText(linkPath)}" is not in its layer`;
  return new EngineError("corrupt", `extracting "${toText(path)}": ${reason}`);
}

/** Errors of the kernel that the archive is to blame for. */
const archiveFaults = ["ENAMETOOLONG", "ENOTDIR", "EINVAL", "EISDIR", "ELOOP", "EFBIG", "EMLINK", "EPERM", "EXDEV"];

/** A failure to extract `entry`, in the engine's terms. */
function explain(entry: TarEntry, cause: unknown): unknown {
  if (!(cause instanceof SysError)) return cause;
  const message = `extracting "${toText(entry.path)}": ${cause.message}`;
  if (isSysError(cause, "ENOSPC", "EDQUOT")) return new EngineError("noSpace", message, { cause });
  if (isSysError(cause, ...archiveFaults)) return new EngineError("corrupt", message, { cause });
  return new EngineError(isSysError(cause, "EACCES", "EROFS") ? "permission" : "internal", message, { cause });
}
