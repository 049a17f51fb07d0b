/** Docker's rows for images. */

import type { Engine, LibpodImagesRemoveReport, PullEvent, PullImageInput, SaveImagesInput } from "../../engine/mod.ts";
import { EngineError, messageOf } from "../../errors.ts";
import { compat, type Exchange } from "../exchange.ts";
import * as at from "../fields.ts";
import { firstOf, flagOf } from "../query.ts";
import { decodeCredentials } from "../registry_auth.ts";
import type { Incoming } from "../row.ts";
import { targetOfTag } from "../tag_target.ts";
import { removalOfOne } from "../removal.ts";
import { withAlgorithm } from "./container_reports.ts";
import { imageInspectJson, imageSummaryJson } from "./image_reports.ts";
import { pullLine } from "./pull_progress.ts";

const name = ({ params }: Incoming): string => params.get("name") ?? "";

export const dockerImages: readonly Exchange[] = [
  compat({
    method: "POST",
    path: "/images/create",
    kind: "ndjson",
    operation: (engine: Engine) => (input: PullImageInput, signal?: AbortSignal) => pull(engine, input, signal),
    input: pullInput,
    report: pullLine,
    failure: (error) => ({ errorDetail: { message: messageOf(error) }, error: messageOf(error) }),
  }),
  compat({
    method: "GET",
    path: "/images/json",
    kind: "json",
    operation: (engine: Engine) => engine.images.list,
    input: (from) => ({ all: flagOf(from.query, "all"), filters: at.queryFilters().decode(from) }),
    report: (report) => report.map(imageSummaryJson),
  }),
  compat({
    method: "GET",
    path: "/images/{name...}/json",
    kind: "json",
    operation: (engine: Engine) => engine.images.inspect,
    input: (from) => ({ name: name(from) }),
    report: (report) => imageInspectJson(report),
  }),
  compat({
    method: "DELETE",
    path: "/images/{name...}",
    kind: "json",
    operation: (engine: Engine) => engine.images.remove,
    input: (from) => ({
      names: [name(from)],
      force: flagOf(from.query, "force"),
      noPrune: flagOf(from.query, "noprune"),
    }),
    report: removalJson,
  }),
  compat({
    method: "POST",
    path: "/images/{name...}/tag",
    kind: "empty",
    status: 201,
    operation: (engine: Engine) => engine.images.tag,
    input: (from) => ({ name: name(from), targets: targetOfTag.decode(from).map(onDockerHub) }),
  }),
  compat({
    method: "POST",
    path: "/images/load",
    needs: "body",
    kind: "json",
    operation: (engine: Engine) => engine.images.load,
    input: (from) => ({ archive: at.stream().decode(from) }),
    report: ({ Names }) => ({ stream: `Loaded image: ${Names.join(",")}\n` }),
  }),
  compat({
    method: "GET",
    path: "/images/get",
    kind: "bytes",
    operation: (engine: Engine) => engine.images.save,
    input: (from) => saveInput(at.queryList("names").decode(from).flatMap((names) => names.split(","))),
  }),
  compat({
    method: "GET",
    path: "/images/{name...}/get",
    kind: "bytes",
    operation: (engine: Engine) => engine.images.save,
    input: (from) => saveInput([name(from)]),
  }),
];

function saveInput(names: readonly string[]): SaveImagesInput {
  if (names.length === 0) throw new EngineError("invalidArgument", `query parameter "names" is required`);
  return { names, format: "docker-archive" };
}

/** Docker's clients tell the reference and its tag or digest apart; a short name means Docker Hub to them. */
function pullInput(from: Incoming): PullImageInput {
  const image = firstOf(from.query, "fromImage");
  if (image === undefined) throw new EngineError("unsupported", "importing an image: not supported yet");
  const tag = firstOf(from.query, "tag");
  const [os, arch, variant] = (firstOf(from.query, "platform") ?? "").split("/");
  const credentials = decodeCredentials(from.headers.get("x-registry-auth"));
  return {
    reference: onDockerHub(withTag(image, tag)),
    policy: "always",
    ...(credentials === undefined ? {} : { credentials }),
    ...(os ? { os } : {}),
    ...(arch ? { arch } : {}),
    ...(variant ? { variant } : {}),
  };
}

function withTag(image: string, tag: string | undefined): string {
  if (tag === undefined) return image;
  return tag.includes(":") ? `${image}@${tag}` : `${image}:${tag}`;
}

/** `alpine` → `docker.io/library/alpine`; a first part with a dot or a colon, or `localhost`, is a registry. */
function onDockerHub(reference: string): string {
  const [first = "", ...rest] = reference.split("/");
  if (rest.length > 0 && (/[.:]/.test(first) || first === "localhost")) return reference;
  return rest.length > 0 ? `docker.io/${reference}` : `docker.io/library/${reference}`;
}

/** The first event of ours names the reference, as Docker's does. */
async function* pull(engine: Engine, input: PullImageInput, signal?: AbortSignal): AsyncGenerator<PullEvent, void> {
  const colon = input.reference.lastIndexOf(":");
  const tagged = colon > input.reference.lastIndexOf("/");
  let first = true;
  for await (const event of engine.images.pull(input, signal)) {
    if (first) yield { stream: `Pulling from ${tagged ? input.reference.slice(0, colon) : input.reference}` };
    first = false;
    yield event;
  }
}

function removalJson(report: LibpodImagesRemoveReport): unknown {
  const { Untagged, Deleted } = removalOfOne(report);
  return [
    ...(Untagged ?? []).map((name) => ({ Untagged: name })),
    ...(Deleted ?? []).map((id) => ({ Deleted: withAlgorithm(id) })),
  ];
}
