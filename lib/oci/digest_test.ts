import assert from "node:assert/strict";
import { EngineError } from "../errors.ts";
import { digestAlgorithm, digestFromHex, digestHex, isDigest, parseDigest } from "./digest.ts";
import { Digester, digestOf, matchesDigest } from "./hash.ts";
import { imageIdOfConfig, isImageId, parseImageId } from "./id.ts";

const hex = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

Deno.test("parseDigest() takes sha256 and sha512 in lower case", () => {
  for (const text of [`sha256:${hex}`, `sha512:${hex}${hex}`]) {
    const digest = parseDigest(text);
    assert.equal(digest, text);
    assert.equal(`${digestAlgorithm(digest)}:${digestHex(digest)}`, text);
  }
  assert.equal(digestFromHex(hex), `sha256:${hex}`);
});

Deno.test("parseDigest() refuses everything else and says why", () => {
  const refused: readonly [string, string][] = [
    ["", "invalid checksum digest format"],
    [hex, "invalid checksum digest format"],
    ["sha256:", "invalid checksum digest length"],
    [`sha256:${hex.slice(1)}`, "invalid checksum digest length"],
    [`sha256:${hex.toUpperCase()}`, "invalid checksum digest format"],
    [`sha256:${hex}\n`, "invalid checksum digest format"],
    [`sha512:${hex}`, "invalid checksum digest length"],
    [`md5:${hex.slice(32)}`, "unsupported digest algorithm"],
    [`sha256:${hex}/../..`, "invalid checksum digest format"],
  ];
  for (const [text, reason] of refused) {
    assert.equal(isDigest(text), false);
    const message = `parsing digest ${JSON.stringify(text)}: ${reason}`;
    assert.throws(() => parseDigest(text), new EngineError("invalidArgument", message));
  }
});

Deno.test("digestOf() and Digester give the same digest, in pieces or at once", () => {
  const bytes = new TextEncoder().encode("abc");
  assert.equal(digestOf(bytes), `sha256:${hex}`);
  const digester = new Digester("sha512").update(bytes.subarray(0, 1)).update(bytes.subarray(1));
  assert.equal(digester.size, 3);
  assert.equal(digester.finish(), digestOf(bytes, "sha512"));
});

Deno.test("matchesDigest() compares in the digest's own algorithm", () => {
  const bytes = new TextEncoder().encode("abc");
  assert.equal(matchesDigest(bytes, digestOf(bytes, "sha512")), true);
  assert.equal(matchesDigest(bytes.subarray(1), digestOf(bytes)), false);
});

Deno.test("imageIdOfConfig() is the hex part of a sha256 digest", () => {
  assert.equal(imageIdOfConfig(parseDigest(`sha256:${hex}`)), hex);
  assert.throws(() => imageIdOfConfig(parseDigest(`sha512:${hex}${hex}`)), { kind: "unsupported" });
});

Deno.test("parseImageId() takes 64 hex digits alone", () => {
  assert.equal(parseImageId(hex), hex);
  assert.equal(isImageId(hex.slice(1)), false);
  assert.throws(() => parseImageId("sha256:x"), { kind: "invalidArgument" });
});
