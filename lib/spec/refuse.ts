import type { CreateSpec } from "../engine/types/spec.ts";
import { unsupported } from "./invalid.ts";

/** Fields that we know and cannot honour yet, with what to call them. */
const fields: readonly (readonly [keyof CreateSpec, string])[] = [
  ["pod", "containers in pods"],
  ["secrets", "secrets"],
  ["secret_env", "secrets"],
  ["overlay_volumes", "overlay volumes (option O)"],
  ["image_volumes", "image volumes"],
  ["artifact_volumes", "artifact volumes"],
  ["volumes_from", "--volumes-from"],
  ["devices_from", "devices from other containers"],
  ["intelRdt", "--rdt-class"],
  ["personality", "--personality"],
  ["init_container_type", "init containers"],
  ["label_nested", "--security-opt label=nested"],
  ["shm_size_systemd", "--shm-size-systemd"],
  ["rootfs_mapping", "a root file system with id mapping"],
  ["startupHealthConfig", "startup health checks"],
  ["removeImage", "--rmi"],
  ["hostusers", "--hostuser"],
  ["storage_opts", "--storage-opt of a container"],
  ["procfs_opts", "--security-opt proc-opts"],
  ["passwd_entry", "--passwd-entry"],
  ["group_entry", "--group-entry"],
  ["chroot_directories", "--chrootdirs"],
];

/** Throws `EngineError("unsupported")` if `spec` asks for anything that we would have to leave out. */
export function refuseUnsupported(spec: CreateSpec): void {
  for (const [field, what] of fields) {
    if (!isEmpty(spec[field])) throw unsupported(what);
  }
  if (spec.systemd === "always") throw unsupported("--systemd=always");
  if (spec.sdnotifyMode && !["container", "ignore"].includes(spec.sdnotifyMode)) {
    throw unsupported(`--sdnotify=${spec.sdnotifyMode}`);
  }
  if (spec.seccomp_policy === "image") throw unsupported("--seccomp-policy=image");
  if ((spec.health_check_on_failure_action ?? 0) !== 0) throw unsupported("--health-on-failure");
}

/** As Go's omitempty sees it. */
function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "" || value === 0 || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === "object" && Object.keys(value).length === 0;
}
