import { type JsonRecord, readOptionalString, readOptionalStrings, readRecord, readString } from "./json_reader.ts";

/** What an image runs on, in Go's words (`linux`, `amd64`). */
export type Platform = {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
  readonly "os.version"?: string;
  readonly "os.features"?: readonly string[];
};

/** What the user asks for; absent fields are the host's. */
export type PlatformWish = { readonly os?: string; readonly architecture?: string; readonly variant?: string };

const goArchitectures: Readonly<Record<string, string>> = { x86_64: "amd64", aarch64: "arm64" };

/** Per architecture, the variants from the newest to the oldest: a newer machine runs the older one's programs. */
const variantOrder: Readonly<Record<string, readonly string[]>> = {
  arm: ["v8", "v7", "v6", "v5"],
  arm64: ["v9", "v8"],
  amd64: ["v4", "v3", "v2", "v1"],
};

/** The variant that every machine of an architecture has. */
const baseVariant: Readonly<Record<string, string>> = { arm64: "v8", amd64: "v1" };

/** The platform of this machine. Images are Linux's wherever the engine runs. */
export function hostPlatform(): Platform {
  return { os: "linux", architecture: goArchitectures[Deno.build.arch] ?? Deno.build.arch };
}

/** `os[/arch[/variant]]` as `--platform` takes it, `linux/arm64/v8`, with the other names of architectures understood. */
export function parsePlatformWish(text: string): PlatformWish {
  const [os, architecture, variant] = text.split("/");
  return normalizeWish({
    ...(os ? { os } : {}),
    ...(architecture ? { architecture } : {}),
    ...(variant ? { variant } : {}),
  });
}

/** `x86_64` → `amd64`, `aarch64` → `arm64`, `armhf` → `arm` `v7`, `armel` → `arm` `v6`. */
export function normalizeWish(wish: PlatformWish): PlatformWish {
  const architecture = wish.architecture?.toLowerCase();
  if (architecture === "armhf") return { ...wish, architecture: "arm", variant: wish.variant ?? "v7" };
  if (architecture === "armel") return { ...wish, architecture: "arm", variant: wish.variant ?? "v6" };
  const known = goArchitectures[architecture ?? ""] ?? (architecture === "x86-64" ? "amd64" : architecture);
  return known === undefined ? wish : { ...wish, architecture: known };
}

/** The platforms that satisfy `wish` on a machine that is `host`, the best first. */
export function acceptablePlatforms(wish: PlatformWish, host: Platform = hostPlatform()): readonly Platform[] {
  const asked = normalizeWish(wish);
  const architecture = asked.architecture ?? host.architecture;
  const variant = asked.variant ?? (asked.architecture === undefined ? host.variant : undefined);
  const os = asked.os ?? host.os;
  return acceptableVariants(architecture, variant)
    .map((name) => ({ os, architecture, ...(name === "" ? {} : { variant: name }) }));
}

/** True if an image that says it is for `offered` is exactly for `wanted` (the variant's absence counts). */
export function samePlatform(offered: Platform, wanted: Platform): boolean {
  return offered.os === wanted.os && offered.architecture === wanted.architecture &&
    (offered.variant ?? "") === (wanted.variant ?? "");
}

/** The best of `offers` for `wish`, or `undefined`. An offer that does not say its platform is never taken. */
export function choosePlatform<T extends { readonly platform?: Platform }>(
  offers: readonly T[],
  options: { readonly wish: PlatformWish; readonly host?: Platform },
): T | undefined {
  for (const wanted of acceptablePlatforms(options.wish, options.host)) {
    const found = offers.find((offer) => offer.platform !== undefined && samePlatform(offer.platform, wanted));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `linux/arm/v7`. */
export function formatPlatform(platform: Platform): string {
  return [platform.os, platform.architecture, ...(platform.variant ? [platform.variant] : [])].join("/");
}

/** The `platform` of a descriptor. */
export function readPlatform(value: unknown, what: string): Platform | undefined {
  if (value === undefined || value === null) return undefined;
  const record: JsonRecord = readRecord(value, what);
  const variant = readOptionalString(record.variant, `${what}.variant`);
  const version = readOptionalString(record["os.version"], `${what}.os.version`);
  const features = readOptionalStrings(record["os.features"], `${what}.os.features`);
  return {
    os: readString(record.os, `${what}.os`),
    architecture: readString(record.architecture, `${what}.architecture`),
    ...(variant ? { variant } : {}),
    ...(version ? { "os.version": version } : {}),
    ...(features ? { "os.features": features } : {}),
  };
}

function acceptableVariants(architecture: string, variant: string | undefined): readonly string[] {
  const order = variantOrder[architecture] ?? [];
  const at = order.indexOf(variant ?? "");
  if (at >= 0) return [...order.slice(at), ""];
  if (variant !== undefined) return [variant, ""];
  const base = baseVariant[architecture];
  return ["", ...(base === undefined ? order : [base])];
}
