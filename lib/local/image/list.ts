import type { ListImagesInput } from "../../engine/images.ts";
import type { Filters } from "../../engine/containers.ts";
import type { ImageSummary } from "../../engine/types/image.ts";
import { EngineError } from "../../errors.ts";
import { type ImageConfig, parseImageConfig } from "../../oci/image_config.ts";
import type { ImageRecord } from "../../state/mod.ts";
import type { Local } from "../context.ts";
import { parseDuration } from "../parse_time.ts";
import { findImage, getImage } from "./find.ts";
import { repoDigests } from "./names.ts";

type Listed = { readonly image: ImageRecord; readonly config: ImageConfig; readonly containers: number };
type Test = (listed: Listed, value: string, local: Local) => boolean;

const tests: ReadonlyMap<string, Test> = new Map([
  ["id", ({ image }, value) => image.id.startsWith(value.replace(/^sha256:/, ""))],
  ["digest", ({ image }, value) => image.digests.some((digest) => digest.startsWith(value))],
  ["label", ({ config }, value) => hasLabel(config, value)],
  ["dangling", ({ image }, value) => isTrue("dangling", value) === (image.names.length === 0)],
  ["intermediate", (_listed, value) => isTrue("intermediate", value) === false],
  ["readonly", (_listed, value) => isTrue("readonly", value) === false],
  ["manifest", (_listed, value) => isTrue("manifest", value) === false],
  ["containers", ({ containers }, value) => isTrue("containers", value) === (containers > 0)],
  ["reference", matchesReference],
  ["before", ({ image }, value, local) => image.created < getImage(local, value).image.created],
  ["since", ({ image }, value, local) => image.created > getImage(local, value).image.created],
  ["after", ({ image }, value, local) => image.created > getImage(local, value).image.created],
  ["until", ({ image }, value) => image.created < untilTime(value)],
]);

function hasLabel({ config: { Labels = {} } }: ImageConfig, wanted: string): boolean {
  const [key = "", ...rest] = wanted.split("=");
  return Object.hasOwn(Labels, key) && (rest.length === 0 || Labels[key] === rest.join("="));
}

function isTrue(key: string, value: string): boolean {
  if (["true", "1", "t"].includes(value.toLowerCase())) return true;
  if (["false", "0", "f"].includes(value.toLowerCase())) return false;
  throw new EngineError(
    "invalidArgument",
    `non-boolean value "${value}" for ${key} filter: strconv.ParseBool: parsing "${value}": invalid syntax`,
  );
}

function untilTime(value: string): number {
  const duration = parseDuration(value);
  if (duration !== undefined) return Date.now() - duration;
  return /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value);
}

/** A pattern with `*` and `?` over the name, with or without registry and tag, or a plain name. */
function matchesReference({ image }: Listed, pattern: string, local: Local): boolean {
  if (findImage(local, pattern)?.image.id === image.id) return true;
  const matcher = new RegExp(
    `^${pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&").replace(/\*/g, "[^/]*").replace(/\?/g, "[^/]")}$`,
  );
  return image.names.some((name) => wordings(name).some((wording) => matcher.test(wording)));
}

function wordings(name: string): readonly string[] {
  const parts = name.split("/");
  const tails = parts.map((_, index) => parts.slice(index).join("/"));
  return tails.flatMap((tail) => [tail, tail.replace(/:[^:/]*$/, "")]);
}

/** Newest first. Labels must all match; of any other filter one value has to. */
export function listImages(local: Local, { filters = {} }: ListImagesInput): readonly ImageSummary[] {
  for (const key of Object.keys(filters)) {
    if (!tests.has(key.replace(/!$/, ""))) {
      throw new EngineError("invalidArgument", `unsupported image filter "${key}"`);
    }
  }
  const counts = local.state.containers.countByImage();
  const listed = local.state.images.list().map((image) => ({
    image,
    config: parseImageConfig(image.config),
    containers: counts.get(image.id) ?? 0,
  }));
  return listed.filter((one) => matches(one, filters, local)).map(summarize);
}

function matches(listed: Listed, filters: Filters, local: Local): boolean {
  return Object.entries(filters).every(([key, values]) => {
    const negative = key.endsWith("!");
    const test = tests.get(key.replace(/!$/, ""));
    const passes = (value: string) => (test?.(listed, value, local) ?? false) !== negative;
    return key.startsWith("label") ? values.every(passes) : values.some(passes);
  });
}

function summarize({ image, config, containers }: Listed): ImageSummary {
  return {
    Id: image.id,
    ParentId: "",
    RepoTags: image.names,
    RepoDigests: repoDigests(image),
    Created: Math.floor(image.created / 1000),
    Size: image.size,
    SharedSize: 0,
    VirtualSize: image.size,
    Labels: config.config.Labels ?? {},
    Containers: containers,
    Names: image.names,
    Digest: image.digest,
    History: image.names,
    Os: config.os,
    Arch: config.architecture,
    ...(image.names.length === 0 ? { Dangling: true } : {}),
  };
}
