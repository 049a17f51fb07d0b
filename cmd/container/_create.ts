/** What `create` and `run` share: the spec out of the flags, the image, the container, its id in a file. */

import { EngineError, isKind } from "../../lib/errors.ts";
import type { ContainerCreateResponse, CreateSpec, PullPolicy } from "../../lib/engine/mod.ts";
import type { CommandContext } from "../command.ts";
import { fileReason } from "../io.ts";
import { specOf } from "./_spec.ts";

export type Created = { readonly id: string; readonly spec: CreateSpec };

/** Makes the container. The image is only asked for when it is missing, or first where the policy says so. */
export async function createContainer(context: CommandContext): Promise<Created> {
  const { config, flags, io } = context;
  const policy = pullPolicy(flags.given("pull") ? flags.text("pull") : config.engine.pull_policy);
  const cidfile = flags.text("cidfile");
  if (cidfile !== "" && await io.files.exists(cidfile)) {
    const words = `container id file exists. Ensure another container is not using it or delete ${cidfile}`;
    throw new EngineError("usage", words);
  }
  const spec = specOf(context);
  if (flags.on("replace")) await removeNamed(context);
  const made = await createWithImage(context, spec, { policy });
  for (const warning of made.response.Warnings) io.stderr.write(`${warning}\n`);
  if (cidfile !== "") await writeCidFile(context, cidfile, { id: made.response.Id });
  return { id: made.response.Id, spec: made.spec };
}

async function removeNamed({ engine, flags, signal }: CommandContext): Promise<void> {
  const name = flags.text("name");
  if (name === "") throw new EngineError("usage", "cannot replace container without --name being set");
  await engine.containers.remove({ name, force: true, ignore: true }, signal);
}

async function writeCidFile(
  { engine, io }: CommandContext,
  path: string,
  { id }: { readonly id: string },
): Promise<void> {
  try {
    await io.files.createText(path, id);
  } catch (error) {
    await engine.containers.remove({ name: id, force: true, ignore: true }).catch(() => {});
    throw new EngineError("usage", `write container id to file "${path}": ${fileReason(error)}`, { cause: error });
  }
}

function pullPolicy(text: string): PullPolicy {
  switch (text) {
    case "":
    case "missing":
    case "ifnotpresent":
    case "IfNotPresent":
      return "missing";
    case "always":
    case "true":
      return "always";
    case "never":
    case "false":
      return "never";
    case "newer":
    case "ifnewer":
      return "newer";
    default:
      throw new EngineError("usage", `unsupported pull policy "${text}"`);
  }
}

type Made = { readonly response: ContainerCreateResponse; readonly spec: CreateSpec };

async function createWithImage(
  context: CommandContext,
  spec: CreateSpec,
  { policy }: { readonly policy: PullPolicy },
): Promise<Made> {
  const { engine, flags, signal } = context;
  const local = flags.on("rootfs") || policy === "never";
  const platformAsked = ["arch", "os", "variant", "platform"].some(flags.given);
  if (!local && (policy !== "missing" || platformAsked)) {
    const pulled = await pull(context, spec, { policy });
    return { spec: pulled, response: await engine.containers.create({ spec: pulled }, signal) };
  }
  try {
    return { spec, response: await engine.containers.create({ spec }, signal) };
  } catch (error) {
    if (local || !isKind(error, "noSuchImage")) throw error;
    const pulled = await pull(context, spec, { policy });
    return { spec: pulled, response: await engine.containers.create({ spec: pulled }, signal) };
  }
}

/** The spec with the image that was pulled; one from an archive is known by its id alone. */
async function pull(
  context: CommandContext,
  spec: CreateSpec,
  { policy }: { readonly policy: PullPolicy },
): Promise<CreateSpec> {
  const { pullImage } = await import("../image/_pull.ts");
  const id = await pullImage(context, spec.image, { policy });
  const transport = /^[a-z][a-z-]*:/.exec(spec.image)?.[0] ?? "";
  const named = !["docker-archive:", "oci-archive:", "oci:", "dir:", "docker-daemon:"].includes(transport);
  return named || id === "" ? spec : { ...spec, image: id, raw_image_name: spec.raw_image_name ?? spec.image };
}
