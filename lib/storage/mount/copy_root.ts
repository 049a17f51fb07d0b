import { join } from "node:path/posix";
import { O, open, type OwnedFd, writeAll } from "../../sys/fd.ts";
import { RENAME, renameAt } from "../../sys/file.ts";
import { copyTree, type Ids } from "../copy/copy_tree.ts";
import { diskUsage } from "../disk_usage.ts";
import { StagingPlace } from "../staging.ts";
import { whiteoutNamespace } from "../user_namespace.ts";
import { WhiteoutStyle } from "../whiteout.ts";
import { hostIds, isMapped } from "./id_map.ts";
import { copiedMark, type Mounter, type MountInput } from "./mounter.ts";

/** For the vfs driver: puts all layers on top of each other in a directory of the container's own. */
export function copyRoot(mounter: Mounter, input: MountInput): void {
  const { paths, idMappings } = input;
  using place = new StagingPlace(input.storage);
  place.make();
  {
    using target = openDirectory(place.path);
    const mapOwner = isMapped(idMappings) ? (ids: Ids) => hostIds(ids, idMappings) : undefined;
    const options = {
      mapOwner,
      whiteouts: new WhiteoutStyle(whiteoutNamespace()),
      ignoreChownErrors: mounter.ignoreChownErrors,
    };
    for (const diffId of input.diffIds) {
      using layer = openDirectory(join(input.storage.layer(diffId), "diff"));
      copyTree(layer, target, options);
    }
    // The attributes of `/` were worked out when the container was made.
    using upper = openDirectory(paths.upper);
    copyTree(upper, target, { ignoreChownErrors: mounter.ignoreChownErrors });
  }
  using directory = openDirectory(paths.directory);
  renameAt({ dir: place.directory, name: place.name }, { dir: directory, name: "merged" }, { flags: RENAME.EXCHANGE });
  // What the image takes, so that it can be told later what the container wrote.
  using mark = open(join(paths.directory, copiedMark), O.WRONLY | O.CREAT, { mode: 0o600 });
  writeAll(mark, new TextEncoder().encode(String(diskUsage(paths.merged))));
}

function openDirectory(path: string): OwnedFd {
  return open(path, O.RDONLY | O.DIRECTORY | O.NOFOLLOW);
}
