import { readlinkSync } from "node:fs";
import type { ListContainersInput } from "../../engine/containers.ts";
import type { ListContainer, ListContainerNamespaces } from "../../engine/types/container.ts";
import { containerFilter, type FilterFacts, wantsAllStates } from "../../spec/filters.ts";
import { listEntry } from "../../spec/list_entry.ts";
import type { ContainerRecord } from "../../state/mod.ts";
import type { Local } from "../context.ts";
import { findStored } from "../network/definitions.ts";
import { parseTime } from "../parse_time.ts";
import { readNetworkStatus } from "./network_status.ts";
import { isLive, observe } from "./observe.ts";

/** Newest first. Without `all`, filters on states, or `last`, only those that run. */
export async function listContainers(local: Local, input: ListContainersInput): Promise<readonly ListContainer[]> {
  const filters = input.filters ?? {};
  const passes = containerFilter(filters, filterFacts(local));
  const everything = input.all || input.last !== undefined && input.last > 0 || wantsAllStates(filters);
  const rows: ContainerRecord[] = [];
  for (const stored of local.state.containers.list().toReversed()) {
    const record = await observe(local, stored);
    if ((everything || runs(record)) && passes(record)) rows.push(record);
  }
  const wanted = input.last !== undefined && input.last > 0 ? rows.slice(0, input.last) : rows;
  return await Promise.all(wanted.map((record) => entry(local, record, input)));
}

function runs({ state }: ContainerRecord): boolean {
  return ["running", "paused", "stopping"].includes(state.tag);
}

function filterFacts(local: Local): FilterFacts {
  return {
    container: (name) => local.state.containers.get(name).container,
    images: (name) => {
      const image = local.state.images.byName(name) ?? local.state.images.byId(name);
      return image ? [image.id] : [];
    },
    network: (name) => findStored(local, name)?.name,
    time: parseTime,
  };
}

async function entry(local: Local, record: ContainerRecord, input: ListContainersInput): Promise<ListContainer> {
  const { container, state, run } = record;
  const network = readNetworkStatus(run);
  return listEntry(container, state, {
    now: Date.now(),
    restarts: run.restarts,
    ...(network ? { ports: network.ports } : {}),
    ...(input.size ? { size: await sizeOf(local, record) } : {}),
    ...(input.namespace && isLive(state) ? { namespaces: namespacesOf(state.process.pid) } : {}),
  });
}

async function sizeOf(local: Local, { container }: ContainerRecord): Promise<ListContainer["Size"]> {
  const { rw, rootFs } = (await local.storage()).containerSizes(container.id);
  return { rwSize: rw, rootFsSize: rootFs };
}

/** The numbers in `/proc/PID/ns/…`. */
function namespacesOf(pid: number): ListContainerNamespaces {
  const number = (kind: string) => /\[(\d+)\]/.exec(linkOr(`/proc/${pid}/ns/${kind}`))?.[1] ?? "";
  return {
    Cgroup: number("cgroup"),
    Ipc: number("ipc"),
    Mnt: number("mnt"),
    Net: number("net"),
    Pidns: number("pid"),
    Uts: number("uts"),
    User: number("user"),
  };
}

function linkOr(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}
