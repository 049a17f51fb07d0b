import { EngineError, messageOf } from "../errors.ts";
import type { PullEvent } from "../engine/mod.ts";
import { type Digest, formatReference, type PlatformWish, type Reference, withSuffixes, withTag } from "../oci/mod.ts";
import { copyImage } from "./copy.ts";
import type { LoginLookup } from "./credentials.ts";
import { EventQueue } from "./event_queue.ts";
import { checkPolicy, type Policy } from "./policy.ts";
import type { Candidate, Endpoint } from "./registries.ts";
import { RegistryClient } from "./registry/registry_client.ts";
import { listTags, registrySource } from "./registry/registry_source.ts";
import { type RetryPolicy, retryPolicy } from "./registry/retry.ts";
import { resolveImage, type SourceImage } from "./source.ts";
import type { ImageStore } from "./store.ts";

export type PullOptions = {
  /** Tried in this order; more than one comes of a short name. */
  readonly candidates: readonly Candidate[];
  readonly wish: PlatformWish;
  readonly store: ImageStore;
  readonly policy: Policy;
  readonly login: LoginLookup;
  /** Absent: as each endpoint says. */
  readonly tlsVerify?: boolean;
  readonly certDir?: string;
  readonly certRoots?: readonly string[];
  readonly retry?: number;
  /** Milliseconds; absent: growing. */
  readonly retryDelay?: number;
  /** All tags of the repository instead of the one named. */
  readonly allTags?: boolean;
  readonly userAgent?: string;
  readonly headersTimeout?: number;
  readonly stallTimeout?: number;
  readonly parallel?: number;
  /** For what is said beside the events, such as another try. */
  readonly onWarning?: (text: string) => void;
  /** The clock for waits between tries. */
  readonly wait?: RetryPolicy["wait"];
};

/**
 * Pulls an image from a registry. The events have Podman's lines; the last has `id` and `images`. Failures throw, and
 * leave no image behind; leaving the loop early stops the work.
 */
export function pullImage(options: PullOptions, signal?: AbortSignal): AsyncGenerator<PullEvent> {
  const queue = new EventQueue<PullEvent>();
  const left = new AbortController();
  const both = AbortSignal.any([left.signal, ...(signal ? [signal] : [])]);
  return queue.read(() => left.abort(new EngineError("cancelled", "pulling image: cancelled")), async () => {
    const images = await pullCandidates({ ...options, emit: (event) => queue.push(event), signal: both });
    queue.push({ id: images.at(-1) ?? "", images });
  });
}

type Pull = PullOptions & { readonly emit: (event: PullEvent) => void; readonly signal: AbortSignal };

async function pullCandidates(pull: Pull): Promise<readonly string[]> {
  const failures: unknown[] = [];
  for (const candidate of pull.candidates) {
    try {
      return await pullCandidate(candidate, pull);
    } catch (error) {
      pull.signal.throwIfAborted();
      failures.push(error);
    }
  }
  const [only, ...others] = failures;
  if (others.length === 0) throw only ?? new EngineError("invalidArgument", "pulling image: no name given");
  const list = failures.map((error) => `\n * ${messageOf(error)}`).join("");
  const kind = failures.find((error) => error instanceof EngineError)?.kind ?? "registry";
  throw new EngineError(kind, `${failures.length} errors occurred while pulling:${list}`, { cause: only });
}

/** The first endpoint that has the image serves all of it. */
async function pullCandidate(candidate: Candidate, pull: Pull): Promise<readonly string[]> {
  const name = formatReference(candidate.reference);
  pull.emit({ stream: `Trying to pull ${name}...\n` });
  checkPolicy(pull.policy, { transport: "docker", reference: candidate.reference });
  const failures: EngineError[] = [];
  for (const endpoint of candidate.endpoints) {
    using client = clientFor(endpoint, pull);
    const attempt = { candidate, endpoint, client, pull };
    try {
      return pull.allTags ? await pullAllTags(attempt) : [await pullOne(attempt, candidate.reference)];
    } catch (error) {
      pull.signal.throwIfAborted();
      failures.push(toEngineError(error));
    }
  }
  throw combined(failures, name);
}

type Attempt = {
  readonly candidate: Candidate;
  readonly endpoint: Endpoint;
  readonly client: RegistryClient;
  readonly pull: Pull;
};

function clientFor(endpoint: Endpoint, pull: Pull): RegistryClient {
  return new RegistryClient({
    registry: endpoint.reference.registry,
    insecure: pull.tlsVerify === undefined ? endpoint.insecure : !pull.tlsVerify,
    certDir: pull.certDir,
    certRoots: pull.certRoots,
    login: pull.login,
    userAgent: pull.userAgent,
    headersTimeout: pull.headersTimeout,
  });
}

async function pullAllTags(attempt: Attempt): Promise<readonly string[]> {
  const { candidate, endpoint, pull } = attempt;
  const retry = retryOf(pull);
  const { signal } = pull;
  const tags = await listTags(endpoint.reference, { client: attempt.client, retry, signal });
  if (tags.length === 0) throw new EngineError("noSuchImage", `no tags in ${formatReference(endpoint.reference)}`);
  const images: string[] = [];
  for (const tag of tags) {
    const at = { ...endpoint, reference: withTag(endpoint.reference, tag) };
    images.push(await pullOne({ ...attempt, endpoint: at }, withTag(candidate.reference, tag)));
  }
  return [...new Set(images)];
}

async function pullOne(attempt: Attempt, reference: Reference): Promise<string> {
  const { endpoint, client, pull } = attempt;
  const reader = registrySource(endpoint.reference, { client, retry: retryOf(pull), stallTimeout: pull.stallTimeout });
  const image = await initialize(
    reference,
    async () => await resolveImage(reader, { wish: pull.wish, digest: reference.digest, signal: pull.signal }),
  );
  pull.emit({ stream: "Getting image source signatures\n" });
  return await copyImage(image, {
    store: pull.store,
    names: [nameFor(reference)],
    emit: pull.emit,
    parallel: pull.parallel,
    signal: pull.signal,
  });
}

async function initialize(reference: Reference, resolve: () => Promise<SourceImage>): Promise<SourceImage> {
  try {
    return await resolve();
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const what = `initializing source docker://${formatReference(reference)}`;
    throw new EngineError(error.kind, `${what}: ${error.message}`, { cause: error.cause ?? error });
  }
}

/** Asked for by digest, the image gets no tag: tags move, and nobody looked where this one points. */
function nameFor(reference: Reference): string {
  const { digest }: { digest?: Digest } = reference;
  return formatReference(digest === undefined ? reference : withSuffixes(reference, { digest }));
}

function retryOf(pull: Pull): RetryPolicy {
  const policy = retryPolicy({ retries: pull.retry, delay: pull.retryDelay, onRetry: pull.onWarning });
  return pull.wait === undefined ? policy : { ...policy, wait: pull.wait };
}

function toEngineError(error: unknown): EngineError {
  return error instanceof EngineError ? error : new EngineError("internal", messageOf(error), { cause: error });
}

/** The registry's own failure counts; those of its mirrors are told beside it. */
function combined(failures: readonly EngineError[], name: string): EngineError {
  const primary = failures.at(-1);
  if (primary === undefined) return new EngineError("registry", `pulling ${name}: no endpoint`);
  if (failures.length === 1) return primary;
  const mirrors = failures.slice(0, -1).map((failure) => `[${failure.message}]`).join(" ");
  return new EngineError(primary.kind, `(Mirrors also failed: ${mirrors}): ${primary.message}`, {
    cause: primary.cause,
  });
}
