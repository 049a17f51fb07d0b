// size: table
/** Every command that works: path, summary and how to load its entry. Nothing is loaded before it is called for. */

import type { Command } from "./command.ts";

/** The name that usage lines and messages carry. */
export const programName = "beluga";

export type Row = {
  readonly path: string;
  /** One line, for lists. */
  readonly summary: string;
  /** Other last words for the same path. */
  readonly nameAliases?: readonly string[];
  /** The path whose entry this one shares. */
  readonly aliasOf?: string;
  readonly hidden?: true;
  /** Absent for a group. */
  readonly load?: () => Promise<{ readonly command: Command }>;
};

export const tree: readonly Row[] = [
  {
    path: "attach",
    summary: "Connect the terminal's stdio to the main process of a container that is up",
    aliasOf: "container attach",
    load: () => import("./container/attach.ts"),
  },
  {
    path: "container attach",
    summary: "Connect the terminal's stdio to the main process of a container that is up",
    load: () => import("./container/attach.ts"),
  },
  {
    path: "container cleanup",
    summary: "Undo mounts and network setup left by stopped containers",
    load: () => import("./container/cleanup.ts"),
  },
  {
    path: "container create",
    summary: "Prepare a container from an image and leave it stopped",
    load: () => import("./container/create.ts"),
  },
  {
    path: "container exec",
    summary: "Start an extra process inside a container that is up",
    load: () => import("./container/exec.ts"),
  },
  {
    path: "container exists",
    summary: "Answer by exit status whether a container of that name is known",
    load: () => import("./container/exists.ts"),
  },
  {
    path: "container inspect",
    summary: "Low-level JSON description of containers",
    load: () => import("./container/inspect.ts"),
  },
  {
    path: "container kill",
    summary: "Send a signal (KILL unless told) to the main process of containers",
    load: () => import("./container/kill.ts"),
  },
  {
    path: "container list",
    summary: "Table of containers; only running ones unless asked",
    nameAliases: ["ls"],
    load: () => import("./container/list.ts"),
  },
  {
    path: "container logs",
    summary: "Print what containers wrote to stdout and stderr",
    load: () => import("./container/logs.ts"),
  },
  {
    path: "container ps",
    summary: "Table of containers; only running ones unless asked",
    aliasOf: "container list",
    load: () => import("./container/list.ts"),
  },
  { path: "container rm", summary: "Delete containers", load: () => import("./container/rm.ts") },
  {
    path: "container run",
    summary: "Create a container from an image and start it at once",
    load: () => import("./container/run.ts"),
  },
  {
    path: "container start",
    summary: "Start containers that exist but are not running",
    load: () => import("./container/start.ts"),
  },
  {
    path: "container stop",
    summary: "Ask containers to end, killing them after a grace period",
    load: () => import("./container/stop.ts"),
  },
  {
    path: "container wait",
    summary: "Block until containers reach a condition, then print exit codes",
    load: () => import("./container/wait.ts"),
  },
  { path: "container", summary: "Run containers and look after them" },
  {
    path: "create",
    summary: "Prepare a container from an image and leave it stopped",
    aliasOf: "container create",
    load: () => import("./container/create.ts"),
  },
  {
    path: "doctor",
    summary: "Look at this host and say what keeps containers from running",
    load: () => import("./system/doctor.ts"),
  },
  { path: "events", summary: "Print engine events, past or as they come", load: () => import("./system/events.ts") },
  {
    path: "exec",
    summary: "Start an extra process inside a container that is up",
    aliasOf: "container exec",
    load: () => import("./container/exec.ts"),
  },
  { path: "help", summary: "Show usage of any command" },
  {
    path: "image exists",
    summary: "Answer by exit status whether an image is in local storage",
    load: () => import("./image/exists.ts"),
  },
  { path: "image inspect", summary: "Low-level JSON description of images", load: () => import("./image/inspect.ts") },
  { path: "image list", summary: "Table of local images", nameAliases: ["ls"], load: () => import("./image/list.ts") },
  {
    path: "image load",
    summary: "Read images out of an archive into local storage",
    load: () => import("./image/load.ts"),
  },
  {
    path: "image pull",
    summary: "Fetch images from a registry or another transport",
    load: () => import("./image/pull.ts"),
  },
  { path: "image rm", summary: "Delete images or drop tags from local storage", load: () => import("./image/rm.ts") },
  { path: "image save", summary: "Write images to an archive file or folder", load: () => import("./image/save.ts") },
  { path: "image tag", summary: "Give a local image more names", load: () => import("./image/tag.ts") },
  { path: "image", summary: "Get, keep and save images" },
  { path: "images", summary: "Table of local images", aliasOf: "image list", load: () => import("./image/list.ts") },
  {
    path: "info",
    summary: "Facts on the host, the storage, the registries and the engine version",
    load: () => import("./system/info.ts"),
  },
  {
    path: "inspect",
    summary: "Low-level JSON description of any object, found by name or ID",
    load: () => import("./inspect.ts"),
  },
  {
    path: "kill",
    summary: "Send a signal (KILL unless told) to the main process of containers",
    aliasOf: "container kill",
    load: () => import("./container/kill.ts"),
  },
  {
    path: "load",
    summary: "Read images out of an archive into local storage",
    aliasOf: "image load",
    load: () => import("./image/load.ts"),
  },
  {
    path: "logs",
    summary: "Print what containers wrote to stdout and stderr",
    aliasOf: "container logs",
    load: () => import("./container/logs.ts"),
  },
  { path: "network create", summary: "Define a network", load: () => import("./network/create.ts") },
  {
    path: "network exists",
    summary: "Answer by exit status whether a network is defined",
    load: () => import("./network/exists.ts"),
  },
  { path: "network inspect", summary: "JSON description of networks", load: () => import("./network/inspect.ts") },
  { path: "network ls", summary: "Table of networks", nameAliases: ["list"], load: () => import("./network/ls.ts") },
  { path: "network rm", summary: "Delete networks", nameAliases: ["remove"], load: () => import("./network/rm.ts") },
  { path: "network", summary: "Define networks" },
  {
    path: "ps",
    summary: "Table of containers; only running ones unless asked",
    aliasOf: "container list",
    load: () => import("./container/list.ts"),
  },
  {
    path: "pull",
    summary: "Fetch images from a registry or another transport",
    aliasOf: "image pull",
    load: () => import("./image/pull.ts"),
  },
  { path: "rm", summary: "Delete containers", aliasOf: "container rm", load: () => import("./container/rm.ts") },
  {
    path: "rmi",
    summary: "Delete images or drop tags from local storage",
    aliasOf: "image rm",
    load: () => import("./image/rm.ts"),
  },
  {
    path: "run",
    summary: "Create a container from an image and start it at once",
    aliasOf: "container run",
    load: () => import("./container/run.ts"),
  },
  {
    path: "save",
    summary: "Write images to an archive file or folder",
    aliasOf: "image save",
    load: () => import("./image/save.ts"),
  },
  {
    path: "start",
    summary: "Start containers that exist but are not running",
    aliasOf: "container start",
    load: () => import("./container/start.ts"),
  },
  {
    path: "stop",
    summary: "Ask containers to end, killing them after a grace period",
    aliasOf: "container stop",
    load: () => import("./container/stop.ts"),
  },
  {
    path: "system events",
    summary: "Print engine events, past or as they come",
    aliasOf: "events",
    load: () => import("./system/events.ts"),
  },
  {
    path: "system info",
    summary: "Facts on the host, the storage, the registries and the engine version",
    aliasOf: "info",
    load: () => import("./system/info.ts"),
  },
  { path: "system service", summary: "Serve the REST API on a socket", load: () => import("./system/service.ts") },
  { path: "system", summary: "The engine: facts, events, REST API" },
  { path: "tag", summary: "Give a local image more names", aliasOf: "image tag", load: () => import("./image/tag.ts") },
  { path: "version", summary: "Client and server versions", load: () => import("./system/version.ts") },
  { path: "volume create", summary: "Make a named volume", load: () => import("./volume/create.ts") },
  {
    path: "volume exists",
    summary: "Answer by exit status whether a volume is known",
    load: () => import("./volume/exists.ts"),
  },
  { path: "volume inspect", summary: "JSON description of volumes", load: () => import("./volume/inspect.ts") },
  { path: "volume ls", summary: "Table of volumes", nameAliases: ["list"], load: () => import("./volume/ls.ts") },
  { path: "volume rm", summary: "Delete volumes", nameAliases: ["remove"], load: () => import("./volume/rm.ts") },
  { path: "volume", summary: "Make and remove volumes" },
  {
    path: "wait",
    summary: "Block until containers reach a condition, then print exit codes",
    aliasOf: "container wait",
    load: () => import("./container/wait.ts"),
  },
];

/** The row below `parent` (a path, empty for the root) that `word` names. */
export function childRow(parent: string, word: string): Row | undefined {
  return tree.find((row) =>
    parentOf(row.path) === parent && (lastWord(row.path) === word || row.nameAliases?.includes(word))
  );
}

export function childRows(parent: string): readonly Row[] {
  return tree.filter((row) => parentOf(row.path) === parent);
}

export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf(" ")));
}

export function lastWord(path: string): string {
  return path.slice(path.lastIndexOf(" ") + 1);
}
