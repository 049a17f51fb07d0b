import { AT_FDCWD } from "../sys/fd.ts";
import { tryUnlinkAt } from "../sys/file.ts";
import { createArgv, execArgv } from "./conmon_argv.ts";
import { identify, identifyFromFile, type Monitor, startMonitor } from "./monitor.ts";
import type { CreatedContainer, CreateRuntimeContainer, ExecRuntimeContainer } from "./types.ts";

/**
 * Starts conmon, which has the runtime create the container; its command does not run before `startContainer`.
 * BUNDLE/config.json must be there, and the exit directory. Errors: `commandNotFound`, `commandNotInvokable`, `runtime`,
 * in Podman's words. After a failure nothing runs; what the runtime left is removed by `deleteContainer` with `force`.
 */
export async function createContainer(input: CreateRuntimeContainer, signal?: AbortSignal): Promise<CreatedContainer> {
  tryUnlinkAt(AT_FDCWD, `${input.exitDir}/${input.id}`);
  tryUnlinkAt(AT_FDCWD, `${input.bundle}/oom`);
  await using monitor = startMonitor(
    { argv: createArgv(input), input, heldFds: input.heldFds ?? [], attach: false },
    signal,
  );
  return await created(monitor, input);
}

/**
 * Starts a process in a running container under a conmon of its own. With `onAttachable` the session's socket
 * (`bundle`/attach) is there before the process starts. The exit file is BUNDLE/<container id>.
 */
export async function execContainer(input: ExecRuntimeContainer, signal?: AbortSignal): Promise<CreatedContainer> {
  tryUnlinkAt(AT_FDCWD, `${input.bundle}/${input.id}`);
  await Deno.writeTextFile(`${input.bundle}/process.json`, JSON.stringify(input.process), { mode: 0o600 });
  const attach = input.onAttachable !== undefined;
  await using monitor = startMonitor({ argv: execArgv(input), input, heldFds: [], attach }, signal);
  if (input.onAttachable !== undefined) {
    await monitor.answer("attach");
    await input.onAttachable(`${input.bundle}/attach`);
    monitor.proceed();
  }
  return await created(monitor, input);
}

async function created(
  monitor: Monitor,
  input: CreateRuntimeContainer | ExecRuntimeContainer,
): Promise<CreatedContainer> {
  const { data: pid } = await monitor.answer("sync");
  const process = identify(pid);
  // conmon's parent writes the pid file before it ends, which may be after the answer.
  await monitor.child.wait();
  return { process, conmon: identifyFromFile(input.conmonPidFile) };
}
