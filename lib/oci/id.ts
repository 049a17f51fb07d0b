import { EngineError } from "../errors.ts";
import { type Digest, digestAlgorithm, digestHex } from "./digest.ts";

declare const brand: unique symbol;

/** The id of an image: the 64 hex digits of its configuration's digest. */
export type ImageId = string & { readonly [brand]: "ImageId" };

const idPattern = /^[0-9a-f]{64}$/;

export function isImageId(text: string): text is ImageId {
  return idPattern.test(text);
}

export function parseImageId(text: string): ImageId {
  if (isImageId(text)) return text;
  throw new EngineError("invalidArgument", `parsing image id ${JSON.stringify(text)}: not 64 hex digits`);
}

/** An id has 64 digits, so a configuration that is named by another algorithm than sha256 has none. */
export function imageIdOfConfig(config: Digest): ImageId {
  if (digestAlgorithm(config) === "sha256") return parseImageId(digestHex(config));
  throw new EngineError("unsupported", `image configuration ${config}: only sha256 can name an image`);
}
