/** Docker's rows for containers. */

import type {
  CreateContainerInput,
  Engine,
  RemoveContainerInput,
  StopContainerInput,
  WaitContainerInput,
} from "../../engine/mod.ts";
import { EngineError, messageOf } from "../../errors.ts";
import { compat, type Exchange } from "../exchange.ts";
import * as at from "../fields.ts";
import { firstOf, flagOf, integerOf } from "../query.ts";
import type { Incoming } from "../row.ts";
import { containerInspectJson, containerListJson } from "./container_reports.ts";
import { waitForContainer } from "./wait.ts";

const name = ({ params }: Incoming): string => params.get("name") ?? "";

async function createInput(from: Incoming): Promise<CreateContainerInput> {
  if (from.json === undefined) throw new EngineError("invalidArgument", "request body is missing");
  const { specFromDocker } = await import("../../spec/from_docker.ts");
  const { bindSourcesToMake } = await import("../../spec/docker_mounts.ts");
  const spec = specFromDocker(from.json, firstOf(from.query, "name"));
  const [os, arch, variant] = (firstOf(from.query, "platform") ?? "").split("/");
  return {
    spec: {
      ...spec,
      ...(os ? { image_os: os } : {}),
      ...(arch ? { image_arch: arch } : {}),
      ...(variant ? { image_variant: variant } : {}),
    },
    directories: bindSourcesToMake(from.json),
  };
}

export const dockerContainers: readonly Exchange[] = [
  compat({
    method: "POST",
    path: "/containers/create",
    needs: "json",
    kind: "json",
    status: 201,
    operation: (engine: Engine) => engine.containers.create,
    input: createInput,
  }),
  compat({
    method: "GET",
    path: "/containers/json",
    kind: "json",
    operation: (engine: Engine) => engine.containers.list,
    input: (from) => ({
      all: flagOf(from.query, "all") ?? (from.query.has("limit") ? true : undefined),
      size: flagOf(from.query, "size"),
      last: at.queryInteger("limit").decode(from) || undefined,
      filters: at.queryFilters().decode(from),
    }),
    report: (report) => report.map(containerListJson),
  }),
  compat({
    method: "GET",
    path: "/containers/{name}/json",
    kind: "json",
    operation: (engine: Engine) => engine.containers.inspect,
    input: (from) => ({ name: name(from), size: flagOf(from.query, "size") }),
    report: (report) => containerInspectJson(report),
  }),
  compat({
    method: "POST",
    path: "/containers/{name}/start",
    kind: "empty",
    operation: (engine: Engine) => engine.containers.start,
    input: (from) => ({ name: name(from), detachKeys: at.queryTextOrEmpty("detachKeys").decode(from) }),
  }),
  compat({
    method: "POST",
    path: "/containers/{name}/stop",
    kind: "empty",
    operation: (engine: Engine) => engine.containers.stop,
    input: (from) => ({ name: name(from), timeout: at.queryInteger("t", "timeout").decode(from) }),
  }),
  compat({
    method: "POST",
    path: "/containers/{name}/restart",
    kind: "empty",
    operation: (engine: Engine) => async (input: StopContainerInput, signal?: AbortSignal) => {
      await engine.containers.stop(input, signal);
      await engine.containers.start({ name: input.name }, signal);
    },
    input: (from) => ({ name: name(from), timeout: at.queryInteger("t", "timeout").decode(from) }),
  }),
  compat({
    method: "POST",
    path: "/containers/{name}/kill",
    kind: "empty",
    operation: (engine: Engine) => engine.containers.kill,
    input: (from) => ({ name: name(from), signal: firstOf(from.query, "signal") ?? "KILL" }),
  }),
  compat({
    method: "POST",
    path: "/containers/{name}/wait",
    kind: "ndjson",
    early: true,
    operation: waitForContainer,
    input: (from): WaitContainerInput => {
      const condition = firstOf(from.query, "condition");
      return { name: name(from), conditions: [condition ?? "not-running"] };
    },
    report: (StatusCode) => ({ StatusCode }),
    failure: (error) => ({ StatusCode: -1, Error: { Message: messageOf(error) } }),
  }),
  compat({
    method: "DELETE",
    path: "/containers/{name}",
    kind: "empty",
    operation: removeOne,
    input: (from) => ({
      name: name(from),
      force: flagOf(from.query, "force"),
      volumes: flagOf(from.query, "v"),
      depend: flagOf(from.query, "depend"),
    }),
  }),
  compat({
    method: "GET",
    path: "/containers/{name}/logs",
    kind: "frames",
    operation: (engine: Engine) => engine.containers.logs,
    input: (from) => {
      const [stdout, stderr] = [flagOf(from.query, "stdout") ?? false, flagOf(from.query, "stderr") ?? false];
      if (!stdout && !stderr) throw new EngineError("invalidArgument", "you must choose at least one stream");
      return {
        name: name(from),
        follow: flagOf(from.query, "follow"),
        stdout,
        stderr,
        since: noZero(at.queryTime("since").decode(from)),
        until: noZero(at.queryTime("until").decode(from)),
        tail: at.queryTail("tail").decode(from),
        timestamps: flagOf(from.query, "timestamps"),
      };
    },
  }),
  compat({
    method: "POST",
    path: "/containers/{name}/attach",
    kind: "duplex",
    operation: (engine: Engine) => engine.containers.attach,
    input: (from) => ({
      name: name(from),
      stdin: flagOf(from.query, "stdin") ?? false,
      stdout: flagOf(from.query, "stdout") ?? false,
      stderr: flagOf(from.query, "stderr") ?? false,
      logs: flagOf(from.query, "logs"),
      stream: flagOf(from.query, "stream"),
      detachKeys: at.queryTextOrEmpty("detachKeys").decode(from),
    }),
  }),
  compat({
    method: "POST",
    path: "/containers/{name}/resize",
    kind: "empty",
    status: 200,
    operation: (engine: Engine) => engine.containers.resize,
    input: (from) => ({ name: name(from), ...windowSize(from) }),
  }),
];

function removeOne(engine: Engine) {
  return async (input: RemoveContainerInput, signal?: AbortSignal): Promise<void> => {
    const failure = (await engine.containers.remove(input, signal)).find(({ Err }) => Err)?.Err;
    if (failure) throw new EngineError("internal", failure);
  };
}

/** Docker writes 0 for a moment that was not given. */
function noZero(moment: string | undefined): string | undefined {
  return moment === "0" ? undefined : moment;
}

export function windowSize({ query }: Incoming): { readonly width: number; readonly height: number } {
  const [width, height] = [integerOf(query, "w") ?? 0, integerOf(query, "h") ?? 0];
  if (width < 0 || height < 0 || width > 0xffff || height > 0xffff) {
    throw new EngineError("invalidArgument", "size of the terminal is out of range");
  }
  return { width, height };
}
