/** A whole engine in memory: no kernel, no disk, no network. What the API and the commands are tested against. */

import type {
  Engine,
  Event,
  EventsInput,
  Images,
  LibpodImagesRemoveReport,
  Network,
  Networks,
  PullEvent,
  PullImageInput,
  RemoveImagesInput,
  System,
  Volumes,
} from "../../lib/engine/mod.ts";
import { memoryContainers } from "./memory_containers.ts";
import { imageReport, imageSummary, infoReport, versionReport } from "./memory_reports.ts";
import { isKind, messageOf } from "../../lib/errors.ts";
import { fail, type MemoryImage, MemoryStore, newId } from "./memory_types.ts";

/** The image that is there from the beginning. */
export const memoryImage = "localhost/tools:latest";

export function memoryEngine(): Engine {
  const store = new MemoryStore();
  addImage(store, [memoryImage]);
  return {
    containers: memoryContainers(store),
    images: memoryImages(store),
    volumes: memoryVolumes(store),
    networks: memoryNetworks(store),
    system: memorySystem(store),
  };
}

function addImage(store: MemoryStore, names: readonly string[], size = 1000): MemoryImage {
  const image: MemoryImage = { id: newId(), names, created: new Date().toISOString(), size };
  store.images.set(image.id, image);
  return image;
}

function memoryImages(store: MemoryStore): Images {
  return {
    pull: (input) => pull(store, input),
    list: () =>
      Promise.resolve([...store.images.values()].map((image) => imageSummary(image, users(store, image).length))),
    inspect: ({ name }) => Promise.try(() => imageReport(store.image(name))),
    exists: ({ name }) => Promise.resolve(hasImage(store, name)),
    remove: (input) => Promise.resolve(removeImages(store, input)),
    tag: ({ name, targets }) =>
      Promise.try(() => {
        const image = store.image(name);
        const full = targets.map((target) =>
          target.lastIndexOf(":") > target.lastIndexOf("/") ? target : `${target}:latest`
        );
        for (const other of store.images.values()) other.names = other.names.filter((one) => !full.includes(one));
        image.names = [...image.names, ...full];
      }),
    load: async ({ archive }) => {
      let size = 0;
      for await (const part of archive) size += part.length;
      if (size === 0) fail("corrupt", "loading an archive: it is empty");
      const name = "localhost/loaded:latest";
      addImage(store, [name], size);
      return { Names: [name] };
    },
    save: ({ names }) =>
      Promise.try(() => {
        const images = names.map((name) => store.image(name));
        return ReadableStream.from(images.map(({ id }) => new TextEncoder().encode(`image ${id}\n`)));
      }),
  };
}

async function* pull(
  store: MemoryStore,
  { reference, policy = "always" }: PullImageInput,
): AsyncGenerator<PullEvent, void> {
  await Promise.resolve();
  if (policy !== "always" && hasImage(store, reference)) {
    const { id } = store.image(reference);
    return yield { id, images: [id] };
  }
  if (policy === "never") fail("noSuchImage", `${reference}: image not known`);
  if (reference.includes("unreachable")) fail("unreachable", `pinging container registry ${reference}: refused`);
  const digest = `sha256:${newId()}`;
  yield { stream: `Trying to pull ${reference}...\n` };
  yield { progress: { digest, what: "blob", current: 5, total: 10, state: "running" } };
  if (reference.includes("broken")) fail("corrupt", `copying blob ${digest}: digest mismatch`);
  yield { progress: { digest, what: "blob", current: 10, total: 10, state: "done" } };
  const { id } = addImage(store, [
    reference.lastIndexOf(":") > reference.lastIndexOf("/") ? reference : `${reference}:latest`,
  ]);
  yield { id, images: [id] };
}

function hasImage(store: MemoryStore, name: string): boolean {
  try {
    store.image(name);
    return true;
  } catch {
    return false;
  }
}

function users(store: MemoryStore, image: MemoryImage): readonly string[] {
  return [...store.containers.values()].filter((one) => one.image === image).map(({ id }) => id);
}

