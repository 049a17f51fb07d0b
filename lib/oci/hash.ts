import { createHash, type Hash } from "node:crypto";
import { type Digest, type DigestAlgorithm, digestAlgorithm, parseDigest } from "./digest.ts";

/** The digest of bytes in memory. */
export function digestOf(bytes: Uint8Array, algorithm: DigestAlgorithm = "sha256"): Digest {
  return parseDigest(`${algorithm}:${createHash(algorithm).update(bytes).digest("hex")}`);
}

/** True if `bytes` have `digest`, in its algorithm. */
export function matchesDigest(bytes: Uint8Array, digest: Digest): boolean {
  return digestOf(bytes, digestAlgorithm(digest)) === digest;
}

/** The digest of bytes that come in pieces. */
export class Digester {
  readonly #algorithm: DigestAlgorithm;
  readonly #hash: Hash;
  #size = 0;

  constructor(algorithm: DigestAlgorithm = "sha256") {
    this.#algorithm = algorithm;
    this.#hash = createHash(algorithm);
  }

  /** Bytes taken so far. */
  get size(): number {
    return this.#size;
  }

  update(bytes: Uint8Array): this {
    this.#hash.update(bytes);
    this.#size += bytes.length;
    return this;
  }

  /** Once, at the end. */
  finish(): Digest {
    return parseDigest(`${this.#algorithm}:${this.#hash.digest("hex")}`);
  }
}
