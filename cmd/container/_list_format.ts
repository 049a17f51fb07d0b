/** `ps --format`. */

import type { ListContainer } from "../../lib/engine/mod.ts";
import { humanSince } from "../format/human.ts";
import { isJsonFormat, prettyJson } from "../format/json.ts";
import { formatRows } from "../format/template.ts";
import { type ContainerRow, statusText } from "./_list_row.ts";

const headers: Readonly<Record<string, string>> = {
  "CGROUPNS": "<no value>",
  "Cgroup": "CGROUPNS",
  "Command": "COMMAND",
  "CreatedAt": "CREATED AT",
  "CreatedHuman": "CREATED",
  "ID": "CONTAINER ID",
  "IPC": "IPC",
  "ImageID": "IMAGE ID",
  "MNT": "MNT",
  "NET": "NET",
  "Names": "NAMES",
  "Networks": "NETWORKS",
  "PIDNS": "PIDNS",
  "Pod": "POD ID",
  "Ports": "PORTS",
  "Restarts": "RESTARTS",
  "RunningFor": "RUNNING FOR",
  "Size": "SIZE",
  "Status": "STATUS",
  "USERNS": "<no value>",
  "UTS": "UTS",
  "User": "USERNS",
  "AutoRemove": "AUTO REMOVE",
  "Created": "CREATED",
  "CIDFile": "CID FILE",
  "Exited": "EXITED",
  "ExitedAt": "EXITED AT",
  "ExitCode": "EXIT CODE",
  "ExposedPorts": "EXPOSED PORTS",
  "Image": "IMAGE",
  "IsInfra": "IS INFRA",
  "Labels": "LABELS",
  "Mounts": "MOUNTS",
  "Namespaces": "NAMESPACES",
  "Namespaces.MNT": "MNT",
  "Namespaces.Cgroup": "CGROUPNS",
  "Namespaces.IPC": "IPC",
  "Namespaces.NET": "NET",
  "Namespaces.PIDNS": "PIDNS",
  "Namespaces.UTS": "UTS",
  "Namespaces.User": "USERNS",
  "Pid": "PID",
  "PodName": "PODNAME",
  "StartedAt": "STARTED AT",
  "State": "STATE",
};

export function formatContainers(
  rows: readonly ContainerRow[],
  format: string,
  options: { readonly noHeading: boolean },
): string {
  return formatRows(rows, { name: "ps", format, headers, ...options });
}

export { isJsonFormat };

/** The list as JSON: as it came, with times and status in words as Podman's own. */
export function containersJson(containers: readonly ListContainer[], now: number): string {
  return prettyJson(containers.map((container) => printable(container, now)), 2);
}

function printable(container: ListContainer, now: number): unknown {
  const created = Date.parse(container.Created);
  const { Created: _, ...rest } = container;
  return {
    ...rest,
    CreatedAt: humanSince(created, now),
    Labels: orNull(container.Labels),
    Ports: orNull(container.Ports),
    Size: container.Size ?? null,
    Status: statusText(container, now),
    Created: Math.floor(created / 1000),
  };
}

function orNull(value: object | null | undefined): object | null {
  return value === null || value === undefined || Object.keys(value).length === 0 ? null : value;
}
