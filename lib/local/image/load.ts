import type { LoadImagesInput } from "../../engine/images.ts";
import type { ImageLoadReport } from "../../engine/types/image.ts";
import { loadPolicy } from "../../config/policy_json.ts";
import { loadImages as load } from "../../image/load.ts";
import type { Local } from "../context.ts";
import { imageStore } from "./store.ts";

/** All images of an archive, with the names that they have there. */
export async function loadImages(
  local: Local,
  { archive }: LoadImagesInput,
  signal?: AbortSignal,
): Promise<ImageLoadReport> {
  using _lease = await (await local.storage()).lease(signal);
  const { names } = await load(archive, {
    store: await imageStore(local, "loadfromarchive"),
    policy: loadPolicy(local.configInput),
    wish: {},
    directory: local.config.paths.tmp,
    signal,
  });
  return { Names: names };
}
