/** What a place holds on the machine, to be compared before and after. */

import { readdirSync } from "node:fs";
import { join } from "node:path/posix";
import { until } from "./execute.ts";
import type { Place } from "./place.ts";

export type Footprint = {
  readonly folders: readonly string[];
  readonly mounts: readonly string[];
  readonly processes: readonly string[];
  readonly namespaces: readonly string[];
};

/** Folders of the stores, mounts, processes and named network namespaces that belong to `place`. */
export function footprint(place: Place): Footprint {
  return {
    folders: ["root", "run", "home", "xdg", "tmp"].flatMap((name) => foldersBelow(place.path(name), 7)),
    mounts: place.mounts(),
    processes: place.processes().map((line) => line.replace(/.*\//, "")),
    namespaces: [...foldersBelow("/run/netns", 1), ...foldersBelow(place.path("xdg/netns"), 1)],
  };
}

/** Waits for what may end a moment after the program: the last command of a container's monitor. */
export function settled(place: Place): Promise<void> {
  const stays = (line: string) => /catatonit|aardvark/.test(line);
  return until("the monitors' end", () => place.processes().every(stays));
}

/** Layers' contents are no part of it: they are images, and large. */
const contents = new Set(["diff", "blobs"]);

function foldersBelow(folder: string, depth: number): readonly string[] {
  if (depth === 0) return [];
  return entries(folder).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) return [];
    return contents.has(entry.name) ? [path] : [path, ...foldersBelow(path, depth - 1)];
  }).sort();
}

function entries(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // it is not there, or is a mount that root may not enter
  }
}
