/** What runs, as whom, with which environment. */

import type { ContainerProcess } from "../engine/container.ts";
import type { Namespace, POSIXRlimit } from "../engine/types/spec.ts";
import { type Environment, fixedEnvironment, mergeEnvironment } from "./env.ts";
import { checkUmask } from "./flags_process.ts";
import { parseUserNamespaceOptions } from "./id_maps.ts";
import { cleanPath, invalid } from "./invalid.ts";
import type { ResolveInput } from "./resolve_input.ts";
import { parseUlimits, rlimitType } from "./ulimits.ts";

export function resolveProcess(input: ResolveInput, user: Namespace): ContainerProcess {
  const { spec, config, image } = input;
  return {
    ...resolveCommand(input),
    env: resolveEnvironment(input),
    cwd: spec.work_dir || cleanPath(`/${image?.config.WorkingDir ?? ""}`),
    user: spec.user || image?.config.User || keptUser(input, user),
    groups: spec.groups ?? [],
    umask: checkUmask(spec.umask || config.containers.umask),
    terminal: spec.terminal ?? false,
    stdin: spec.stdin ?? false,
    rlimits: resolveLimits(input),
    oomScoreAdj: spec.oom_score_adj ?? config.containers.oom_score_adj,
    ...(spec.manage_password === false && { managePasswd: false }),
    ...(spec.work_dir && { cwdMustExist: true }),
  };
}

type Command = Pick<ContainerProcess, "args" | "entrypoint" | "command">;

/** A given entrypoint drops the image's command; `[""]` as entrypoint is none. */
function resolveCommand({ spec, image }: ResolveInput): Command {
  const given = spec.entrypoint ?? [];
  const entrypoint = spec.entrypoint === undefined ? image?.config.Entrypoint ?? [] : given;
  const words = spec.command ?? [];
  const command = words.length === 0 && given.length === 0 ? image?.config.Cmd ?? [] : words;
  const first = entrypoint.length === 1 && entrypoint[0] === "" ? [] : entrypoint;
  const args = [...first, ...command];
  if (args.length === 0) {
    throw invalid("no command or entrypoint provided, and no CMD or ENTRYPOINT from image");
  }
  return { args, entrypoint: first, command };
}

const basicEnvironment: Environment = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  // Scripts look for this word to know that they are in a container of this kind.
  container: "podman",
};

const proxies = ["http_proxy", "https_proxy", "ftp_proxy", "no_proxy"].flatMap((name) => [name, name.toUpperCase()]);

/** Later wins: basics, configuration, host (if asked), image, what was given. */
function resolveEnvironment({ spec, config, host, image }: ResolveInput): Environment {
  const fromHost = spec.env_host ?? config.containers.env_host
    ? Object.keys(host.env)
    : spec.httpproxy ?? config.containers.http_proxy
    ? proxies
    : [];
  const taken = fromHost.flatMap((name) => {
    const value = Object.hasOwn(host.env, name) ? host.env[name] : undefined;
    return value === undefined ? [] : [[name, value] as const];
  });
  const base: Record<string, string> = {
    ...basicEnvironment,
    ...fixedEnvironment(config.containers.env),
    ...Object.fromEntries(taken),
    ...fixedEnvironment(image?.config.Env ?? []),
  };
  if (spec.terminal && base.TERM === undefined) base.TERM = "xterm";
  const merged = mergeEnvironment(spec.envmerge ?? [], base);
  const unset = new Set(spec.unsetenv ?? []);
  const kept = spec.unsetenvall ? [] : Object.entries(merged).filter(([name]) => !unset.has(name));
  return Object.fromEntries([...kept, ...Object.entries(spec.env ?? {})]);
}

/** With `keep-id` and no other word, one is oneself. */
function keptUser({ host }: ResolveInput, user: Namespace): string {
  if (user.nsmode !== "keep-id") return "";
  const { uid = host.uid, gid = host.gid } = parseUserNamespaceOptions(user);
  return `${uid}:${gid}`;
}

/** What nofile and nproc are raised to, as far as the host lets us. */
const generous = 1_048_576;

function resolveLimits({ spec, config }: ResolveInput): readonly POSIXRlimit[] {
  const given = spec.r_limits?.length ? spec.r_limits : parseUlimits(config.containers.default_ulimits);
  if (given.some((limit) => limit.type === "host")) return [];
  const limits = given.map((limit) => ({ ...limit, type: rlimitType(limit.type) }));
  const defaults = ["RLIMIT_NOFILE", "RLIMIT_NPROC"]
    .filter((type) => !limits.some((limit) => limit.type === type))
    .map((type) => ({ type, soft: generous, hard: generous }));
  return [...limits, ...defaults];
}
