import type { SaveImagesInput } from "../../engine/images.ts";
import { saveStream } from "../../image/save.ts";
import type { SavedImage } from "../../image/store.ts";
import { EngineError } from "../../errors.ts";
import type { Local } from "../context.ts";
import { getImage } from "./find.ts";
import { imageStore } from "./store.ts";

/** Images as an archive. All names are looked up before the first byte. */
export async function saveImages(
  local: Local,
  input: SaveImagesInput,
  signal?: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const store = await imageStore(local, "save");
  const byId = new Map<string, SavedImage>();
  for (const wanted of input.names) {
    const { image, name } = getImage(local, wanted);
    const stored = store.find(image.id);
    if (!stored) throw new EngineError("noSuchImage", `${wanted}: image not known`);
    const names = [...(byId.get(image.id)?.names ?? []), ...(name === "" || name.includes("@") ? [] : [name])];
    byId.set(image.id, { image: stored, names });
  }
  return saveStream([...byId.values()], {
    store,
    format: input.format ?? "docker-archive",
    compress: input.compress,
    directory: local.config.paths.tmp,
    signal,
  });
}
