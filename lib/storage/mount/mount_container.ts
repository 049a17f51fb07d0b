import { join } from "node:path/posix";
import { EngineError } from "../../errors.ts";
import { AT_FDCWD, O, open } from "../../sys/fd.ts";
import { mkdirAt, removeTree, tryStatAt } from "../../sys/file.ts";
import { inUserNamespace } from "../user_namespace.ts";
import { isMapped } from "./id_map.ts";
import { lowerDirs } from "./lower.ts";
import { mountOverlay, type OverlayMount, withDefaults } from "./overlay.ts";
import type { Mounter, MountInput } from "./mounter.ts";

/** Makes `merged` show the layers with what the container changed on top. */
export async function mountContainer(mounter: Mounter, input: MountInput): Promise<void> {
  const { paths } = input;
  if (tryStatAt(AT_FDCWD, paths.upper) === undefined) {
    throw new EngineError("notFound", `mounting "${paths.merged}": the container has no root file system`);
  }
  if (mounter.isCopied(paths)) return;
  const driver = await mounter.driver();
  switch (driver.kind) {
    case "vfs":
      return (await import("./copy_root.ts")).copyRoot(mounter, input);
    case "native":
      return await stack(mounter, input, { allowIdmap: true, mount: mountNative });
    case "fuse":
      return await stack(mounter, input, {
        allowIdmap: false,
        mount: async (overlay) => await (await import("./fuse.ts")).mountFuse(driver.program, overlay),
      });
    default:
      return driver satisfies never;
  }
}

type Stacking = {
  readonly allowIdmap: boolean;
  readonly mount: (overlay: OverlayMount) => void | Promise<void>;
};

async function stack(mounter: Mounter, input: MountInput, { allowIdmap, mount }: Stacking): Promise<void> {
  using opened = new DisposableStack();
  const { paths, idMappings } = input;
  const lower = isMapped(idMappings)
    ? await (await import("./mapped_lower.ts")).mappedLowerDirs(input.storage, input.diffIds, {
      mappings: idMappings,
      stack: opened,
      allowIdmap,
    })
    : lowerDirs(input.storage, input.diffIds);
  const base = withDefaults(mounter.options, { userNamespace: inUserNamespace() });
  const options = input.volatile ? { ...base, data: [...base.data, "volatile"] } : base;
  await mount({
    lower: lower.length > 0 ? lower : [emptyDirectory(paths.directory)],
    upper: paths.upper,
    work: paths.work,
    target: paths.merged,
    options,
  });
}

/** Overlay wants a lower directory, also for an image without layers. */
function emptyDirectory(directory: string): string {
  const path = join(directory, "empty");
  if (tryStatAt(AT_FDCWD, path) === undefined) mkdirAt(AT_FDCWD, path, { mode: 0o755 });
  return path;
}

function mountNative(overlay: OverlayMount): void {
  if (overlay.options.data.includes("volatile")) forgetVolatile(overlay.work);
  mountOverlay(overlay);
}

/**
 * Overlay refuses to mount what was mounted `volatile` before, as a crash may have cost data. A container that asks for
 * it asks for nothing else.
 */
function forgetVolatile(work: string): void {
  const incompatible = join(work, "work", "incompat");
  if (tryStatAt(AT_FDCWD, incompatible) === undefined) return;
  using directory = open(join(work, "work"), O.RDONLY | O.DIRECTORY | O.NOFOLLOW);
  removeTree(directory, "incompat");
}
