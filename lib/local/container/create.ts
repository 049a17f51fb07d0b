import { existsSync, mkdirSync } from "node:fs";
import type { Container, ContainerId, VolumeUse } from "../../engine/container.ts";
import type { CreateContainerInput } from "../../engine/containers.ts";
import type { ContainerCreateResponse } from "../../engine/types/container.ts";
import type { CreateSpec } from "../../engine/types/spec.ts";
import { EngineError, messageOf } from "../../errors.ts";
import { parseImageConfig } from "../../oci/image_config.ts";
import type { ResolvedImage } from "../../spec/resolve_input.ts";
import { checkName, generateName } from "../../spec/names.ts";
import { defaultNetworkKey } from "../../spec/networks.ts";
import { resolveContainer } from "../../spec/resolve.ts";
import { noRun } from "../../state/mod.ts";
import { timestamp } from "../clock.ts";
import type { Local } from "../context.ts";
import { type HostFacts, hostView, idAllocator } from "../host_view.ts";
import { findImage } from "../image/find.ts";
import { dataDirectory } from "../paths.ts";
import { randomName } from "../random_name.ts";
import { rootOf } from "./root.ts";
import { containerEvent } from "./event.ts";

/**
 * Writes a container down. Its image must be in the store. What was made for it goes again if the last step, the row, fails; a
 * crash before that leaves directories without a row.
 */
export async function createContainer(
  local: Local,
  { spec, directories = [] }: CreateContainerInput,
  signal?: AbortSignal,
): Promise<ContainerCreateResponse> {
  directories.forEach(makeDirectory);
  const container = withLogPath(local, await resolve(local, spec));
  refuseTakenName(local, container.name);
  await refuseMissing(local, { spec, container });
  signal?.throwIfAborted();
  await using undo = new AsyncDisposableStack();
  const storage = await local.storage();
  using _lease = await storage.lease(signal);
  const anonymous = await makeVolumes(local, container.volumes, undo);
  if (container.rootfs === null) storage.createContainerRoot(rootOf(container));
  undo.defer(() => storage.removeContainerRoot(container.id));
  local.state.transaction(() => {
    anonymous.forEach(({ insert }) => insert());
    local.state.containers.insert({ container, state: { tag: "created" }, run: noRun });
    containerEvent(local, { container, action: "create" });
  }, { durable: !container.autoRemove });
  undo.move();
  return { Id: container.id, Warnings: await warningsOf(spec) };
}

/** What is named and not there is told before anything is made, and not by the first start. */
async function refuseMissing(
  local: Local,
  { spec, container }: { readonly spec: CreateSpec; readonly container: Container },
): Promise<void> {
  const ofDefault = [defaultNetworkKey, local.config.network.default_network];
  const names = Object.keys(spec.Networks ?? {}).filter((name) => !ofDefault.includes(name));
  if (names.length > 0) {
    const { getNetwork } = await import("../network/definitions.ts");
    for (const name of names) await getNetwork(local, name);
  }
  const { seccomp } = container.security;
  if (!seccomp.startsWith("/") || existsSync(seccomp)) return;
  throw new EngineError(
    "invalidArgument",
    `opening seccomp profile failed: open ${seccomp}: no such file or directory`,
  );
}

async function warningsOf({ resource_limits: limits }: CreateSpec): Promise<readonly string[]> {
  if (limits === undefined) return [];
  const { detectCgroups } = await import("../../runtime/cgroup_layout.ts");
  const { limitWarnings } = await import("./limit_warnings.ts");
  return limitWarnings(limits, detectCgroups());
}

function makeDirectory(path: string): void {
  if (existsSync(path)) return;
  try {
    mkdirSync(path, { recursive: true, mode: 0o755 });
  } catch (error) {
    throw new EngineError("invalidArgument", `making "${path}": ${messageOf(error)}`, { cause: error });
  }
}

function parseContainerId(text: string): ContainerId {
  return text as ContainerId;
}

