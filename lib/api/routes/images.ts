/** Rows of the operations on images. */

import type { Images } from "../../engine/mod.ts";
import * as at from "../fields.ts";
import { progressExtension, pullEventWire } from "../reports.ts";
import type { NounRoutes } from "../row.ts";
import { targetOfTag } from "../tag_target.ts";

const name = at.inPath("name");

export const imageRoutes = {
  pull: {
    method: "POST",
    path: "/libpod/images/pull",
    answer: "ndjson",
    fields: {
      reference: at.queryRequired("reference"),
      policy: at.queryChoice("policy", ["always", "missing", "never", "newer"]),
      allTags: at.queryFlag("allTags"),
      tlsVerify: at.queryTlsVerify(),
      credentials: at.registryAuth(),
      authfile: at.notOverTheWire<string>("authfile"),
      certDir: at.notOverTheWire<string>("cert-dir"),
      quiet: at.queryFlag("quiet"),
      retry: at.queryInteger("retry"),
      retryDelay: at.queryText("retrydelay"),
      os: at.queryText("OS"),
      arch: at.queryText("Arch"),
      variant: at.queryText("Variant"),
    },
    report: pullEventWire,
    extension: progressExtension,
  },
  list: {
    method: "GET",
    path: "/libpod/images/json",
    answer: "json",
    fields: { all: at.queryFlag("all"), filters: at.queryFilters() },
  },
  inspect: {
    method: "GET",
    path: "/libpod/images/{name...}/json",
    answer: "json",
    fields: { name, size: at.queryFlag("size") },
  },
  exists: { method: "GET", path: "/libpod/images/{name...}/exists", answer: "exists", fields: { name } },
  remove: {
    method: "DELETE",
    path: "/libpod/images/remove",
    answer: "json",
    fields: {
      names: at.queryList("images"),
      all: at.queryFlag("all"),
      force: at.queryFlag("force"),
      ignore: at.queryFlag("ignore"),
      noPrune: at.queryFlag("noprune"),
    },
  },
  tag: {
    method: "POST",
    path: "/libpod/images/{name...}/tag",
    answer: "empty",
    status: 201,
    fields: { name, targets: targetOfTag },
    each: "targets",
  },
  load: {
    method: "POST",
    path: "/libpod/images/load",
    answer: "json",
    fields: { archive: at.stream() },
  },
  save: {
    method: "GET",
    path: "/libpod/images/export",
    answer: "bytes",
    fields: {
      names: at.queryList("references"),
      format: at.queryChoice("format", ["docker-archive", "oci-archive", "docker-dir", "oci-dir"]),
      compress: at.queryFlag("compress"),
    },
  },
} as const satisfies NounRoutes<Images>;
