import { EngineError } from "../../errors.ts";
import { type Descriptor, digestHex, maximumManifestSize } from "../../oci/mod.ts";
import type { FileRange, FileTree } from "../file_tree.ts";
import { type LocalImage, resolveImage } from "../source.ts";

/**
 * The image of a `dir:` directory, as skopeo and Podman write it: `manifest.json` and a file per blob, named by its hex
 * digits. It has no name.
 */
export function dockerDirImage(tree: FileTree): LocalImage {
  return {
    names: [],
    open: (wish, signal) =>
      resolveImage({
        manifest: (digest) => {
          const name = digest === undefined ? "manifest.json" : `${digestHex(digest)}.manifest.json`;
          return Promise.resolve({ bytes: tree.read(name, { limit: maximumManifestSize }) });
        },
        blob: (blob) => Promise.resolve(locateBlob(tree, blob)),
        bytes: (blob, { limit }) => Promise.resolve(tree.read(digestHex(blob.digest), { limit })),
      }, { wish, signal }),
  };
}

function locateBlob(tree: FileTree, blob: Descriptor): FileRange {
  const found = tree.locate(digestHex(blob.digest));
  if (found === undefined) throw new EngineError("corrupt", `blob ${blob.digest}: not found in ${tree.path}`);
  if (found.size === blob.size) return found;
  throw new EngineError("corrupt", `blob ${blob.digest}: ${found.size} bytes, expected ${blob.size}`);
}
