import { EngineError } from "../../errors.ts";
import { isSysError } from "../../sys/errno.ts";
import { AT_FDCWD, O, openat, openat2, type OwnedFd, RESOLVE } from "../../sys/fd.ts";
import { fchmod, mkdirAt, readlinkBytesAt, tryStatAt, unlinkAt } from "../../sys/file.ts";
import { cleanPath, fromBytes, joinPath, splitPath, toName, toText } from "../byte_string.ts";
import { isWhiteout, type WhiteoutStyle } from "../whiteout.ts";

/** An open directory of the tree; `path` is where it really is, below the root, without links. */
export type Directory = { readonly fd: OwnedFd; readonly path: string };

const openFlags = O.RDONLY | O.DIRECTORY;
const plain = RESOLVE.BENEATH | RESOLVE.NO_SYMLINKS | RESOLVE.NO_MAGICLINKS;
const inRoot = RESOLVE.IN_ROOT | RESOLVE.NO_MAGICLINKS;
const maxCached = 64;
const maxLinks = 40;

/**
 * Finds the directories that entries go into, below one root that nothing leaves: links in the tree are resolved as if
 * the root were `/` (openat2). Missing directories are made, as 0755 of the extracting user. Open ones are kept for the
 * entries that follow, until `forget`.
 */
export class Directories implements Disposable {
  readonly #cache = new Map<string, Directory>();
  readonly #top: Directory;
  #rootName: string | undefined;
  readonly #style: WhiteoutStyle;

  /** Owns `root` from now on. */
  constructor(root: OwnedFd, style: WhiteoutStyle) {
    this.#top = { fd: root, path: "" };
    this.#style = style;
  }

  get root(): Directory {
    return this.#top;
  }

  /** The directory at a clean path as the archive names it; made if missing. */
  get(path: string): Directory {
    return this.lookup(path) ?? this.#keep(path, this.#make(path, 0));
  }

  /** As `get`, but `undefined` where there is no such directory. */
  lookup(path: string): Directory | undefined {
    if (path === "") return this.#top;
    const known = this.#cache.get(path);
    if (known !== undefined) return known;
    const found = this.#open(path);
    return found === undefined ? undefined : this.#keep(path, found);
  }

  /** The directory itself, without making or following anything; for a path that `get` gave before. */
  find(realPath: string): OwnedFd | undefined {
    try {
      return openat2(this.#top.fd, toName(realPath === "" ? "." : realPath), { flags: openFlags, resolve: plain });
    } catch (error) {
      if (isSysError(error, "ENOENT", "ENOTDIR", "ELOOP")) return undefined;
      throw error;
    }
  }

  /** To be called whenever a directory or a link is taken away. */
  forget(): void {
    for (const { fd } of this.#cache.values()) fd[Symbol.dispose]();
    this.#cache.clear();
  }

  [Symbol.dispose](): void {
    this.forget();
    this.#top.fd[Symbol.dispose]();
  }

  #keep(path: string, directory: Directory): Directory {
    if (this.#cache.size >= maxCached) this.forget();
    this.#cache.set(path, directory);
    return directory;
  }

  #resolve(path: string, links: number): Directory {
    if (links > maxLinks) throw new EngineError("corrupt", `extracting "${toText(path)}": too many levels of links`);
    return this.#open(path) ?? this.#make(path, links);
  }

  #open(path: string): Directory | undefined {
    const name = toName(path);
    try {
      return { fd: openat2(this.#top.fd, name, { flags: openFlags, resolve: plain }), path };
    } catch (error) {
      if (!isSysError(error, "ENOENT", "ENOTDIR", "ELOOP")) throw error;
    }
    try {
      const fd = openat2(this.#top.fd, name, { flags: openFlags, resolve: inRoot });
      return { fd, path: this.#realPath(fd) };
    } catch (error) {
      if (isSysError(error, "ENOENT", "ENOTDIR")) return undefined;
      if (isSysError(error, "ELOOP")) {
        throw new EngineError("corrupt", `extracting "${toText(path)}": links in a circle`);
      }
      throw error;
    }
  }

  /** Makes what is missing. A link that leads nowhere has its target made. */
  #make(path: string, links: number): Directory {
    const { parent, name } = splitPath(path);
    const above = parent === "" ? this.#top : this.#resolve(parent, links);
    using _ = above === this.#top ? undefined : above.fd;
    const found = tryStatAt(above.fd, toName(name));
    if (found?.type === "symlink") {
      const target = fromBytes(readlinkBytesAt(above.fd, toName(name)));
      const next = cleanPath(target.startsWith("/") ? target : `${above.path}/${target}`);
      return next === "" ? { fd: this.#again(), path: "" } : this.#resolve(next, links + 1);
    }
    const whiteout = found !== undefined && isWhiteout(found);
    if (found !== undefined && !whiteout) {
      throw new EngineError("corrupt", `extracting below "${toText(path)}": it is not a directory`);
    }
    if (whiteout) unlinkAt(above.fd, toName(name));
    mkdirAt(above.fd, toName(name), { mode: 0o755 });
    const fd = openat(above.fd, toName(name), { flags: openFlags | O.NOFOLLOW });
    fchmod(fd, 0o755);
    if (whiteout) this.#style.markOpaque(fd);
    return { fd, path: joinPath(above.path, name) };
  }

  #again(): OwnedFd {
    return openat(this.#top.fd, ".", { flags: openFlags });
  }

  /** What the kernel calls an open directory, less the root's part. */
  #realPath(fd: OwnedFd): string {
    this.#rootName ??= nameOf(this.#top.fd);
    const name = nameOf(fd);
    if (name === this.#rootName) return "";
    if (name.startsWith(`${this.#rootName}/`)) return name.slice(this.#rootName.length + 1);
    throw new EngineError("corrupt", `extracting below "${toText(name)}": it is outside of the layer`);
  }
}

function nameOf(fd: OwnedFd): string {
  return fromBytes(readlinkBytesAt(AT_FDCWD, `/proc/self/fd/${fd.value}`));
}
