/** `doctor`: looks at the host and says what is wrong, what it breaks, and which command mends it. Changes nothing. */

import { existsSync } from "node:fs";
import { userInfo } from "node:os";
import type { DoctorReport, Finding } from "../../engine/system.ts";
import { messageOf } from "../../errors.ts";
import { access, statfs } from "../../sys/file.ts";
import { nearest } from "./_nearest.ts";
import { uname } from "../../sys/id.ts";
import { ociRuntime } from "../container/runtime.ts";
import type { Local } from "../context.ts";
import { type Distribution, installCommand, readDistribution } from "./distribution.ts";
import { findHelper, readOr } from "./host.ts";

type Host = { readonly local: Local; readonly distribution: Distribution };
type Check = (host: Host) => Finding | null | Promise<Finding | null>;

const READ_WRITE = 6;
/** Bytes of free space below which we warn, and below which nothing can be pulled. */
const littleSpace = 1 << 30;
const noSpace = 16 << 20;

const checks: readonly Check[] = [
  kernel,
  overlay,
  userNamespaces,
  cgroups,
  seccomp,
  (host) => helper(host, { name: "conmon", level: "bad", breaks: "no container can run: conmon watches over each" }),
  runtime,
  (host) =>
    helper(host, {
      name: "netavark",
      level: host.local.rootless ? null : "warning",
      breaks: "bridge networks; --network none and host still work",
    }),
  (host) =>
    helper(host, {
      name: "aardvark-dns",
      level: host.local.rootless ? null : "warning",
      breaks: "containers cannot find each other by name",
    }),
  subordinateIds,
  (host) => helper(host, idMapper("newuidmap", host)),
  (host) => helper(host, idMapper("newgidmap", host)),
  rootlessNetwork,
  tun,
  (host) => helper(host, { name: "catatonit", level: "warning", breaks: "run --init" }),
  disk,
  runDirectory,
];

/** All findings, in the order in which a container needs what they are about. */
export async function doctor(local: Local): Promise<DoctorReport> {
  const host = { local, distribution: readDistribution() };
  const found = await Promise.all(checks.map((check) => guarded(check, host)));
  const findings = found.filter((finding) => finding !== null);
  return { canRun: !findings.some(({ level }) => level === "bad"), findings };
}

/** A look that fails is itself a finding. */
async function guarded(check: Check, host: Host): Promise<Finding | null> {
  try {
    return await check(host);
  } catch (error) {
    return {
      check: check.name || "check",
      level: "warning",
      found: messageOf(error),
      breaks: "this could not be looked at",
      fix: "",
    };
  }
}

function good(check: string, found: string): Finding {
  return { check, level: "good", found, breaks: "", fix: "" };
}

function kernel(): Finding {
  const { release } = uname();
  const [major = 0, minor = 0] = release.split(".").map(Number);
  if (major > 5 || (major === 5 && minor >= 11)) return good("kernel", release);
  return {
    check: "kernel",
    level: major < 4 ? "bad" : "warning",
    found: `${release} is older than 5.11`,
    breaks: "overlay mounts of ordinary users",
    fix: "",
  };
}

function overlay({ distribution }: Host): Finding {
  if (/\boverlay$/m.test(readOr("/proc/filesystems"))) return good("overlay", "in the kernel");
  if (existsSync(`/lib/modules/${uname().release}/kernel/fs/overlayfs`)) {
    return {
      check: "overlay",
      level: "warning",
      found: "module not loaded",
      breaks: "layers are copied for each container",
      fix: "modprobe overlay",
    };
  }
  const fix = installCommand("fuse-overlayfs", distribution);
  return {
    check: "overlay",
    level: "warning",
    found: "not in this kernel",
    breaks: "layers are copied for each container",
    fix,
  };
}

