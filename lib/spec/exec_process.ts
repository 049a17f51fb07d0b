/** A session of `exec` → the `process` that the runtime is given. */

import type { Container } from "../engine/container.ts";
import type { ExecCreateConfig } from "../engine/types/exec.ts";
import type { RuntimeProcess } from "../oci/runtime_spec.ts";
import { fixedEnvironment } from "./env.ts";
import { clampLimits, environment, runtimeCapabilities } from "./runtime_config.ts";
import type { RuntimeFacts } from "./runtime_facts.ts";

export type ExecFacts = Pick<RuntimeFacts, "user" | "limits"> & {
  /** What `--privileged` means for this engine. */
  readonly boundingCapabilities: readonly string[];
};

/** The process runs with the container's environment and limits, and never with more privileges unless told so. */
export function execProcess(container: Container, config: ExecCreateConfig, facts: ExecFacts): RuntimeProcess {
  const { process, security, network } = container;
  const given = fixedEnvironment(config.Env);
  const terminal: Readonly<Record<string, string>> = config.Tty ? { TERM: "xterm" } : {};
  const env = { ...process.env, ...given };
  const raised = { capabilities: facts.boundingCapabilities, addedCapabilities: facts.boundingCapabilities };
  const [rows = 0, columns = 0] = config.ConsoleSize ?? [];
  return {
    ...(config.Tty && { terminal: true }),
    ...(config.Tty && rows > 0 && columns > 0 && { consoleSize: { height: rows, width: columns } }),
    user: {
      uid: facts.user.uid,
      gid: facts.user.gid,
      umask: parseInt(process.umask, 8),
      ...(facts.user.additionalGids.length > 0 && { additionalGids: facts.user.additionalGids }),
    },
    args: config.Cmd,
    env: environment(env, { ...terminal, HOME: facts.user.home, HOSTNAME: network.hostname }),
    cwd: config.WorkingDir || process.cwd,
    capabilities: runtimeCapabilities(config.Privileged ? raised : security, facts.user),
    rlimits: clampLimits(process.rlimits, facts.limits),
    ...(security.noNewPrivileges && !config.Privileged && { noNewPrivileges: true }),
    ...(security.apparmor !== "" && { apparmorProfile: config.Privileged ? "unconfined" : security.apparmor }),
    ...(process.oomScoreAdj !== null && { oomScoreAdj: process.oomScoreAdj }),
  };
}
