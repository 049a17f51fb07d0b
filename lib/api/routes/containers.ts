/** Rows of the operations on containers. */

import type { Containers } from "../../engine/mod.ts";
import * as at from "../fields.ts";
import type { NounRoutes } from "../row.ts";
import { flag } from "../shape.ts";
import { createSpec } from "../shapes/create_spec.ts";
import { execCreateConfig } from "../shapes/exec.ts";
import { containerInspectWire, plainReport } from "../reports.ts";

const name = at.inPath("name");
const sessionId = at.inPath("id");
const directories = at.notOverTheWire<readonly string[]>("directories");
const preserveFds = at.notOverTheWire<number>("preserve-fds");

export const containerRoutes = {
  create: {
    method: "POST",
    path: "/libpod/containers/create",
    answer: "json",
    status: 201,
    fields: { spec: at.body(createSpec), directories },
  },
  start: {
    method: "POST",
    path: "/libpod/containers/{name}/start",
    answer: "empty",
    fields: { name, detachKeys: at.queryTextOrEmpty("detachKeys"), preserveFds },
  },
  stop: {
    method: "POST",
    path: "/libpod/containers/{name}/stop",
    answer: "empty",
    fields: { name, timeout: at.queryInteger("timeout", "t"), ignore: at.queryFlag("ignore") },
  },
  kill: {
    method: "POST",
    path: "/libpod/containers/{name}/kill",
    answer: "empty",
    fields: { name, signal: at.queryText("signal") },
  },
  wait: {
    method: "POST",
    path: "/libpod/containers/{name}/wait",
    answer: "json",
    fields: { name, conditions: at.queryOptionalList("condition") },
  },
  remove: {
    method: "DELETE",
    path: "/libpod/containers/{name}",
    answer: "json",
    fields: {
      name,
      force: at.queryFlag("force"),
      volumes: {
        ...at.queryFlag("volumes"),
        decode: (from) => at.queryFlag("volumes").decode(from) ?? at.queryFlag("v").decode(from),
      },
      ignore: at.queryFlag("ignore"),
      depend: at.queryFlag("depend"),
      timeout: at.queryInteger("timeout"),
    },
  },
  list: {
    method: "GET",
    path: "/libpod/containers/json",
    answer: "json",
    fields: {
      all: at.queryFlag("all"),
      filters: at.queryFilters(),
      last: at.queryInteger("last", "limit"),
      size: at.queryFlag("size"),
      namespace: at.queryFlag("namespace"),
    },
  },
  inspect: {
    method: "GET",
    path: "/libpod/containers/{name}/json",
    answer: "json",
    fields: { name, size: at.queryFlag("size") },
    report: plainReport(containerInspectWire),
  },
  exists: { method: "GET", path: "/libpod/containers/{name}/exists", answer: "exists", fields: { name } },
  logs: {
    method: "GET",
    path: "/libpod/containers/{name}/logs",
    answer: "frames",
    fields: {
      name,
      follow: at.queryFlag("follow"),
      stdout: at.queryFlagOn("stdout"),
      stderr: at.queryFlagOn("stderr"),
      since: at.queryTime("since"),
      until: at.queryTime("until"),
      tail: at.queryTail("tail"),
      timestamps: at.queryFlag("timestamps"),
    },
  },
  attach: {
    method: "POST",
    path: "/libpod/containers/{name}/attach",
    answer: "duplex",
    fields: {
      name,
      stdin: at.queryFlagOn("stdin"),
      stdout: at.queryFlagOn("stdout"),
      stderr: at.queryFlagOn("stderr"),
      logs: at.queryFlag("logs"),
      stream: at.queryFlag("stream"),
      detachKeys: at.queryTextOrEmpty("detachKeys"),
      preserveFds,
    },
  },
  resize: {
    method: "POST",
    path: "/libpod/containers/{name}/resize",
    answer: "empty",
    status: 200,
    fields: { name, width: at.querySize("w"), height: at.querySize("h") },
  },
  execCreate: {
    method: "POST",
    path: "/libpod/containers/{name}/exec",
    answer: "json",
    status: 201,
    fields: { name, config: at.body(execCreateConfig) },
  },
  execStart: {
    method: "POST",
    path: "/libpod/exec/{id}/start",
    answer: "duplex",
    fixed: { Detach: false },
    fields: { id: sessionId, size: at.bodySize() },
  },
  execStartDetached: {
    method: "POST",
    path: "/libpod/exec/{id}/start",
    answer: "empty",
    status: 200,
    fixed: { Detach: true },
    fields: { id: sessionId },
  },
  execInspect: { method: "GET", path: "/libpod/exec/{id}/json", answer: "json", fields: { id: sessionId } },
  execResize: {
    method: "POST",
    path: "/libpod/exec/{id}/resize",
    answer: "empty",
    status: 201,
    fields: { name: sessionId, width: at.querySize("w"), height: at.querySize("h") },
  },
  execRemove: {
    method: "POST",
    path: "/libpod/exec/{id}/remove",
    answer: "empty",
    status: 200,
    fields: { id: sessionId, force: at.bodyMember<boolean | undefined>("Force", flag) },
  },
  cleanup: { localOnly: "conmon calls it on the machine of the container" },
} as const satisfies NounRoutes<Containers>;
