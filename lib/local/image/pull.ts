import type { PlatformChoice, PullEvent, PullImageInput } from "../../engine/images.ts";
import { EngineError } from "../../errors.ts";
import type { Candidate } from "../../image/registries.ts";
import type { LoginLookup } from "../../image/credentials.ts";
import { buildInfo } from "../../build_info.ts";
import { type PlatformWish } from "../../oci/platform.ts";
import type { Local } from "../context.ts";
import { parseDuration } from "../parse_time.ts";
import { sweep } from "../sweep.ts";
import { findImage } from "./find.ts";
import { imageStore } from "./store.ts";

/** Brings an image into the store as the policy says. The last event has its id. */
export async function* pullImage(local: Local, input: PullImageInput, signal?: AbortSignal): AsyncGenerator<PullEvent> {
  const present = await settleWithoutPull(local, input);
  if (present !== null) {
    yield { id: present, images: [present] };
    return;
  }
  await sweep(local);
  using _lease = await (await local.storage()).lease(signal);
  const { parseTransport } = await import("../../image/transport.ts");
  const name = parseTransport(input.reference);
  if (name && name.transport !== "docker") {
    const { pullFromFiles } = await import("../../image/load.ts");
    yield* pullFromFiles(name, { ...await common(local, input), directory: local.config.paths.tmp }, signal);
    return;
  }
  yield* fromRegistry(local, { ...input, reference: name?.reference ?? input.reference }, signal);
}

/** The id of an image that need not be pulled; `null` if it has to be. */
async function settleWithoutPull(
  local: Local,
  { reference, policy = "always", ...choice }: PullImageInput,
): Promise<string | null> {
  const present = policy === "always" ? null : findImage(local, reference);
  if (present && policy !== "newer" && !(policy === "missing" && differsFromChoice(present.image.config, choice))) {
    return present.image.id;
  }
  if (policy === "never") throw new EngineError("noSuchImage", `${reference}: image not known`);
  return await helloId(local, reference);
}

/** An image for another platform than the one that was asked for does not count as there. */
function differsFromChoice(config: Uint8Array, { os, arch }: PlatformChoice): boolean {
  const { architecture, os: system } = JSON.parse(new TextDecoder().decode(config));
  return (arch !== undefined && arch !== architecture) || (os !== undefined && os !== system);
}

const helloNames = ["hello", "hello:latest", "localhost/hello", "localhost/hello:latest"];

/** `hello` needs no registry: it is inside the program, unless the user has an alias or an image of that name. */
async function helloId(local: Local, reference: string): Promise<string | null> {
  if (!helloNames.includes(reference)) return null;
  const { loadRegistries } = await import("../../config/registries_conf.ts");
  if ((await loadRegistries(local.configInput)).aliases.has(reference)) return null;
  const { storeHello } = await import("../../image/hello.ts");
  return await storeHello(await imageStore(local, "pull"));
}

async function common(local: Local, choice: PlatformChoice) {
  const { loadPolicy } = await import("../../config/policy_json.ts");
  return { store: await imageStore(local, "pull"), policy: loadPolicy(local.configInput), wish: wishOf(choice) };
}

export function wishOf({ os, arch, variant }: PlatformChoice): PlatformWish {
  return {
    ...(os ? { os } : {}),
    ...(arch ? { architecture: arch } : {}),
    ...(variant ? { variant } : {}),
  };
}

async function* fromRegistry(local: Local, input: PullImageInput, signal?: AbortSignal): AsyncGenerator<PullEvent> {
  const { pullImage: pull } = await import("../../image/pull.ts");
  const delay = input.retryDelay ? parseDuration(input.retryDelay) : undefined;
  yield* pull({
    ...await common(local, input),
    candidates: await candidatesFor(local, input.reference),
    login: await loginFor(local, input),
    tlsVerify: input.tlsVerify,
    certDir: input.certDir || undefined,
    certRoots: certRoots(local),
    retry: input.retry ?? local.config.engine.retry,
    retryDelay: delay,
    allTags: input.allTags,
    userAgent: `beluga/${buildInfo().version}`,
    parallel: parallelCopies(local),
    onWarning: (text) => local.log("warning", text),
  }, signal);
}

function parallelCopies({ config: { engine, maxWorkers } }: Local): number | undefined {
  const wanted = engine.image_parallel_copies || maxWorkers;
  return wanted === null ? undefined : Math.min(wanted, maxWorkers ?? wanted);
}

async function candidatesFor(local: Local, reference: string): Promise<readonly Candidate[]> {
  const { loadRegistries } = await import("../../config/registries_conf.ts");
  const { endpointsFor } = await import("../../image/registries.ts");
  const { resolveShortName } = await import("../../image/short_name.ts");
  const registries = await loadRegistries(local.configInput);
  const { candidates, explanation } = resolveShortName(reference, registries);
  if (explanation) local.log("debug", explanation);
  return candidates.map((candidate) => ({ reference: candidate, endpoints: endpointsFor(candidate, registries) }));
}

async function loginFor(local: Local, { credentials, authfile }: PullImageInput): Promise<LoginLookup> {
  if (credentials) return () => Promise.resolve({ kind: "password", ...credentials });
  const { loadAuthFiles } = await import("../../config/auth_files.ts");
  const { loadRegistries } = await import("../../config/registries_conf.ts");
  const { credentialLookup } = await import("../../image/credentials.ts");
  const { runCredentialHelper } = await import("../../image/credential_helper.ts");
  return credentialLookup({
    files: loadAuthFiles(local.configInput, authfile),
    helpers: (await loadRegistries(local.configInput)).credentialHelpers,
    runHelper: runCredentialHelper,
  });
}

function certRoots({ configInput: { home } }: Local): readonly string[] {
  return [`${home}/.config/containers/certs.d`, "/etc/containers/certs.d", "/etc/docker/certs.d"];
}
