/** Reading files of a container: paths are resolved inside its root by the kernel. */

import { isSysError } from "../sys/errno.ts";
import { O, open, openat2, readAll, RESOLVE } from "../sys/fd.ts";
import { fstat } from "../sys/file.ts";

/** The text of a regular file below `root`; "" where there is none or it is larger than `limit` bytes. */
export function readInRoot(root: string, path: string, { limit }: { readonly limit: number }): string {
  try {
    using directory = open(root, O.PATH | O.DIRECTORY);
    const flags = O.RDONLY | O.NONBLOCK;
    using file = openat2(directory, path, { flags, resolve: RESOLVE.IN_ROOT | RESOLVE.NO_MAGICLINKS });
    const { type, size } = fstat(file);
    if (type !== "file" || size > limit) return "";
    return new TextDecoder().decode(readAll(file));
  } catch (error) {
    if (isSysError(error)) return "";
    throw error;
  }
}

/** Whether `path` leads to a directory below `root`. */
export function isDirectoryInRoot(root: string, path: string): boolean {
  try {
    using directory = open(root, O.PATH | O.DIRECTORY);
    const flags = O.PATH | O.DIRECTORY;
    using _found = openat2(directory, path, { flags, resolve: RESOLVE.IN_ROOT | RESOLVE.NO_MAGICLINKS });
    return true;
  } catch (error) {
    if (isSysError(error)) return false;
    throw error;
  }
}
