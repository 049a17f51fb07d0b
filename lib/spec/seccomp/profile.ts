/**
 * Seccomp profiles in the containers' format (rules that depend on capabilities, architecture and kernel), and what a
 * runtime takes (`linux.seccomp` of config.json).
 */

import type { RuntimeSeccomp, RuntimeSyscall, RuntimeSyscallArgument } from "../../oci/runtime_spec.ts";
import { invalid } from "../invalid.ts";
import { messageOf } from "../../errors.ts";

type Condition = {
  readonly caps?: readonly string[];
  readonly arches?: readonly string[];
  /** `4.8`: from this kernel on. */
  readonly minKernel?: string;
};

export type ProfileRule = {
  readonly name?: string;
  readonly names?: readonly string[];
  readonly action: string;
  readonly errnoRet?: number;
  readonly errno?: string;
  readonly args?: readonly RuntimeSyscallArgument[] | null;
  readonly includes?: Condition;
  readonly excludes?: Condition;
};

export type SeccompProfile = {
  readonly defaultAction: string;
  readonly defaultErrnoRet?: number;
  readonly defaultErrno?: string;
  readonly architectures?: readonly string[] | null;
  readonly archMap?:
    | readonly { readonly architecture: string; readonly subArchitectures?: readonly string[] | null }[]
    | null;
  readonly flags?: readonly string[];
  readonly listenerPath?: string;
  readonly listenerMetadata?: string;
  readonly syscalls?: readonly ProfileRule[] | null;
};

export type SeccompFacts = {
  /** Of the container: its bounding set. */
  readonly capabilities: readonly string[];
  /** As Go says it: `amd64`, `arm64`, … */
  readonly architecture: string;
  /** As uname says it: `6.1.0-18-amd64`. */
  readonly kernel: string;
};

const maximumSize = 1024 * 1024;

/** Parses the text of a profile. `path` is named in the message of a broken one. */
export function parseProfile(text: string, path: string): SeccompProfile {
  const wrong = (why: string, cause?: unknown) =>
    invalid(`loading seccomp profile (${path}) failed: decoding seccomp profile failed: ${why}`, cause);
  if (text.length > maximumSize) throw wrong("the file is too large");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw wrong(messageOf(cause), cause);
  }
  if (typeof value !== "object" || value === null || !("defaultAction" in value)) throw wrong("no defaultAction");
  const profile = value as SeccompProfile;
  const rules: unknown = profile.syscalls ?? [];
  if (typeof profile.defaultAction !== "string" || !Array.isArray(rules) || !rules.every(isRule)) {
    throw wrong("syscalls must be rules with names and an action");
  }
  return profile;
}

function isRule(value: unknown): boolean {
  if (typeof value !== "object" || value === null || !("action" in value)) return false;
  const names = "names" in value && value.names ? value.names : "name" in value ? [value.name] : undefined;
  return typeof value.action === "string" && Array.isArray(names) && names.every((name) => typeof name === "string");
}

/** Architecture by Go's name. */
const architectures: Readonly<Record<string, string>> = {
  "386": "SCMP_ARCH_X86",
  amd64: "SCMP_ARCH_X86_64",
  arm: "SCMP_ARCH_ARM",
  arm64: "SCMP_ARCH_AARCH64",
  mips64: "SCMP_ARCH_MIPS64",
  mips64le: "SCMP_ARCH_MIPSEL64",
  ppc64le: "SCMP_ARCH_PPC64LE",
  riscv64: "SCMP_ARCH_RISCV64",
  s390x: "SCMP_ARCH_S390X",
};

const errnos: Readonly<Record<string, number>> = {
  EPERM: 1,
  ENOENT: 2,
  EACCES: 13,
  EINVAL: 22,
  ENOSYS: 38,
  ENOTSUP: 95,
};

/** What is left of `profile` for a container with these capabilities on this machine. */
export function runtimeSeccomp(profile: SeccompProfile, facts: SeccompFacts): RuntimeSeccomp {
  const caps = new Set(facts.capabilities);
  const native = architectures[facts.architecture] ?? "";
  const entry = profile.archMap?.find(({ architecture }) => architecture === native);
  const mapped = entry === undefined ? [] : [entry.architecture, ...(entry.subArchitectures ?? [])];
  const holds = (condition: Condition | undefined) => conditionHolds(condition, { ...facts, caps });
  const kept = (profile.syscalls ?? []).filter(({ includes, excludes }) =>
    holds(includes).all && !(holds(excludes).any)
  );
  const defaultErrno = errnoOf(profile.defaultErrno, profile.defaultErrnoRet);
  return {
    defaultAction: profile.defaultAction,
    ...(defaultErrno !== undefined && { defaultErrnoRet: defaultErrno }),
    architectures: profile.architectures?.length ? profile.architectures : mapped,
    ...(profile.flags && { flags: profile.flags }),
    ...(profile.listenerPath && { listenerPath: profile.listenerPath }),
    ...(profile.listenerMetadata && { listenerMetadata: profile.listenerMetadata }),
    syscalls: kept.map(runtimeRule),
  };
}

function runtimeRule(rule: ProfileRule): RuntimeSyscall {
  const errnoRet = errnoOf(rule.errno, rule.errnoRet);
  return {
    names: rule.names ?? (rule.name === undefined ? [] : [rule.name]),
    action: rule.action,
    ...(errnoRet !== undefined && { errnoRet }),
    ...(rule.args?.length && { args: rule.args }),
  };
}

function errnoOf(name: string | undefined, number: number | undefined): number | undefined {
  if (number !== undefined) return number;
  if (!name) return undefined;
  const known = errnos[name];
  if (known === undefined) throw invalid(`seccomp profile: unknown errno ${JSON.stringify(name)}: give errnoRet`);
  return known;
}

type Machine = SeccompFacts & { readonly caps: ReadonlySet<string> };

/** `all`: every part holds (also of an empty one); `any`: one of its parts does. */
function conditionHolds(
  condition: Condition | undefined,
  machine: Machine,
): { readonly all: boolean; readonly any: boolean } {
  const parts: boolean[] = [];
  if (condition?.arches?.length) parts.push(condition.arches.includes(machine.architecture));
  for (const cap of condition?.caps ?? []) parts.push(machine.caps.has(cap));
  if (condition?.minKernel) parts.push(atLeast(machine.kernel, condition.minKernel));
  return { all: parts.every(Boolean), any: parts.some(Boolean) };
}

function atLeast(kernel: string, wanted: string): boolean {
  const [major = 0, minor = 0] = kernel.split(/[.-]/).map(Number);
  const [needMajor = 0, needMinor = 0] = wanted.split(".").map(Number);
  return major > needMajor || (major === needMajor && minor >= needMinor);
}
