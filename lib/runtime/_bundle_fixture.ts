import { findProgram } from "../sys/program.ts";
import { findRuntime } from "./find_runtime.ts";
import type { CreateRuntimeContainer, OciRuntime } from "./types.ts";

/** Test support: a container with a static busybox as its whole root file system. */
export type Fixture = AsyncDisposable & {
  readonly input: CreateRuntimeContainer;
  readonly root: string;
};

const busybox = findProgram("busybox");

/** Why the real thing cannot be tested here, if so. */
export const cannotRun = Deno.uid() !== 0 || busybox === undefined || findProgram("conmon") === undefined;

/**
 * The runtimes installed here. crun refuses hybrid cgroups: it gets a mount namespace of its own without the second
 * hierarchy, by a script in `root`.
 */
export async function runtimes(root: string): Promise<readonly OciRuntime[]> {
  const found: OciRuntime[] = [];
  if (findProgram("runc") !== undefined) found.push(findRuntime({ requested: "runc", paths: {} }));
  const crun = findProgram("crun");
  if (crun === undefined) return found;
  const script = `${root}/crun`;
  const body = `umount /sys/fs/cgroup/unified 2>/dev/null; exec ${crun} "$@"`;
  await Deno.writeTextFile(script, `#!/bin/sh\nexec unshare -m sh -c '${body}' crun "$@"\n`, { mode: 0o755 });
  return [...found, { name: "crun", path: script, family: "crun", note: "" }];
}

type Wanted = {
  readonly runtime: OciRuntime;
  readonly args: readonly string[];
  readonly root: string;
  readonly terminal?: boolean;
  readonly stdin?: boolean;
  /** Commands of busybox beyond the usual ones. */
  readonly extra?: readonly string[];
};

let serial = 0;

export async function makeBundle(wanted: Wanted): Promise<CreateRuntimeContainer> {
  const id = `beluga-test-${Deno.pid}-${serial++}`;
  const bundle = `${wanted.root}/${id}`;
  const bin = `${bundle}/rootfs/bin`;
  for (const name of ["proc", "dev", "sys", "tmp", "bin"]) {
    await Deno.mkdir(`${bundle}/rootfs/${name}`, { recursive: true });
  }
  await Deno.mkdir(`${wanted.root}/exits`, { recursive: true });
  await Deno.copyFile(busybox ?? "", `${bin}/busybox`);
  for (const name of ["sh", "cat", "sleep", "stty", "true", ...(wanted.extra ?? [])]) {
    await Deno.symlink("busybox", `${bin}/${name}`);
  }
  await Deno.writeTextFile(`${bundle}/config.json`, JSON.stringify(config(wanted, id)));
  return {
    conmon: findProgram("conmon") ?? "conmon",
    handle: { runtime: wanted.runtime, stateDir: `${wanted.root}/state-${wanted.runtime.name}` },
    id,
    name: id,
    bundle,
    exitDir: `${wanted.root}/exits`,
    log: { driver: "k8s-file", path: `${bundle}/ctr.log` },
    terminal: wanted.terminal ?? false,
    stdin: wanted.stdin ?? false,
    exitCommand: [],
    conmonPidFile: `${bundle}/conmon.pid`,
    pidFile: `${bundle}/pidfile`,
    env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin" },
  };
}

export function processOf(args: readonly string[], terminal = false): unknown {
  const capabilities = ["CAP_KILL", "CAP_SETUID"];
  return {
    terminal,
    user: { uid: 0, gid: 0 },
    args,
    env: ["PATH=/bin", "TERM=xterm"],
    cwd: "/",
    capabilities: { bounding: capabilities, effective: capabilities, permitted: capabilities },
    noNewPrivileges: true,
  };
}

function config(wanted: Wanted, id: string): unknown {
  return {
    ociVersion: "1.0.2",
    process: processOf(wanted.args, wanted.terminal),
    root: { path: "rootfs" },
    hostname: "test",
    mounts: [
      { destination: "/proc", type: "proc", source: "proc" },
      { destination: "/dev", type: "tmpfs", source: "tmpfs", options: ["nosuid", "mode=755"] },
      { destination: "/dev/pts", type: "devpts", source: "devpts", options: ["newinstance", "ptmxmode=0666"] },
    ],
    linux: {
      cgroupsPath: `/beluga-test/${id}`,
      namespaces: ["pid", "network", "ipc", "uts", "mount"].map((type) => ({ type })),
    },
  };
}
