import { EngineError } from "../errors.ts";
import { type Descriptor, readDescriptor } from "./descriptor.ts";
import {
  damaged,
  type JsonRecord,
  parseJson,
  readArray,
  readOptionalString,
  readOptionalStringMap,
  readRecord,
} from "./json_reader.ts";
import { mediaTypes } from "./media_type.ts";

/** Whose words a manifest is written in. */
export type ManifestFormat = "oci" | "docker";

/** One image: its configuration and its layers, the lowest first. */
export type ImageManifest = {
  readonly kind: "manifest";
  readonly format: ManifestFormat;
  readonly mediaType: string;
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
  readonly annotations?: Readonly<Record<string, string>>;
  readonly artifactType?: string;
};

/** Several images, usually one per platform. */
export type ImageIndex = {
  readonly kind: "index";
  readonly format: ManifestFormat;
  readonly mediaType: string;
  readonly manifests: readonly Descriptor[];
  readonly annotations?: Readonly<Record<string, string>>;
};

export type Manifest = ImageManifest | ImageIndex;

/** Bytes of a manifest; registries set about the same limit. */
export const maximumManifestSize = 4 * 1024 * 1024;

/** More than any storage can stack, few enough to keep in memory. */
const maximumEntries = 10_000;

const formats: Readonly<Record<string, { readonly kind: Manifest["kind"]; readonly format: ManifestFormat }>> = {
  [mediaTypes.ociManifest]: { kind: "manifest", format: "oci" },
  [mediaTypes.ociIndex]: { kind: "index", format: "oci" },
  [mediaTypes.dockerManifest]: { kind: "manifest", format: "docker" },
  [mediaTypes.dockerList]: { kind: "index", format: "docker" },
};

/**
 * Parses a manifest or an index. The media type is taken from the content; `mediaType` (of the HTTP answer or the
 * descriptor) serves where the content has none. Content that could be read as both is refused (CVE-2021-41190).
 * Throws `corrupt`, or `unsupported` for Docker's schema 1 and unknown types.
 */
export function parseManifest(bytes: Uint8Array, mediaType?: string): Manifest {
  const record = readRecord(parseJson(bytes, "manifest", { limit: maximumManifestSize }), "manifest");
  refuseSchema1(record);
  const type = manifestTypeOf(record, mediaType);
  const known = formats[type];
  if (known === undefined) throw new EngineError("unsupported", `unsupported manifest type ${JSON.stringify(type)}`);
  refuseAmbiguous(record, known.kind);
  const annotations = readOptionalStringMap(record.annotations, "manifest.annotations");
  const base = { format: known.format, mediaType: type, ...(annotations ? { annotations } : {}) };
  if (known.kind === "index") return { kind: "index", ...base, manifests: readEntries(record.manifests, "manifests") };
  const artifactType = readOptionalString(record.artifactType, "manifest.artifactType");
  return {
    kind: "manifest",
    ...base,
    config: readDescriptor(record.config, "manifest.config"),
    layers: readEntries(record.layers, "layers"),
    ...(artifactType ? { artifactType } : {}),
  };
}

function manifestTypeOf(record: JsonRecord, mediaType: string | undefined): string {
  const own = readOptionalString(record.mediaType, "manifest.mediaType");
  if (own) return own;
  const given = mediaType?.split(";")[0]?.trim().toLowerCase();
  if (given !== undefined && given in formats) return given;
  return record.manifests === undefined ? mediaTypes.ociManifest : mediaTypes.ociIndex;
}

function refuseSchema1(record: JsonRecord): void {
  if (record.schemaVersion === 2) return;
  if (record.schemaVersion !== 1) throw damaged("manifest", "schemaVersion is not 2");
  throw new EngineError("unsupported", "unsupported manifest: Docker schema 1, which registries have given up");
}

function refuseAmbiguous(record: JsonRecord, kind: Manifest["kind"]): void {
  const foreign = kind === "index" ? ["config", "layers"] : ["manifests"];
  const found = [...foreign, "fsLayers", "history"].find((key) => record[key] !== undefined);
  if (found !== undefined) {
    throw damaged("manifest", `rejecting ambiguous manifest, unexpected ${JSON.stringify(found)}`);
  }
}

function readEntries(value: unknown, key: string): readonly Descriptor[] {
  const entries = readArray(value, `manifest.${key}`);
  if (entries.length > maximumEntries) throw damaged(`manifest.${key}`, `more than ${maximumEntries} entries`);
  return entries.map((entry, index) => readDescriptor(entry, `manifest.${key}[${index}]`));
}

/** The bytes of a manifest that we write: its fields in the order of the specification. */
export function encodeManifest(manifest: Manifest): Uint8Array<ArrayBuffer> {
  const head = { schemaVersion: 2, mediaType: manifest.mediaType };
  const tail = manifest.annotations ? { annotations: manifest.annotations } : {};
  const body = manifest.kind === "index"
    ? { manifests: manifest.manifests }
    : { config: manifest.config, layers: manifest.layers };
  return new TextEncoder().encode(JSON.stringify({ ...head, ...body, ...tail }));
}