async function resolve(local: Local, spec: CreateSpec): Promise<Container> {
  const name = spec.name ? checkName(spec.name) : undefined;
  return resolveContainer({
    spec,
    image: spec.rootfs ? null : imageOf(local, spec.image),
    config: local.config,
    host: hostView(local, await hostFacts(local, spec)),
    id: parseContainerId(randomName()),
    name: name ?? generateName(Math.random, (taken) => local.state.containers.find(taken) !== null),
    created: timestamp(),
    newVolumeName: randomName,
  });
}

function imageOf(local: Local, wanted: string): ResolvedImage {
  const found = findImage(local, wanted);
  if (!found) throw new EngineError("noSuchImage", `${wanted}: image not known`);
  const { image, name } = found;
  return {
    id: image.id,
    name: name || image.names[0] || image.id,
    digest: image.digest,
    diffIds: image.layers.map(({ diffId }) => diffId),
    config: parseImageConfig(image.config).config,
  };
}

const noIds: HostFacts["ids"] = {
  available: () => ({ uid: 0, gid: 0 }),
  allocate: () => ({ uid: [], gid: [] }),
};
const mappedModes = ["keep-id", "no-map", "auto"];

async function hostFacts(local: Local, spec: CreateSpec): Promise<HostFacts> {
  const mode = spec.userns?.nsmode || local.config.containers.userns.split(":")[0] || "";
  const maps = mappedModes.includes(mode) || mode === "nomap";
  return { rootlessNetwork: await rootlessNetwork(local, spec), ids: maps ? await idAllocator(local) : noIds };
}

/** Asked only of users without privileges; with no helper installed the failure waits until a network is wanted. */
async function rootlessNetwork(local: Local, spec: CreateSpec): Promise<HostFacts["rootlessNetwork"]> {
  const mode = spec.netns?.nsmode ?? "";
  if (!local.rootless || !["", "default", "private", "bridge"].includes(mode)) return "pasta";
  const { rootlessNetworkTag } = await import("../../network/setup.ts");
  return rootlessNetworkTag(local.config.network.default_rootless_network_cmd, local.config.engine.helper_binaries_dir);
}

function withLogPath(local: Local, container: Container): Container {
  const path = container.log.path || `${dataDirectory(local.config.paths, container.id)}/ctr.log`;
  return { ...container, log: { ...container.log, path } };
}

function refuseTakenName(local: Local, name: string): void {
  const holder = local.state.containers.find(name);
  if (holder?.container.name !== name) return;
  throw new EngineError(
    "containerExists",
    `creating container storage: the container name "${name}" is already in use by ${holder.container.id}. ` +
      "You have to remove that container to be able to reuse that name: that name is already in use, or use --replace to instruct Beluga to do so.",
  );
}

type MadeVolume = { readonly insert: () => void };

/** Makes what is not there. Named volumes stand for themselves; anonymous ones get their rows with the container's. */
async function makeVolumes(
  local: Local,
  volumes: readonly VolumeUse[],
  undo: AsyncDisposableStack,
): Promise<readonly MadeVolume[]> {
  const made: MadeVolume[] = [];
  for (const { name, anonymous } of volumes) {
    if (local.state.volumes.find(name)) continue;
    if (anonymous) made.push(await makeAnonymous(local, name, undo));
    else await makeNamed(local, name, undo);
  }
  return made;
}

async function makeAnonymous(local: Local, name: string, undo: AsyncDisposableStack): Promise<MadeVolume> {
  const { insertVolume, newVolume } = await import("../volume/create.ts");
  const storage = await local.storage();
  const volume = newVolume(storage, name, { Anonymous: true });
  undo.defer(() => storage.removeVolume(name));
  return { insert: () => insertVolume(local, volume) };
}

async function makeNamed(local: Local, name: string, undo: AsyncDisposableStack): Promise<void> {
  const { createVolume } = await import("../volume/create.ts");
  await createVolume(local, { Name: name, IgnoreIfExists: true });
  undo.defer(async () => {
    const { dropVolume } = await import("../volume/drop.ts");
    await dropVolume(local, name);
  });
}
