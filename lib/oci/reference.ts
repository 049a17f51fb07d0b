import { EngineError } from "../errors.ts";
import { type Digest, isDigest } from "./digest.ts";

declare const brand: unique symbol;

/**
 * The name of an image, normalised: `registry/repository[:tag][@digest]`. The grammar is that of the distribution
 * project (https://github.com/distribution/reference); made by the functions of this file alone.
 */
export type Reference = {
  /** Host with an optional port: `docker.io`, `localhost:5000`, `[::1]:5000`. */
  readonly registry: string;
  /** Path in the registry, in lower case: `library/alpine`. */
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: Digest;
  readonly [brand]: "Reference";
};

/** What was written, before a registry was chosen. */
export type RawReference = {
  /** Absent where the first part of the path does not look like a host. */
  readonly registry?: string;
  readonly path: string;
  readonly tag?: string;
  readonly digest?: Digest;
};

const defaultRegistry = "docker.io";
const oldDefaultRegistry = "index.docker.io";
const officialPrefix = "library/";
const defaultTag = "latest";
const maximumNameLength = 255;

const hostLabel = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
const registryPattern = new RegExp(`^(?:${hostLabel}(?:\\.${hostLabel})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?$`);
const pathPart = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const pathPattern = new RegExp(`^${pathPart}(?:/${pathPart})*$`);
const tagPattern = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const hexId = /^[0-9a-f]{64}$/;

/** The parts of `text` as written. Throws `EngineError("invalidArgument")` in the words of Podman. */
export function parseRawReference(text: string): RawReference {
  const { name, tag, digest } = splitSuffixes(text);
  const { registry, path } = splitRegistry(name);
  if (!pathPattern.test(path)) throw invalid(pathPattern.test(path.toLowerCase()) ? lowerCaseReason : formatReason);
  if (registry !== undefined && !registryPattern.test(registry)) throw invalid(formatReason);
  if (name.length > maximumNameLength) throw invalid(lengthReason);
  return { ...(registry === undefined ? {} : { registry }), path, ...suffixes(tag, digest) };
}

/**
 * A full reference; a name without a registry is Docker Hub's (`alpine` → `docker.io/library/alpine`), as in Docker.
 * No tag is added: see `withDefaultTag`.
 */
export function parseReference(text: string): Reference {
  if (hexId.test(text)) throw invalid(`repository name ("${text}"): cannot specify 64-byte hexadecimal strings`);
  const raw = parseRawReference(text);
  return makeReference(raw.registry ?? defaultRegistry, raw);
}

/** The reference of `raw` in `registry`. */
export function completeReference(raw: RawReference, registry: string): Reference {
  if (!isRegistry(registry)) throw invalid(`registry ${JSON.stringify(registry)}: ${formatReason}`);
  return makeReference(registry, raw);
}

/** True for a host with an optional port. */
export function isRegistry(text: string): boolean {
  return registryPattern.test(text);
}

export function isTag(text: string): boolean {
  return tagPattern.test(text);
}

/** True if `text` is a reference whose registry has to be found: `alpine`, `user/app:1`, not `localhost/app`. */
export function isShortName(text: string): boolean {
  return parseRawReference(text).registry === undefined;
}

/** `reference` with `:latest` where it has neither tag nor digest. */
export function withDefaultTag(reference: Reference): Reference {
  if (reference.tag !== undefined || reference.digest !== undefined) return reference;
  return { ...reference, tag: defaultTag };
}

export function withTag(reference: Reference, tag: string): Reference {
  if (!isTag(tag)) throw new EngineError("invalidArgument", `parsing tag ${JSON.stringify(tag)}: invalid tag format`);
  return withSuffixes(reference, { tag });
}

/** The same repository with other suffixes, or with none. */
export function withSuffixes(
  reference: Reference,
  parts: { readonly tag?: string; readonly digest?: Digest },
): Reference {
  return { ...bare(reference.registry, reference.repository), ...suffixes(parts.tag, parts.digest) };
}

/** `docker.io/library/alpine:3@sha256:…`. */
export function formatReference(reference: Reference): string {
  return repositoryName(reference) + suffixText(reference);
}

/** `docker.io/library/alpine`. */
export function repositoryName(reference: Reference): string {
  return `${reference.registry}/${reference.repository}`;
}

/** What Docker shows: `alpine:3` for `docker.io/library/alpine:3`. */
export function familiarReference(reference: Reference): string {
  return familiarName(reference) + suffixText(reference);
}

/** `alpine` for `docker.io/library/alpine`, `user/app` for `docker.io/user/app`. */
export function familiarName(reference: Reference): string {
  if (reference.registry !== defaultRegistry) return repositoryName(reference);
  const { repository } = reference;
  const rest = repository.startsWith(officialPrefix) ? repository.slice(officialPrefix.length) : repository;
  if (!rest.includes("/")) return rest;
  // `docker.io/v1.2/app` must not become a path on a host called v1.2.
  return splitRegistry(repository).registry === undefined ? repository : repositoryName(reference);
}

const formatReason = "invalid reference format";
const lowerCaseReason = `${formatReason}: repository name must be lowercase`;
const lengthReason = `repository name must not be more than ${maximumNameLength} characters`;

function invalid(message: string): EngineError {
  return new EngineError("invalidArgument", message);
}

function splitSuffixes(text: string): { readonly name: string; readonly tag?: string; readonly digest?: Digest } {
  const at = text.indexOf("@");
  const digest = at < 0 ? undefined : text.slice(at + 1);
  if (digest !== undefined && !isDigest(digest)) throw invalid(formatReason);
  const rest = at < 0 ? text : text.slice(0, at);
  const colon = rest.lastIndexOf(":");
  const tag = colon > rest.lastIndexOf("/") ? rest.slice(colon + 1) : undefined;
  if (tag !== undefined && !tagPattern.test(tag)) throw invalid(formatReason);
  return { name: tag === undefined ? rest : rest.slice(0, colon), ...suffixes(tag, digest) };
}

function splitRegistry(name: string): { readonly registry?: string; readonly path: string } {
  const slash = name.indexOf("/");
  if (slash < 0) return { path: name };
  const first = name.slice(0, slash);
  const isHost = /[.:]/.test(first) || first === "localhost" || first !== first.toLowerCase();
  return isHost ? { registry: first, path: name.slice(slash + 1) } : { path: name };
}

function makeReference(registry: string, raw: RawReference): Reference {
  const { path } = raw;
  const host = registry === oldDefaultRegistry ? defaultRegistry : registry;
  const repository = host === defaultRegistry && !path.includes("/") ? officialPrefix + path : path;
  if (host.length + 1 + repository.length > maximumNameLength) throw invalid(lengthReason);
  return { ...bare(host, repository), ...suffixes(raw.tag, raw.digest) };
}

function bare(registry: string, repository: string): Reference {
  return { registry, repository } as Reference;
}

function suffixes(tag: string | undefined, digest: Digest | undefined): { tag?: string; digest?: Digest } {
  return { ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) };
}

function suffixText(reference: Pick<Reference, "tag" | "digest">): string {
  const tag = reference.tag === undefined ? "" : `:${reference.tag}`;
  return reference.digest === undefined ? tag : `${tag}@${reference.digest}`;
}
