import { EngineError } from "../../errors.ts";
import type { RemoveImagesInput } from "../../engine/images.ts";
import type { LibpodImagesRemoveReport } from "../../engine/types/image.ts";
import type { ImageRecord } from "../../state/mod.ts";
import type { Local } from "../context.ts";
import { collectGarbage, sweep } from "../sweep.ts";
import { imageEvent } from "./event.ts";
import { findImage, type FoundImage } from "./find.ts";

type Report = { deleted: string[]; untagged: string[]; errors: EngineError[] };

/**
 * Takes names from images and removes those that have no other. All are tried; failures are in the report, with Podman's exit
 * code: 1 if one was not there, 2 if one is in use, 125 otherwise.
 */
export async function removeImages(
  local: Local,
  input: RemoveImagesInput,
  signal?: AbortSignal,
): Promise<LibpodImagesRemoveReport> {
  const report: Report = { deleted: [], untagged: [], errors: [] };
  const names = input.all ? local.state.images.list().map(({ id }) => id) : input.names;
  for (const name of names) {
    try {
      await removeOne(local, name, { input, report, signal });
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      report.errors.push(error);
    }
  }
  if (report.deleted.length > 0) await collectGarbage(local);
  await sweep(local);
  return {
    Deleted: report.deleted,
    Untagged: report.untagged,
    Errors: report.errors.map(({ message }) => message),
    ExitCode: exitCode(report.errors),
  };
}

function exitCode(errors: readonly EngineError[]): number {
  if (errors.length === 0) return 0;
  if (errors.every(({ kind }) => kind === "noSuchImage")) return 1;
  return errors.every(({ kind }) => kind === "imageInUse") ? 2 : 125;
}

type Removal = { readonly input: RemoveImagesInput; readonly report: Report; readonly signal?: AbortSignal };

async function removeOne(local: Local, name: string, removal: Removal): Promise<void> {
  const { input, report } = removal;
  const found = findImage(local, name);
  if (!found && input.ignore) return;
  if (!found) throw new EngineError("noSuchImage", `${name}: image not known`);
  if (onlyUntags(found, input)) {
    untag(local, found);
    report.untagged.push(found.name);
    return;
  }
  refuseManyNames(found, input);
  await freeFromContainers(local, found.image, removal);
  local.state.transaction(() => {
    local.state.images.remove(found.image.id);
    for (const tag of found.image.names) imageEvent(local, { id: found.image.id, action: "untag", name: tag });
    imageEvent(local, { id: found.image.id, action: "remove", name: found.name || found.image.id });
  }, { durable: true });
  report.untagged.push(...found.image.names);
  report.deleted.push(found.image.id);
}

function onlyUntags({ image, name }: FoundImage, { all }: RemoveImagesInput): boolean {
  return !all && name !== "" && image.names.includes(name) && image.names.length > 1;
}

function untag(local: Local, { image, name }: FoundImage): void {
  local.state.transaction(() => {
    local.state.images.removeName(name);
    imageEvent(local, { id: image.id, action: "untag", name });
  }, { durable: true });
}

function refuseManyNames({ image, name }: FoundImage, { all, force }: RemoveImagesInput): void {
  if (all || force || name !== "" || image.names.length <= 1) return;
  const message = `unable to delete image "${image.id}" by ID with more than one tag (${
    image.names.join(" ")
  }): please force removal`;
  throw new EngineError("conflict", message);
}

async function freeFromContainers(local: Local, image: ImageRecord, { input, signal }: Removal): Promise<void> {
  const users = local.state.containers.usingImage(image.id);
  const [first] = users;
  if (first === undefined) return;
  if (!input.force) {
    throw new EngineError(
      "imageInUse",
      `image used by ${first}: image is in use by a container: consider listing external containers and force-removing image`,
    );
  }
  const { removeContainer } = await import("../container/remove.ts");
  for (const id of users) await removeContainer(local, { name: id, force: true, ignore: true, timeout: 0 }, signal);
}
