/**
 * /dev/shm of a container whose IPC namespace others may join: a file system on the host, because nothing can be bound out of
 * another mount namespace.
 */

import { mkdirSync } from "node:fs";
import type { Container } from "../../engine/container.ts";
import type { RuntimeFacts } from "../../spec/runtime_facts.ts";
import { hostIds } from "../../storage/mount/id_map.ts";
import { isSysError } from "../../sys/errno.ts";
import { MNT, mount, MS, umount } from "../../sys/mount.ts";
import type { Local } from "../context.ts";
import { runDirectory } from "../paths.ts";

/** /dev/shm by the kind of IPC namespace. What is mounted here goes with `unmountShm`. */
export function shmOf(local: Local, container: Container): RuntimeFacts["shm"] {
  const { ipc } = container.namespaces;
  switch (ipc.nsmode) {
    case "host":
      return { tag: "bind", source: "/dev/shm" };
    case "shareable":
      return { tag: "bind", source: mountShm(local, container) };
    case "container":
      return shmOfDonor(local, local.state.containers.get(ipc.value ?? "").container);
    case "none":
      return { tag: "none" };
    default:
      return { tag: "tmpfs" };
  }
}

/** The donor's own; the container's start has made sure that it runs. */
function shmOfDonor(local: Local, { id, namespaces: { ipc } }: Container): RuntimeFacts["shm"] {
  switch (ipc.nsmode) {
    case "shareable":
      return { tag: "bind", source: shmDirectory(local, id) };
    case "container":
      return shmOfDonor(local, local.state.containers.get(ipc.value ?? "").container);
    case "host":
      return { tag: "bind", source: "/dev/shm" };
    default:
      return { tag: "none" };
  }
}

function mountShm(local: Local, { id, shmSize, idMappings }: Container): string {
  const target = shmDirectory(local, id);
  mkdirSync(target, { recursive: true, mode: 0o700 });
  unmountShm(local, id);
  const { uid, gid } = idMappings.uid.length > 0 ? hostIds({ uid: 0, gid: 0 }, idMappings) : { uid: 0, gid: 0 };
  const data = `mode=1777,size=${shmSize},uid=${uid},gid=${gid}`;
  mount({ source: "shm", target, type: "tmpfs", flags: MS.NOSUID | MS.NODEV | MS.NOEXEC, data });
  return target;
}

/** Not mounted, or not there, is fine. */
export function unmountShm(local: Local, id: string): void {
  try {
    umount(shmDirectory(local, id), MNT.NOFOLLOW | MNT.DETACH);
  } catch (error) {
    if (!isSysError(error, "EINVAL", "ENOENT")) throw error;
  }
}

function shmDirectory({ config: { paths } }: Local, id: string): string {
  return `${runDirectory(paths, id)}/shm`;
}
