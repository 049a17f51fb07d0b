import assert from "node:assert/strict";
import {
  acceptablePlatforms,
  choosePlatform,
  formatPlatform,
  hostPlatform,
  normalizeWish,
  parsePlatformWish,
  type Platform,
} from "./platform.ts";

const amd64: Platform = { os: "linux", architecture: "amd64" };
const arm64: Platform = { os: "linux", architecture: "arm64" };
const armV7: Platform = { os: "linux", architecture: "arm", variant: "v7" };

function offers(...texts: readonly string[]): readonly { readonly platform: Platform }[] {
  return texts.map((text) => {
    const [os = "", architecture = "", variant] = text.split("/");
    return { platform: { os, architecture, ...(variant ? { variant } : {}) } };
  });
}

function choose(wish: string, ...texts: readonly string[]): string | undefined {
  const found = choosePlatform(offers(...texts), { wish: parsePlatformWish(wish), host: amd64 });
  return found && formatPlatform(found.platform);
}

Deno.test("hostPlatform() is Linux in Go's words", () => {
  assert.equal(hostPlatform().os, "linux");
  assert.match(hostPlatform().architecture, /^(amd64|arm64)$/);
});

Deno.test("choosePlatform() takes the host's platform where nothing is wished", () => {
  assert.equal(choose("", "linux/arm64/v8", "linux/amd64", "windows/amd64"), "linux/amd64");
  assert.equal(choose("", "linux/arm64/v8", "windows/amd64"), undefined);
  assert.equal(choose("", "linux/amd64/v1"), "linux/amd64/v1");
  assert.equal(choose("", "linux/amd64/v3"), undefined);
});

Deno.test("choosePlatform() takes the newest variant that the wished one can run", () => {
  const all = ["linux/arm/v5", "linux/arm/v6", "linux/arm/v7", "linux/arm64/v8"];
  assert.equal(choose("linux/arm/v7", ...all), "linux/arm/v7");
  assert.equal(choose("linux/arm/v6", ...all), "linux/arm/v6");
  assert.equal(choose("linux/arm/v8", ...all), "linux/arm/v7");
  assert.equal(choose("linux/arm", ...all), "linux/arm/v7");
  assert.equal(choose("linux/arm64", ...all), "linux/arm64/v8");
  assert.equal(choose("linux/arm/v6", "linux/arm/v7"), undefined);
  assert.equal(choose("linux/arm/v6", "linux/arm/v7", "linux/arm"), "linux/arm");
});

Deno.test("choosePlatform() knows the other names of architectures", () => {
  assert.equal(choose("linux/x86_64", "linux/amd64"), "linux/amd64");
  assert.equal(choose("linux/aarch64", "linux/arm64/v8"), "linux/arm64/v8");
  assert.deepEqual(normalizeWish({ architecture: "armhf" }), { architecture: "arm", variant: "v7" });
  assert.deepEqual(normalizeWish({ architecture: "armel" }), { architecture: "arm", variant: "v6" });
});

Deno.test("choosePlatform() never takes an offer that says nothing", () => {
  assert.equal(choosePlatform([{}], { wish: {}, host: amd64 }), undefined);
});

Deno.test("acceptablePlatforms() uses the host's variant only for the host's architecture", () => {
  assert.deepEqual(acceptablePlatforms({}, armV7).map(formatPlatform), [
    "linux/arm/v7",
    "linux/arm/v6",
    "linux/arm/v5",
    "linux/arm",
  ]);
  assert.deepEqual(acceptablePlatforms({ architecture: "s390x" }, armV7).map(formatPlatform), ["linux/s390x"]);
  assert.deepEqual(acceptablePlatforms({ os: "freebsd" }, arm64).map(formatPlatform), [
    "freebsd/arm64",
    "freebsd/arm64/v8",
  ]);
});
