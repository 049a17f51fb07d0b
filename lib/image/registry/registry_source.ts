import { EngineError, messageOf } from "../../errors.ts";
import {
  acceptedManifestTypes,
  type Descriptor,
  type Digest,
  maximumManifestSize,
  type Reference,
  repositoryName,
} from "../../oci/mod.ts";
import type { ManifestReader, RawManifest } from "../source.ts";
import { openBlob } from "./blob_stream.ts";
import { joinChunks } from "./body.ts";
import { readAnswer, type RegistryClient } from "./registry_client.ts";
import { type RetryPolicy, withRetries } from "./retry.ts";

export type RegistrySourceOptions = {
  readonly client: RegistryClient;
  readonly retry: RetryPolicy;
  readonly stallTimeout?: number;
};

/** An image in a registry, by tag or digest. */
export function registrySource(reference: Reference, options: RegistrySourceOptions): ManifestReader {
  const { client, retry } = options;
  const { repository } = reference;
  const get = (
    path: string,
    init: { readonly headers?: Readonly<Record<string, string>>; readonly signal?: AbortSignal },
  ) => client.send({ method: "GET", path: `${repository}/${path}`, repository, ...init });
  const openStream = (blob: Descriptor, signal?: AbortSignal) => {
    const fetch = (from: number) =>
      get(`blobs/${blob.digest}`, { headers: from > 0 ? { range: `bytes=${from}-` } : {}, signal });
    return openBlob({ blob, fetch, retry, stallTimeout: options.stallTimeout, signal });
  };
  return {
    manifest: (digest, signal) =>
      withRetries(retry, () => readManifest(reference, { digest, get, signal }), { signal }),
    blob: openStream,
    bytes: async (blob, { limit, signal }) => {
      if (blob.size > limit) throw new EngineError("corrupt", `blob ${blob.digest}: larger than ${limit} bytes`);
      const chunks: Uint8Array[] = [];
      for await (const chunk of await openStream(blob, signal)) chunks.push(chunk);
      return joinChunks(chunks);
    },
  };
}

type Get = (
  path: string,
  init: { readonly headers?: Readonly<Record<string, string>>; readonly signal?: AbortSignal },
) => Promise<Response>;

async function readManifest(
  reference: Reference,
  request: { readonly digest?: Digest; readonly get: Get; readonly signal?: AbortSignal },
): Promise<RawManifest> {
  const name = request.digest ?? reference.digest ?? reference.tag ?? "latest";
  const response = await request.get(`manifests/${name}`, {
    headers: { accept: acceptedManifestTypes.join(", ") },
    signal: request.signal,
  });
  const what = `reading manifest ${name} in ${repositoryName(reference)}`;
  const bytes = await readAnswer(response, { what, limit: maximumManifestSize });
  return { bytes, mediaType: response.headers.get("content-type") ?? undefined };
}

/** All tags of a repository, page by page. */
export async function listTags(
  reference: Reference,
  options: RegistrySourceOptions & { readonly signal?: AbortSignal },
): Promise<readonly string[]> {
  const { client, retry, signal } = options;
  const { repository } = reference;
  const tags: string[] = [];
  let path: string | undefined = `${repository}/tags/list?n=1000`;
  for (let page = 0; path !== undefined && page < maximumPages; page++) {
    const current: string = path;
    const request = { method: "GET", path: current, repository, signal } as const;
    const answer = await withRetries(retry, async () => await readPage(await client.send(request), reference), {
      signal,
    });
    tags.push(...answer.tags);
    path = answer.next;
  }
  return tags;
}

const maximumPages = 1000;

async function readPage(
  response: Response,
  reference: Reference,
): Promise<{ readonly tags: readonly string[]; readonly next: string | undefined }> {
  const what = `fetching tags list of ${repositoryName(reference)}`;
  const next = nextPage(response.headers.get("link"));
  const bytes = await readAnswer(response, { what, limit: 16 * 1024 * 1024 });
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new EngineError("registry", `${what}: ${messageOf(cause)}`, { cause });
  }
  const tags = typeof value === "object" && value !== null && "tags" in value ? value.tags : undefined;
  return { tags: Array.isArray(tags) ? tags.filter((tag) => typeof tag === "string") : [], next };
}

/** The path after `/v2/` of a `Link: </v2/…>; rel="next"`; a link to another host is not followed. */
function nextPage(link: string | null): string | undefined {
  const [, path] = /^<(?:https?:\/\/[^/>]+)?\/v2\/([^>]+)>\s*;.*\brel="?next"?/.exec(link ?? "") ?? [];
  return path;
}
