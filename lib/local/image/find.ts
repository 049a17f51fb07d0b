/** Which image in the store a name means. */

import { EngineError } from "../../errors.ts";
import {
  completeReference,
  formatReference,
  parseRawReference,
  type RawReference,
  repositoryName,
  withDefaultTag,
} from "../../oci/reference.ts";
import type { ImageRecord } from "../../state/mod.ts";
import type { Local } from "../context.ts";

export type FoundImage = {
  readonly image: ImageRecord;
  /** The full name that led to it; empty if it was found by its id. */
  readonly name: string;
};

/** By reference, id, or unambiguous beginning of an id. A short name means one in `localhost`, then Docker Hub's, then any. */
export function findImage(local: Local, name: string): FoundImage | null {
  const id = name.startsWith("sha256:") ? name.slice("sha256:".length) : name;
  return (id === name ? findByReference(local, name) : null) ?? findById(local, id);
}

/** As `findImage`; throws `noSuchImage`. */
export function getImage(local: Local, name: string): FoundImage {
  const found = name === "" ? null : findImage(local, name);
  if (found) return found;
  throw new EngineError("noSuchImage", `${name}: image not known`);
}

function findById(local: Local, id: string): FoundImage | null {
  const image = local.state.images.byId(id);
  return image && { image, name: "" };
}

function findByReference(local: Local, name: string): FoundImage | null {
  const raw = parseQuietly(name);
  if (!raw) return null;
  if (raw.registry !== undefined) return findFull(local, { ...raw, registry: raw.registry });
  for (const registry of ["localhost", "docker.io"]) {
    const found = findFull(local, { ...raw, registry });
    if (found) return found;
  }
  if (raw.digest !== undefined) return null;
  const [other] = local.state.images.namesEndingIn(`${raw.path}:${raw.tag ?? "latest"}`);
  const image = other === undefined ? null : local.state.images.byName(other);
  return image && { image, name: other ?? "" };
}

/** What is no reference may still be an id. */
function parseQuietly(name: string): RawReference | null {
  try {
    return parseRawReference(name);
  } catch {
    return null;
  }
}

function findFull(local: Local, raw: RawReference & { readonly registry: string }): FoundImage | null {
  const reference = withDefaultTag(completeReference(raw, raw.registry));
  const full = formatReference(reference);
  const { images } = local.state;
  const image = reference.digest === undefined
    ? images.byName(full)
    : images.byDigest(reference.digest, repositoryName(reference));
  return image && { image, name: full };
}

/** The full name to give an image that the user calls `name`: short ones are put in `localhost`. */
export function fullName(name: string): string {
  const raw = parseRawReference(name);
  return formatReference(withDefaultTag(completeReference(raw, raw.registry ?? "localhost")));
}
