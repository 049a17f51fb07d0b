/** Rows of the operations on volumes. */

import type { Volumes } from "../../engine/mod.ts";
import * as at from "../fields.ts";
import type { NounRoutes } from "../row.ts";
import { volumeCreateOptions } from "../shapes/volume.ts";

const name = at.inPath("name");

export const volumeRoutes = {
  create: {
    method: "POST",
    path: "/libpod/volumes/create",
    answer: "json",
    status: 201,
    fields: { options: at.body(volumeCreateOptions) },
  },
  list: {
    method: "GET",
    path: "/libpod/volumes/json",
    answer: "json",
    fields: { filters: at.queryFilters() },
  },
  inspect: { method: "GET", path: "/libpod/volumes/{name}/json", answer: "json", fields: { name } },
  exists: { method: "GET", path: "/libpod/volumes/{name}/exists", answer: "exists", fields: { name } },
  remove: {
    method: "DELETE",
    path: "/libpod/volumes/{name}",
    answer: "empty",
    fields: { name, force: at.queryFlag("force"), timeout: at.queryInteger("timeout") },
  },
} as const satisfies NounRoutes<Volumes>;
