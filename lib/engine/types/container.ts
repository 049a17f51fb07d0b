// size: table
/** Containers in lists, and what removal reports. Field names and shapes are those of libpod 5.8 on the wire. Times are RFC 3339 strings, durations nanoseconds. */

import type { PortMapping } from "./spec.ts";

export type ListContainer = {
  readonly AutoRemove: boolean;
  readonly Command: readonly string[];
  readonly Created: string;
  readonly CreatedAt: string;
  readonly CIDFile: string;
  readonly Exited: boolean;
  readonly ExitedAt: number;
  readonly ExitCode: number;
  readonly ExposedPorts: Readonly<Record<string, readonly string[]>>;
  readonly Id: string;
  readonly Image: string;
  readonly ImageID: string;
  readonly IsInfra: boolean;
  readonly Labels: Readonly<Record<string, string>>;
  readonly Mounts: readonly string[];
  readonly Names: readonly string[];
  readonly Namespaces: ListContainerNamespaces;
  readonly Networks: readonly string[];
  readonly Pid: number;
  readonly Pod: string;
  readonly PodName: string;
  readonly Ports: readonly PortMapping[];
  readonly Restarts: number;
  readonly Size: ContainerSize;
  readonly StartedAt: number;
  readonly State: string;
  readonly Status: string;
};

export type ListContainerNamespaces = {
  readonly Mnt?: string;
  readonly Cgroup?: string;
  readonly Ipc?: string;
  readonly Net?: string;
  readonly Pidns?: string;
  readonly Uts?: string;
  readonly User?: string;
};

export type ContainerSize = {
  readonly rootFsSize: number;
  readonly rwSize: number;
};

export type LibpodContainersRmReport = {
  readonly Id: string;
  readonly Err: string | null;
  readonly RawInput?: string;
};

export type ContainerCreateResponse = {
  readonly Id: string;
  readonly Warnings: readonly string[];
};
