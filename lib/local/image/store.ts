/** The store of images: layers are the storage driver's, the rest stands in the database. */

import type { ImageStore } from "../../image/store.ts";
import { parseDigest } from "../../oci/digest.ts";
import { imageIdOfConfig } from "../../oci/id.ts";
import { digestOf } from "../../oci/hash.ts";
import { parseImageConfig } from "../../oci/image_config.ts";
import type { Storage } from "../../storage/mod.ts";
import type { Local } from "../context.ts";
import { imageEvent } from "./event.ts";

/** As `lib/image` needs it. `action` names the event of a commit: `pull`, `load`, … */
export async function imageStore(local: Local, action: string): Promise<ImageStore> {
  const storage = await local.storage();
  return {
    hasLayer: (diffId) => storage.hasLayer(diffId),
    layerSize: (diffId) => storage.layerSize(diffId),
    ingest: (input) => storage.ingestLayer(ingestInput(input)),
    commit: (input) => Promise.resolve().then(() => commit(local, storage, { input, action })),
    find: (id) => {
      const image = local.state.images.byId(id);
      return image && {
        ...image,
        digest: parseDigest(image.digest),
        layers: image.layers.map((layer) => ({
          ...layer,
          diffId: parseDigest(layer.diffId),
          digest: parseDigest(layer.digest),
        })),
      };
    },
    openLayer: (diffId) => Promise.resolve(storage.openLayerTar(diffId)),
  };
}

type Ingest = Parameters<ImageStore["ingest"]>[0];

function ingestInput({ source, digest, size, diffId, onProgress, signal }: Ingest) {
  return { source, expect: { digest, size, diffId }, onProgress, signal };
}

type Commit = { readonly input: Parameters<ImageStore["commit"]>[0]; readonly action: string };

/** The layers are on disk for good before the row says that the image is there. */
function commit(local: Local, storage: Storage, { input, action }: Commit): string {
  storage.syncLayers(input.layers.map(({ diffId }) => diffId));
  const id = imageIdOfConfig(digestOf(input.config));
  const created = Date.parse(parseImageConfig(input.config).created ?? "") || 0;
  const size = input.layers.reduce((sum, { diffId }) => sum + storage.layerSize(diffId), 0);
  const { manifest, manifestType, config, digest, indexDigest, names, layers } = input;
  const digests = indexDigest === undefined ? [digest] : [digest, indexDigest];
  local.state.transaction(() => {
    local.state.images.commit({ id, digest, manifestType, manifest, config, created, size, names, digests, layers });
    imageEvent(local, { id, action, name: names[0] ?? id });
  }, { durable: true });
  return id;
}
