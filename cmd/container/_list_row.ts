/** What `ps` shows of one container: the fields that its templates know. */

import type { ListContainer, PortMapping } from "../../lib/engine/mod.ts";
import { humanDuration, humanSince, humanSize } from "../format/human.ts";
import { GoTime } from "../format/go_time.ts";
import type { TemplateValue } from "../format/template_value.ts";

export type RowOptions = {
  /** Do not shorten ids and commands. */
  readonly full: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
};

export type ContainerRow = { readonly [field in keyof ReturnType<typeof containerRow>]: TemplateValue };

/** The row of `container`. */
export function containerRow(container: ListContainer, { full, now }: RowOptions) {
  const short = (id: string) => full ? id : id.slice(0, 12);
  const created = Date.parse(container.Created);
  const labels = new Map(Object.entries(container.Labels ?? {}));
  const command = container.Command.join(" ");
  return {
    AutoRemove: container.AutoRemove,
    CIDFile: container.CIDFile ?? "",
    Command: full || command.length <= 17 ? command : `${command.slice(0, 17)}...`,
    Created: new GoTime(container.Created),
    CreatedAt: new GoTime(container.Created),
    CreatedHuman: humanSince(created, now),
    RunningFor: humanSince(created, now),
    ExitCode: container.ExitCode,
    Exited: container.Exited,
    ExitedAt: container.ExitedAt,
    ExposedPorts: new Map(Object.entries(container.ExposedPorts ?? {})),
    ID: short(container.Id),
    Image: container.Image,
    ImageID: short(container.ImageID),
    IsInfra: container.IsInfra,
    Label: (name: TemplateValue) => labels.get(String(name)) ?? "",
    Labels: labels,
    Mounts: container.Mounts.join(","),
    Names: container.Names.join(","),
    Networks: container.Networks.join(","),
    Pid: container.Pid,
    Pod: short(container.Pod),
    PodName: container.PodName,
    Ports: portsText(container),
    Restarts: container.Restarts,
    Size: sizeText(container),
    StartedAt: container.StartedAt,
    State: container.State,
    Status: statusText(container, now),
    ...namespaceFields(container),
  };
}

function namespaceFields({ Namespaces: spaces }: ListContainer) {
  const fields = {
    MNT: spaces?.Mnt ?? "",
    Cgroup: spaces?.Cgroup ?? "",
    IPC: spaces?.Ipc ?? "",
    NET: spaces?.Net ?? "",
    PIDNS: spaces?.Pidns ?? "",
    UTS: spaces?.Uts ?? "",
    User: spaces?.User ?? "",
  };
  return { ...fields, CGROUPNS: fields.Cgroup, USERNS: fields.User, Namespaces: fields };
}

const healths = ["starting", "healthy", "unhealthy"];

/** `Up 3 minutes`, `Exited (1) 2 hours ago`, `Created`, … */
export function statusText(container: ListContainer, now: number): string {
  switch (container.State) {
    case "running": {
      const health = healths.includes(container.Status) ? ` (${container.Status})` : "";
      return `Up ${humanDuration(now - container.StartedAt * 1000)}${health}`;
    }
    case "exited":
    case "stopped":
      return `Exited (${container.ExitCode}) ${humanSince(container.ExitedAt * 1000, now)}`;
    case "configured":
      return "Created";
    default:
      return container.State.charAt(0).toUpperCase() + container.State.slice(1);
  }
}

function sizeText({ Size: size }: ListContainer): string {
  return size === undefined || size === null ? "" : `${humanSize(size.rwSize)} (virtual ${humanSize(size.rootFsSize)})`;
}

function portsText({ Ports: ports, ExposedPorts: exposed }: ListContainer): string {
  const published = (ports ?? []).map(portText);
  const known = new Set((ports ?? []).flatMap(containerPorts));
  const rest = Object.entries(exposed ?? {}).flatMap(([port, protocols]) =>
    protocols.map((protocol) => `${port}/${protocol}`)
  );
  return [...published, ...rest.filter((port) => !known.has(port))].join(", ");
}

function containerPorts(port: PortMapping): readonly string[] {
  return Array.from({ length: Math.max(1, port.range) }, (_, at) => `${port.container_port + at}/${port.protocol}`);
}

function portText(port: PortMapping): string {
  const span = (first: number) => port.range > 1 ? `${first}-${first + port.range - 1}` : String(first);
  const host = port.host_ip === "" ? "0.0.0.0" : port.host_ip.includes(":") ? `[${port.host_ip}]` : port.host_ip;
  return `${host}:${span(port.host_port)}->${span(port.container_port)}/${port.protocol}`;
}
