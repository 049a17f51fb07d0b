/** What config.json is made from besides the container itself: looked up for this one start. */

import { readdirSync, readFileSync } from "node:fs";
import type { Container, ContainerNamespaces } from "../../engine/container.ts";
import type { Namespace } from "../../engine/types/spec.ts";
import { EngineError, messageOf } from "../../errors.ts";
import type { RuntimeDevice, RuntimeSeccomp } from "../../oci/runtime_spec.ts";
import type { CgroupLayout } from "../../runtime/types.ts";
import { loadSeccompProfile } from "../../spec/seccomp/load.ts";
import { runtimeSeccomp } from "../../spec/seccomp/profile.ts";
import type { NamespacePaths, RuntimeFacts } from "../../spec/runtime_facts.ts";
import { cgroupsPath } from "../../runtime/cgroup.ts";
import { AT_FDCWD } from "../../sys/fd.ts";
import { statAt } from "../../sys/file.ts";
import { getrlimit, type Resource, rlimits, uname } from "../../sys/id.ts";
import { findProgram } from "../../sys/program.ts";
import type { ContainerRecord } from "../../state/mod.ts";
import type { Local } from "../context.ts";
import { architecture } from "../system/version.ts";
import { isLive, observe } from "./observe.ts";
import { cgroupManager } from "./runtime.ts";

/** Namespaces to join: of containers that run, given by path, or made by us (`netns`). */
export async function namespacePaths(
  local: Local,
  { namespaces, netns }: { readonly namespaces: ContainerNamespaces; readonly netns: string },
): Promise<NamespacePaths> {
  const paths: { -readonly [K in keyof NamespacePaths]: string } = netns === "" ? {} : { net: netns };
  for (const kind of ["pid", "uts", "ipc", "user", "cgroup", "net"] as const) {
    const path = await namespacePath(local, { ...namespaces[kind], kind });
    if (path !== undefined) paths[kind] = path;
  }
  return paths;
}

type Joined = Namespace & { readonly kind: keyof ContainerNamespaces };

async function namespacePath(local: Local, { nsmode, value = "", kind }: Joined): Promise<string | undefined> {
  if (nsmode === "path") return value;
  if (nsmode !== "container") return undefined;
  return `/proc/${await pidOf(local, value)}/ns/${kind}`;
}

/** The first process of a container that has to run for this one. */
export async function pidOf(local: Local, id: string): Promise<number> {
  const record: ContainerRecord = await observe(local, local.state.containers.get(id));
  if (isLive(record.state)) return record.state.process.pid;
  throw new EngineError(
    "containerState",
    `cannot join the namespaces of container ${record.container.id}: it is not running: container state improper`,
  );
}

/** The profile for the container's capabilities; `null`: unconfined. */
export async function seccompOf({ security }: Container): Promise<RuntimeSeccomp | null> {
  const profile = await loadSeccompProfile(security.seccomp, readProfile);
  const facts = { capabilities: security.capabilities, architecture: architecture(), kernel: uname().release };
  return profile && runtimeSeccomp(profile, facts);
}

function readProfile(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw new EngineError("invalidArgument", `opening seccomp profile failed: ${messageOf(error)}`, { cause: error });
  }
}

/** Our own limits, which a container's cannot exceed. */
export function ownLimits({ process }: Container): RuntimeFacts["limits"] {
  const entries = process.rlimits.flatMap(({ type }) => {
    const name = parseResource(type);
    return name === undefined ? [] : [[type, getrlimit(name)] as const];
  });
  return new Map(entries);
}

/** `RLIMIT_NOFILE` → `nofile`. */
function parseResource(type: string): Resource | undefined {
  const name = type.replace(/^RLIMIT_/, "").toLowerCase();
  return Object.hasOwn(rlimits, name) ? name as Resource : undefined;
}

/** Path of the program that is pid 1 with `--init`. */
export function initProgram(local: Local, { init, initPath }: Container): string {
  if (!init) return "";
  const found = initPath !== ""
    ? findProgram(initPath)
    : findProgram("catatonit", local.config.engine.helper_binaries_dir) ??
      findProgram("catatonit", ["/usr/libexec/podman", "/usr/bin"]);
  if (found !== undefined) return found;
  throw new EngineError(
    "helperMissing",
    `container-init binary not found on the host: "${initPath || "catatonit"}", needed by --init; install "catatonit"`,
  );
}

export function cgroupFacts(
  local: Local,
  { container, layout }: { readonly container: Container; readonly layout: CgroupLayout },
): Pick<RuntimeFacts, "cgroups" | "cgroupsPath"> {
  return {
    cgroups: { version: layout.mode === "v2" ? 2 : 1, controllers: layout.delegated ? layout.controllers : [] },
    cgroupsPath: !layout.delegated ? "" : cgroupsPath({
      driver: cgroupManager(local),
      parent: container.cgroupParent,
      id: container.id,
      rootless: local.rootless,
    }),
  };
}

/** Not given to privileged containers: they have their own. */
const ownDevices = new Set(["pts", "shm", "fd", "mqueue", "console", ".lxc", ".lxd-mounts", ".udev"]);

/** All device nodes of the host, for `--privileged`. */
export function hostDevices(directory = "/dev"): readonly RuntimeDevice[] {
  return readdirSync(directory).flatMap((name): readonly RuntimeDevice[] => {
    if (directory === "/dev" && ownDevices.has(name)) return [];
    const path = `${directory}/${name}`;
    const node = deviceAt(path);
    return node === "directory" ? hostDevices(path) : node;
  });
}

function deviceAt(path: string): readonly RuntimeDevice[] | "directory" {
  try {
    const { type, mode, uid, gid, rdevMajor: major, rdevMinor: minor } = statAt(AT_FDCWD, path);
    if (type === "directory") return "directory";
    if (type !== "block" && type !== "character") return [];
    return [{ path, type: type === "block" ? "b" : "c", major, minor, fileMode: mode & 0o7777, uid, gid }];
  } catch {
    // Gone meanwhile, or a link to nowhere.
    return [];
  }
}