function removeImages(store: MemoryStore, { names, force, ignore }: RemoveImagesInput): LibpodImagesRemoveReport {
  const report = { Untagged: [] as string[], Deleted: [] as string[], Errors: [] as string[], ExitCode: 0 };
  for (const name of ignore === true ? names.filter((one) => hasImage(store, one)) : names) {
    try {
      const { untagged, deleted } = removeImage(store, { name, force: force ?? false });
      report.Untagged.push(...untagged);
      report.Deleted.push(...deleted);
    } catch (error) {
      report.Errors.push(messageOf(error));
      report.ExitCode = isKind(error, "noSuchImage") ? 1 : 2;
    }
  }
  return report;
}

function removeImage(store: MemoryStore, { name, force }: { readonly name: string; readonly force: boolean }) {
  const image = store.image(name);
  const named = image.names.filter((one) => [name, `${name}:latest`].includes(one));
  if (named.length > 0 && image.names.length > 1) {
    image.names = image.names.filter((one) => !named.includes(one));
    return { untagged: named, deleted: [] };
  }
  const [user] = users(store, image);
  if (user !== undefined && !force) fail("imageInUse", `image used by ${user}: image is in use by a container`);
  store.images.delete(image.id);
  return { untagged: image.names, deleted: [image.id] };
}

function memoryVolumes(store: MemoryStore): Volumes {
  return {
    create: ({ options }) =>
      Promise.try(() => {
        const name = options.Name || newId();
        const there = store.volumes.get(name);
        if (there !== undefined && options.IgnoreIfExists !== true) {
          fail("volumeExists", `volume with name ${name} already exists: volume already exists`);
        }
        const volume = there ?? {
          Name: name,
          Driver: options.Driver || "local",
          Mountpoint: `/memory/volumes/${name}/_data`,
          CreatedAt: new Date().toISOString(),
          Labels: { ...options.Labels, ...options.Label },
          Scope: "local",
          Options: options.Options ?? {},
          MountCount: 0,
          LockNumber: 0,
        };
        store.volumes.set(name, volume);
        return volume;
      }),
    list: () => Promise.resolve([...store.volumes.values()]),
    inspect: ({ name }) => Promise.try(() => store.volume(name)),
    exists: ({ name }) => Promise.resolve(store.volumes.has(name)),
    remove: ({ name, force }) =>
      Promise.try(() => {
        if (force === true && !store.volumes.has(name)) return;
        store.volumes.delete(store.volume(name).Name);
      }),
  };
}

function memoryNetworks(store: MemoryStore): Networks {
  return {
    create: ({ network, ignoreIfExists }) =>
      Promise.try(() => {
        const name = network.name ?? `net_${newId().slice(0, 8)}`;
        const there = store.networks.get(name);
        if (there !== undefined && ignoreIfExists !== true) {
          fail("networkExists", `network name ${name} already used: network already exists`);
        }
        const made: Network = there ?? {
          name,
          id: newId(),
          driver: network.driver ?? "bridge",
          network_interface: network.network_interface ?? "podman1",
          created: new Date().toISOString(),
          subnets: network.subnets ?? [{ subnet: "10.89.0.0/24", gateway: "10.89.0.1" }],
          ipv6_enabled: network.ipv6_enabled ?? false,
          internal: network.internal ?? false,
          dns_enabled: network.dns_enabled ?? true,
          ...(network.labels === undefined ? {} : { labels: network.labels }),
        };
        store.networks.set(name, made);
        return made;
      }),
    list: () => Promise.resolve([...store.networks.values()]),
    inspect: ({ name }) => Promise.try(() => store.network(name)),
    exists: ({ name }) => Promise.resolve(store.networks.has(name)),
    remove: ({ name }) =>
      Promise.try(() => {
        store.networks.delete(store.network(name).name);
        return [{ Name: name, Err: null }];
      }),
  };
}

function memorySystem(store: MemoryStore): System {
  return {
    info: () => Promise.resolve(infoReport({ containers: store.containers.size, images: store.images.size })),
    version: () => Promise.resolve({ Server: versionReport }),
    ping: () => Promise.resolve(),
    events: (input, signal) => events(store, input, signal),
    doctor: () => Promise.resolve({ canRun: true, findings: [] }),
  };
}

async function* events(store: MemoryStore, { stream }: EventsInput, signal?: AbortSignal): AsyncGenerator<Event, void> {
  for (let next = 0;;) {
    while (next < store.events.length) {
      const event = store.events[next++];
      if (event !== undefined) yield event;
    }
    if (stream === false) return;
    await store.change(signal);
  }
}
