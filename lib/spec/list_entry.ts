/** A container as a row of `ps`. */

import type { Container, ContainerState } from "../engine/container.ts";
import type { ContainerSize, ListContainer, ListContainerNamespaces } from "../engine/types/container.ts";
import { exitCodeOf, finishedAt, pidOf, startedAt, stateWord } from "./state_words.ts";
import { humanDuration } from "./units.ts";

export type ListFacts = {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly restarts: number;
  /** With host ports as they were chosen; absent: as asked for. */
  readonly ports?: ListContainer["Ports"];
  readonly size?: ContainerSize;
  /** Numbers of the namespaces, asked for with `--namespace`. */
  readonly namespaces?: ListContainerNamespaces;
  /** Networks that it is connected to now; absent: those it was made with. */
  readonly networks?: readonly string[];
};

export function listEntry(container: Container, state: ContainerState, facts: ListFacts): ListContainer {
  const created = Date.parse(container.created);
  return {
    AutoRemove: container.autoRemove,
    Command: container.process.command.length > 0 ? container.process.command : container.process.entrypoint,
    Created: container.created,
    CreatedAt: `${humanDuration((facts.now - created) / 1000)} ago`,
    CIDFile: container.cidFile,
    Exited: state.tag === "exited",
    ExitedAt: seconds(finishedAt(state)),
    ExitCode: exitCodeOf(state),
    ExposedPorts: exposedPorts(container.network.exposed),
    Id: container.id,
    Image: container.image?.name ?? "",
    ImageID: container.image?.id ?? "",
    IsInfra: false,
    Labels: container.labels,
    Mounts: [
      ...container.mounts.map(({ destination }) => destination),
      ...container.volumes.map((one) => one.destination),
    ]
      .toSorted(),
    Names: [container.name],
    Namespaces: facts.namespaces ?? {},
    Networks: facts.networks ?? Object.keys(container.network.networks),
    Pid: pidOf(state),
    Pod: "",
    PodName: "",
    Ports: facts.ports ?? container.network.ports,
    Restarts: facts.restarts,
    Size: facts.size ?? { rootFsSize: 0, rwSize: 0 },
    StartedAt: seconds(startedAt(state)),
    State: stateWord(state),
    // Health alone: clients make words of the state themselves, and add this.
    Status: "",
  };
}

/** Seconds since 1970; Go's zero time becomes its own number there. */
function seconds(time: string): number {
  return Math.floor(Date.parse(time) / 1000);
}

/** Port → protocols. */
function exposedPorts(exposed: readonly string[]): Readonly<Record<string, readonly string[]>> {
  const ports = new Map<string, string[]>();
  for (const text of exposed) {
    const [port = "", protocol = "tcp"] = text.split("/");
    ports.set(port, [...(ports.get(port) ?? []), protocol]);
  }
  return Object.fromEntries(ports);
}
