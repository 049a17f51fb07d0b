import { check, OwnedFd, tryRead } from "./fd.ts";
import { path as pathArgument } from "./_scratch.ts";
import { libc } from "./libc.ts";
import { readable } from "./reactor.ts";

const IN_CLOEXEC = 0o2000000;
const IN_NONBLOCK = 0o4000;

/** Events of inotify(7) that tell of content: written, moved in or out, made, removed. */
const IN_MODIFY = 0x2;
const IN_MOVE = 0xc0;
const IN_CREATE = 0x100;
const IN_DELETE = 0x200;

/**
 * Tells when something in a directory changes. Unlike `Deno.watchFs` it opens nothing in it: a fifo there would block
 * that for ever.
 */
export class DirectoryWatch implements Disposable {
  readonly #fd: OwnedFd;

  /** From now on nothing is missed: look at the directory after this, then wait. ENOENT without the directory. */
  constructor(directory: string) {
    this.#fd = new OwnedFd(check(libc.inotify_init1(IN_CLOEXEC | IN_NONBLOCK), "inotify_init"));
    try {
      const events = IN_MODIFY | IN_MOVE | IN_CREATE | IN_DELETE;
      check(libc.inotify_add_watch(this.#fd.value, pathArgument(directory), events), "inotify_add_watch", directory);
    } catch (error) {
      this.#fd[Symbol.dispose]();
      throw error;
    }
  }

  /** Resolves when something changed since the last call (or since the beginning). */
  async changed(options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    await readable(this.#fd, options);
    const buffer = new Uint8Array(4096);
    while (tryRead(this.#fd, buffer) !== undefined);
  }

  [Symbol.dispose](): void {
    this.#fd[Symbol.dispose]();
  }
}
