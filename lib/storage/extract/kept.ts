import { O, openat, type OwnedFd } from "../../sys/fd.ts";
import { mkdirAt, renameAt } from "../../sys/file.ts";
import { toName } from "../byte_string.ts";
import type { Directory } from "./directories.ts";

/**
 * What an entry of a tar replaced that an earlier entry of the same tar had made. It is gone from the tree, but its
 * content belongs to the archive: it is moved to `kept/<number>`. `after` is how many contents had been read by then;
 * only those can lie in what was moved.
 */
export type Move = { readonly after: number; readonly path: string; readonly number: number };

/** Where the content number `index`, extracted as `path` below `diff/`, lies now: a path in the layer's directory. */
export function locate(index: number, path: string, options: { readonly moves: readonly Move[] }): string {
  for (const move of options.moves) {
    if (move.after <= index) continue;
    if (path === move.path) return `kept/${move.number}`;
    if (path.startsWith(`${move.path}/`)) return `kept/${move.number}${path.slice(move.path.length)}`;
  }
  return `diff/${path}`;
}

/** The `kept` directory of a layer that is being extracted; made when first needed. */
export class Kept implements Disposable {
  readonly moves: Move[] = [];
  readonly #layer: OwnedFd;
  #fd: OwnedFd | undefined;

  /** `layer` is lent. */
  constructor(layer: OwnedFd) {
    this.#layer = layer;
  }

  take(from: Directory, name: string, options: { readonly path: string; readonly after: number }): void {
    this.#fd ??= this.#open();
    const number = this.moves.length;
    renameAt({ dir: from.fd, name: toName(name) }, { dir: this.#fd, name: String(number) });
    this.moves.push({ ...options, number });
  }

  [Symbol.dispose](): void {
    this.#fd?.[Symbol.dispose]();
  }

  #open(): OwnedFd {
    mkdirAt(this.#layer, "kept", { mode: 0o700 });
    return openat(this.#layer, "kept", { flags: O.RDONLY | O.DIRECTORY | O.NOFOLLOW });
  }
}
