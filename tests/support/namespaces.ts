/**
 * Namespaces in which the whole program runs: a mount namespace without `/sys/fs/cgroup/unified`, because crun before
 * 1.9 refuses hosts with both kinds of cgroups; a network namespace, so that addresses, ports and firewall rules of a
 * test are its own and can all be seen.
 */

import { type Running, start } from "./execute.ts";

export type Wanted = { readonly forCrun: boolean; readonly ownNetwork: boolean };

export type Namespaces = AsyncDisposable & {
  /** What goes in front of an argv so that it runs inside; empty where the host's own serve. */
  readonly prefix: readonly string[];
  /** A process inside, whose /proc/PID/mountinfo tells the mounts; "self" where the host's own serve. */
  readonly witness: string;
};

const unified = "/sys/fs/cgroup/unified";

/** Makes what is wanted; one process keeps it until it is disposed of. */
export async function openNamespaces({ forCrun, ownNetwork }: Wanted): Promise<Namespaces> {
  if (!forCrun && !ownNetwork) return { prefix: [], witness: "self", [Symbol.asyncDispose]: () => Promise.resolve() };
  const flags = ["--mount", ...(ownNetwork ? ["--net"] : [])];
  const steps = [
    ...(forCrun ? [`if mountpoint -q ${unified}; then umount ${unified}; fi`] : []),
    ...(ownNetwork ? ["ip link set lo up"] : []),
    "echo ready",
    "cat",
  ];
  const keeper: Running = start(["unshare", ...flags, "sh", "-ec", steps.join("\n")], {
    keepInput: true,
    seconds: 3600,
  });
  await keeper.saw(/ready/);
  const enter = ["nsenter", "--target", String(keeper.pid), "--mount", ...(ownNetwork ? ["--net"] : []), "--"];
  return { prefix: enter, witness: String(keeper.pid), [Symbol.asyncDispose]: () => keeper[Symbol.asyncDispose]() };
}
