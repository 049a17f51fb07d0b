import { EngineError } from "../../errors.ts";
import type { TagImageInput } from "../../engine/images.ts";
import { parseRawReference } from "../../oci/reference.ts";
import { type ImageRecord, repositoryOf } from "../../state/mod.ts";
import type { Local } from "../context.ts";
import { imageEvent } from "./event.ts";
import { fullName, getImage } from "./find.ts";

/** Gives an image more names. All are checked before the first is given. */
export function tagImage(local: Local, { name, targets }: TagImageInput): void {
  const { image } = getImage(local, name);
  for (const target of targets) {
    if (parseRawReference(target).digest === undefined) continue;
    throw new EngineError("invalidArgument", `tag ${target}: a name with a digest cannot be given to an image`);
  }
  const names = targets.map(fullName);
  local.state.transaction(() => {
    for (const full of names) {
      local.state.images.setName(full, image.id);
      imageEvent(local, { id: image.id, action: "tag", name: full });
    }
  }, { durable: true });
}

/** `name@digest` for each repository and digest of the image. */
export function repoDigests({ names, digests }: ImageRecord): readonly string[] {
  const repositories = new Set(names.map(repositoryOf));
  return [...repositories].flatMap((repository) => digests.map((digest) => `${repository}@${digest}`)).toSorted();
}
