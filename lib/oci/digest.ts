import { EngineError } from "../errors.ts";

declare const brand: unique symbol;

/** `sha256:<64 hex digits>` or `sha512:<128 hex digits>`, in lower case. Made by `parseDigest` or `digestOf` alone. */
export type Digest = string & { readonly [brand]: "Digest" };

export type DigestAlgorithm = "sha256" | "sha512";

const pattern = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;

export function isDigest(text: string): text is Digest {
  return pattern.test(text);
}

/** Throws `EngineError("invalidArgument")` for anything else. */
export function parseDigest(text: string): Digest {
  if (isDigest(text)) return text;
  throw new EngineError("invalidArgument", `parsing digest ${JSON.stringify(text)}: ${reasonFor(text)}`);
}

/** The hex digits. */
export function digestHex(digest: Digest): string {
  return digest.slice(digest.indexOf(":") + 1);
}

export function digestAlgorithm(digest: Digest): DigestAlgorithm {
  return digest.startsWith("sha512:") ? "sha512" : "sha256";
}

/** The digest of an image id or of a diffID's directory name: 64 hex digits. */
export function digestFromHex(hex: string): Digest {
  return parseDigest(`sha256:${hex}`);
}

function reasonFor(text: string): string {
  const [, algorithm] = /^([a-z0-9]+(?:[+._-][a-z0-9]+)*):/.exec(text) ?? [];
  if (algorithm === undefined) return "invalid checksum digest format";
  if (algorithm !== "sha256" && algorithm !== "sha512") return "unsupported digest algorithm";
  const digits = text.slice(algorithm.length + 1);
  return /^[0-9a-f]*$/.test(digits) ? "invalid checksum digest length" : "invalid checksum digest format";
}
