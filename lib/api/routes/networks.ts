/** Rows of the operations on networks. */

import type { Networks } from "../../engine/mod.ts";
import * as at from "../fields.ts";
import type { NounRoutes } from "../row.ts";
import { partialNetwork } from "../shapes/network.ts";

const name = at.inPath("name");

export const networkRoutes = {
  create: {
    method: "POST",
    path: "/libpod/networks/create",
    answer: "json",
    fields: { network: at.body(partialNetwork), ignoreIfExists: at.queryFlag("ignoreIfExists") },
  },
  list: {
    method: "GET",
    path: "/libpod/networks/json",
    answer: "json",
    fields: { filters: at.queryFilters() },
  },
  inspect: { method: "GET", path: "/libpod/networks/{name}/json", answer: "json", fields: { name } },
  exists: { method: "GET", path: "/libpod/networks/{name}/exists", answer: "exists", fields: { name } },
  remove: {
    method: "DELETE",
    path: "/libpod/networks/{name}",
    answer: "json",
    fields: { name, force: at.queryFlag("force"), timeout: at.queryInteger("timeout") },
  },
} as const satisfies NounRoutes<Networks>;
