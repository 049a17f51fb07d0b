import { type Digest, isDigest } from "./digest.ts";
import { damaged, readOptionalString, readOptionalStringMap, readRecord, readSize, readString } from "./json_reader.ts";
import { type Platform, readPlatform } from "./platform.ts";

/** A reference to content by digest, as manifests hold it. `size` is in bytes. */
export type Descriptor = {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
  readonly platform?: Platform;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly artifactType?: string;
};

export function readDescriptor(value: unknown, what: string): Descriptor {
  const record = readRecord(value, what);
  const platform = readPlatform(record.platform, `${what}.platform`);
  const annotations = readOptionalStringMap(record.annotations, `${what}.annotations`);
  const artifactType = readOptionalString(record.artifactType, `${what}.artifactType`);
  return {
    mediaType: readOptionalString(record.mediaType, `${what}.mediaType`) ?? "",
    digest: readDigest(record.digest, `${what}.digest`),
    size: readSize(record.size, `${what}.size`),
    ...(platform ? { platform } : {}),
    ...(annotations ? { annotations } : {}),
    ...(artifactType ? { artifactType } : {}),
  };
}

/** A digest inside of content: `EngineError("corrupt")` if it is none. */
export function readDigest(value: unknown, what: string): Digest {
  const text = readString(value, what);
  if (!isDigest(text)) throw damaged(what, `invalid digest ${JSON.stringify(text)}`);
  return text;
}
