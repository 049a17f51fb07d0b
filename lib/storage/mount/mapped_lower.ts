import { createHash } from "node:crypto";
import { join } from "node:path/posix";
import { isSysError } from "../../sys/errno.ts";
import { AT_FDCWD, O, open, type OwnedFd } from "../../sys/fd.ts";
import { mkdirAt, renameAt, tryStatAt } from "../../sys/file.ts";
import { mountSetattr, OPEN_TREE, openTree } from "../../sys/mount.ts";
import { copyTree } from "../copy/copy_tree.ts";
import { lowerDirs } from "./lower.ts";
import type { StoragePaths } from "../paths.ts";
import { StagingPlace } from "../staging.ts";
import { inUserNamespace } from "../user_namespace.ts";
import { hostIds, type IdMappings, mapText } from "./id_map.ts";
import { openUserNamespace } from "./user_namespace_fd.ts";

/**
 * `lowerDirs` for a container with id maps of its own: layers seen through idmapped mounts where the kernel can (real root,
 * Linux 5.19 for overlay), else copies with shifted owners, which are kept with the layer. Descriptors that the
 * directories need until they are mounted go on `stack`.
 */
export async function mappedLowerDirs(
  paths: StoragePaths,
  diffIds: readonly string[],
  { mappings, stack, allowIdmap }: {
    readonly mappings: IdMappings;
    readonly stack: DisposableStack;
    readonly allowIdmap: boolean;
  },
): Promise<string[]> {
  const plain = lowerDirs(paths, diffIds);
  if (allowIdmap && !inUserNamespace()) {
    const mapped = await idmapped(plain, mappings, { stack });
    if (mapped !== undefined) return mapped;
  }
  return [...new Set(diffIds.toReversed())].map((diffId) => shiftedCopy(paths, diffId, mappings));
}

async function idmapped(
  dirs: readonly string[],
  mappings: IdMappings,
  { stack }: { readonly stack: DisposableStack },
): Promise<string[] | undefined> {
  using namespace = await openUserNamespace(mappings);
  try {
    return dirs.map((dir) => {
      const tree = stack.use(openTree(dir, { flags: OPEN_TREE.CLONE }));
      mountSetattr(tree, { userNamespace: namespace });
      return `/proc/self/fd/${tree.value}`;
    });
  } catch (error) {
    if (isSysError(error, "EINVAL", "ENOSYS", "EOPNOTSUPP", "EPERM")) return undefined;
    throw error;
  }
}

/** `layers/<hex>/mapped/<key>`, made when it is first wanted. */
function shiftedCopy(paths: StoragePaths, diffId: string, mappings: IdMappings): string {
  const layer = paths.layer(diffId);
  const path = join(layer, "mapped", mappingKey(mappings));
  if (tryStatAt(AT_FDCWD, path) !== undefined) return path;
  using place = new StagingPlace(paths);
  place.make();
  copyShifted(join(layer, "diff"), place.path, mappings);
  ignoreExisting(() => mkdirAt(AT_FDCWD, join(layer, "mapped"), { mode: 0o700 }));
  ignoreExisting(() => renameAt({ dir: place.directory, name: place.name }, { name: path }));
  return path;
}

function copyShifted(from: string, to: string, mappings: IdMappings): void {
  using source = openDirectory(from);
  using target = openDirectory(to);
  copyTree(source, target, { mapOwner: (ids) => hostIds(ids, mappings) });
}

function openDirectory(path: string): OwnedFd {
  return open(path, O.RDONLY | O.DIRECTORY | O.NOFOLLOW);
}

/** Another process may have made the same in the meantime. */
function ignoreExisting(action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!isSysError(error, "EEXIST", "ENOTEMPTY")) throw error;
  }
}

/** The same for equal maps: names the copies that were made for them. */
function mappingKey({ uid, gid }: IdMappings): string {
  return createHash("sha256").update(`${mapText(uid)};${mapText(gid)}`).digest("hex").slice(0, 16);
}