function userNamespaces({ local }: Host): Finding | null {
  const limit = readOr("/proc/sys/user/max_user_namespaces", "").trim();
  const clone = readOr("/proc/sys/kernel/unprivileged_userns_clone", "1").trim();
  const apparmor = readOr("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "0").trim();
  const level = local.rootless ? "bad" : "warning";
  const breaks = "containers of ordinary users";
  const check = "user namespaces";
  if (limit === "" || limit === "0") {
    return { check, level, found: "switched off", breaks, fix: "sysctl -w user.max_user_namespaces=15000" };
  }
  if (clone === "0") {
    return {
      check,
      level,
      found: "not for ordinary users",
      breaks,
      fix: "sysctl -w kernel.unprivileged_userns_clone=1",
    };
  }
  if (apparmor === "1") {
    return {
      check,
      level: "warning",
      found: "AppArmor restricts them",
      breaks,
      fix: "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
    };
  }
  return good(check, `up to ${limit}`);
}

async function cgroups({ local }: Host): Promise<Finding> {
  const { detectCgroups } = await import("../../runtime/cgroup_layout.ts");
  const { mode, controllers, delegated } = detectCgroups();
  const found = `${mode}, controllers ${controllers.join(" ") || "none"}`;
  if (mode !== "v2" && local.rootless) {
    return {
      check: "cgroups",
      level: "warning",
      found,
      breaks: "limits (--memory, --cpus, …) of ordinary users",
      fix: "boot with systemd.unified_cgroup_hierarchy=1",
    };
  }
  if (!delegated) {
    const fix = "loginctl enable-linger, and start a new session";
    return {
      check: "cgroups",
      level: "warning",
      found: `${found}, not delegated to this user`,
      breaks: "limits (--memory, --cpus, …)",
      fix,
    };
  }
  return good("cgroups", found);
}

function seccomp(): Finding {
  if (existsSync("/proc/sys/kernel/seccomp/actions_avail")) return good("seccomp", "in the kernel");
  return {
    check: "seccomp",
    level: "warning",
    found: "not in this kernel",
    breaks: "containers need --security-opt seccomp=unconfined",
    fix: "",
  };
}

type Wanted = { readonly name: string; readonly level: Finding["level"] | null; readonly breaks: string };

/** Looks for a program; with `level` null it is not needed here and goes unmentioned. */
async function helper({ local, distribution }: Host, { name, level, breaks }: Wanted): Promise<Finding | null> {
  if (level === null) return null;
  const found = await findHelper(name, local.config.engine.helper_binaries_dir);
  if (!found) return { check: name, level, found: "not found", breaks, fix: installCommand(name, distribution) };
  const version = found.version.split("\n")[0] ?? "";
  return good(name, version === "" ? found.path : `${found.path} (${version})`);
}

function idMapper(name: string, { local }: Host): Wanted {
  return { name, level: local.rootless ? "warning" : null, breaks: "images with files of more than one user" };
}

async function runtime({ local, distribution }: Host): Promise<Finding> {
  try {
    const { name, path, note } = await ociRuntime(local, "");
    return good("runtime", `${name} at ${path}${note === "" ? "" : `: ${note}`}`);
  } catch (error) {
    return {
      check: "runtime",
      level: "bad",
      found: messageOf(error),
      breaks: "no container can run",
      fix: installCommand("crun", distribution),
    };
  }
}

function subordinateIds({ local }: Host): Finding | null {
  if (!local.rootless) return null;
  const name = userInfo({ encoding: "utf8" }).username;
  const uid = String(local.config.uid);
  const missing = ["/etc/subuid", "/etc/subgid"].filter((path) => !hasRange(readOr(path), [name, uid]));
  if (missing.length === 0) return good("subordinate ids", "in /etc/subuid and /etc/subgid");
  const fix = `usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ${name}`;
  const breaks = "images with files of more than one user";
  return {
    check: "subordinate ids",
    level: "warning",
    found: `none for ${name} in ${missing.join(" and ")}`,
    breaks,
    fix,
  };
}

function hasRange(text: string, names: readonly string[]): boolean {
  return text.split("\n").some((line) => names.includes(line.split(":")[0] ?? "") && Number(line.split(":")[2]) > 0);
}

async function rootlessNetwork(host: Host): Promise<Finding | null> {
  if (!host.local.rootless) return null;
  const found = await Promise.all(
    ["pasta", "slirp4netns"].map((name) => findHelper(name, host.local.config.engine.helper_binaries_dir)),
  );
  const first = found.find((program) => program !== null);
  if (first) return good("rootless network", first.path);
  const fix = installCommand("pasta", host.distribution);
  return {
    check: "rootless network",
    level: "warning",
    found: "neither pasta nor slirp4netns",
    breaks: "networks of ordinary users; --network none and host still work",
    fix,
  };
}

function tun({ local }: Host): Finding | null {
  const path = "/dev/net/tun";
  if (access(path, READ_WRITE)) return good(path, "can be opened");
  if (!local.rootless) return null;
  const fix = existsSync(path) ? `chmod 666 ${path}` : "modprobe tun";
  return {
    check: path,
    level: "warning",
    found: existsSync(path) ? "no permission" : "not there",
    breaks: "networks of ordinary users",
    fix,
  };
}

function disk({ local }: Host): Finding {
  const root = nearest(local.config.paths.root);
  const { available: free } = statfs(root);
  const found = `${(free / 1e9).toFixed(1)} GB free at ${root}`;
  if (free >= littleSpace) return good("disk", found);
  const level = free < noSpace ? "bad" : "warning";
  return {
    check: "disk",
    level,
    found,
    breaks: "pulling images and writing in containers",
    fix: "beluga rmi IMAGE for images that are not needed",
  };
}

function runDirectory({ local }: Host): Finding {
  const { runRoot } = local.config.paths;
  const place = nearest(runRoot);
  if (access(place, READ_WRITE)) return good("run directory", runRoot);
  const breaks = "no container can run";
  return {
    check: "run directory",
    level: "bad",
    found: `${place} cannot be written`,
    breaks,
    fix: `install -d -m 0700 -o ${local.config.uid} ${runRoot}`,
  };
}
