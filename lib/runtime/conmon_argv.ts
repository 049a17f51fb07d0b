import type { CreateRuntimeContainer, ExecRuntimeContainer, LogTarget, RuntimeHandle } from "./types.ts";

type MonitorInput = CreateRuntimeContainer | ExecRuntimeContainer;

/** conmon's `--log-path`. Its json-file differs from Docker's; like Podman we write k8s-file under both names. */
export function logArguments(log: LogTarget): readonly string[] {
  switch (log.driver) {
    case "k8s-file":
      return ["-l", `k8s-file:${log.path}`, ...(log.maxSize ? ["--log-size-max", String(log.maxSize)] : [])];
    case "none":
      return ["-l", "none"];
    case "passthrough":
      return ["-l", "passthrough"];
    case "journald":
      return ["-l", "journald", ...(log.tag ? ["--log-tag", log.tag] : [])];
    default:
      return log satisfies never;
  }
}

/** Flags before the verb, the same for calls by conmon and by us. runc says errors plainly only beside a JSON log. */
export function runtimeFlags(handle: RuntimeHandle, logPath?: string): readonly string[] {
  const log = logPath !== undefined && handle.runtime.family !== "crun" ? ["--log-format=json", "--log", logPath] : [];
  const systemd = handle.systemdCgroup ? ["--systemd-cgroup"] : [];
  return [...(handle.flags ?? []), ...log, ...systemd, "--root", handle.stateDir];
}

function each(flag: string, values: readonly string[]): readonly string[] {
  return values.flatMap((value) => [flag, value]);
}

function exitArguments(input: MonitorInput): readonly string[] {
  const [program, ...rest] = input.exitCommand;
  if (program === undefined) return [];
  const delay = input.exitDelay ? ["--exit-delay", String(input.exitDelay)] : [];
  return ["--exit-command", program, ...each("--exit-command-arg", rest), ...delay];
}

type Identity = { readonly cuuid: string; readonly exitDir: string };

function monitorArguments(input: MonitorInput, identity: Identity): readonly string[] {
  const { handle } = input;
  const preserved = input.preservedFds?.length ?? 0;
  return [
    input.conmon,
    ...["--api-version", "1", "-c", input.id, "-u", identity.cuuid, "-n", input.name],
    ...["-r", handle.runtime.path, "-b", input.bundle, "-p", input.pidFile, "-P", input.conmonPidFile],
    ...["--exit-dir", identity.exitDir, "--full-attach"],
    ...logArguments(input.log),
    ...["--log-level", input.logLevel ?? "error", ...(input.syslog ? ["--syslog"] : [])],
    // Sets what the runtime gets for conmon's own use; the driver itself is chosen by the flag among the runtime's.
    ...(handle.systemdCgroup ? ["-s"] : []),
    // conmon puts --systemd-cgroup before the verb by itself.
    ...each("--runtime-arg", runtimeFlags({ ...handle, systemdCgroup: false }, `${input.bundle}/oci-log`)),
    ...(preserved > 0 ? each("--runtime-opt", ["--preserve-fds", String(preserved)]) : []),
    ...(input.noSyncLog ? ["--no-sync-log"] : []),
    ...(input.noNewKeyring ? ["--no-new-keyring"] : []),
    ...(input.terminal ? ["-t"] : input.stdin ? ["-i"] : []),
    ...exitArguments(input),
  ];
}

/** argv of conmon for a container. */
export function createArgv(input: CreateRuntimeContainer): readonly string[] {
  return [
    ...monitorArguments(input, { cuuid: input.id, exitDir: input.exitDir }),
    ...(input.leaveStdinOpen ? ["--leave-stdin-open"] : []),
    ...(input.noPivot ? ["--no-pivot"] : []),
    ...(input.timeout ? ["--timeout", String(input.timeout)] : []),
    ...(input.sdnotifySocket ? ["--sdnotify-socket", input.sdnotifySocket] : []),
  ];
}

/** argv of conmon for a session of `exec`; its process object is in BUNDLE/process.json. */
export function execArgv(input: ExecRuntimeContainer): readonly string[] {
  return [
    // conmon names the exit file of a session after the container: the session's own directory keeps them apart.
    ...monitorArguments(input, { cuuid: input.session, exitDir: input.bundle }),
    ...["-e", "--exec-process-spec", `${input.bundle}/process.json`],
    ...(input.onAttachable === undefined ? [] : ["--exec-attach"]),
  ];
}
