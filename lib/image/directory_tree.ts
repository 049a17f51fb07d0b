import { EngineError } from "../errors.ts";
import { reasonOf } from "./file_reason.ts";
import type { FileTree } from "./file_tree.ts";

/** The files of a directory. Names come from digests or are constants: they never lead out of it. */
export function openDirectoryTree(directory: string): FileTree {
  const locate = (name: string) => {
    if (name.split("/").includes("..")) throw new EngineError("corrupt", `file ${JSON.stringify(name)}: leads out`);
    const path = `${directory}/${name}`;
    const size = fileSize(path);
    return size === undefined ? undefined : { path, offset: 0, size };
  };
  return {
    path: directory,
    locate,
    read: (name, { limit }) => {
      const found = locate(name);
      const path = `${directory}/${name}`;
      if (found === undefined) throw new EngineError("notFound", `open ${path}: no such file or directory`);
      if (found.size > limit) {
        throw new EngineError("corrupt", `file ${JSON.stringify(path)}: larger than ${limit} bytes`);
      }
      return readFile(path);
    },
    [Symbol.dispose]: () => {},
  };
}

function fileSize(path: string): number | undefined {
  try {
    const found = Deno.statSync(path);
    return found.isFile ? found.size : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return undefined;
    throw unreadable(path, error);
  }
}

function readFile(path: string): Uint8Array {
  try {
    return Deno.readFileSync(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, cause: unknown): EngineError {
  const kind = cause instanceof Deno.errors.PermissionDenied ? "permission" : "notFound";
  return new EngineError(kind, `open ${path}: ${reasonOf(cause)}`, { cause });
}
