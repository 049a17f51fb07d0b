/** Rows of the operations on the engine as a whole. */

import type { System } from "../../engine/mod.ts";
import * as at from "../fields.ts";
import { eventWire, versionWire } from "../reports.ts";
import type { NounRoutes } from "../row.ts";

export const systemRoutes = {
  info: { method: "GET", path: "/libpod/info", answer: "json", fields: {} },
  version: { method: "GET", path: "/libpod/version", answer: "json", fields: {}, report: versionWire },
  ping: { method: "GET", path: "/libpod/_ping", answer: "empty", status: 200, fields: {} },
  events: {
    method: "GET",
    path: "/libpod/events",
    answer: "ndjson",
    early: true,
    fields: {
      stream: at.queryFlag("stream"),
      since: at.queryText("since"),
      until: at.queryText("until"),
      filters: at.queryFilters(),
    },
    report: eventWire,
  },
  doctor: { localOnly: "it looks at the host it runs on" },
} as const satisfies NounRoutes<System>;
