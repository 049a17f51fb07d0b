/** `--security-opt` and `--sysctl`. */

import { booleanOf, cut, invalid } from "./invalid.ts";

export type SecurityChoice = {
  readonly seccomp?: string;
  readonly apparmor?: string;
  readonly labels: readonly string[];
  readonly labelNested: boolean;
  readonly noNewPrivileges?: boolean;
  readonly mask: readonly string[];
  readonly unmask: readonly string[];
  readonly procOptions: readonly string[];
};

const nothing: SecurityChoice = { labels: [], labelNested: false, mask: [], unmask: [], procOptions: [] };

/** Parses all `--security-opt`s (`key=value`, or docker's old `key:value`). Unknown ones throw. */
export function parseSecurityOptions(texts: readonly string[]): SecurityChoice {
  return texts.reduce(applySecurityOption, nothing);
}

function applySecurityOption(choice: SecurityChoice, text: string): SecurityChoice {
  const [key, value] = cut(text, text.includes("=") ? "=" : ":");
  if (key === "no-new-privileges") return { ...choice, noNewPrivileges: switchOf(value, text) };
  if (value === undefined) throw invalid(`invalid --security-opt 1: ${JSON.stringify(text)}`);
  switch (key) {
    case "seccomp":
      return { ...choice, seccomp: value };
    case "apparmor":
      return { ...choice, apparmor: value };
    case "label":
      if (value === "nested") return { ...choice, labelNested: true };
      return { ...choice, labels: [...choice.labels, checkLabel(value)] };
    case "mask":
      return { ...choice, mask: [...choice.mask, ...value.split(":")] };
    case "unmask":
      return { ...choice, unmask: [...choice.unmask, ...value.split(":")] };
    case "systempaths":
      if (value !== "unconfined") {
        throw invalid(`invalid systempaths option ${JSON.stringify(value)}, only \`unconfined\` is supported`);
      }
      return { ...choice, unmask: [...choice.unmask, "ALL"] };
    case "proc-opts":
      return { ...choice, procOptions: value.split(",") };
    default:
      throw invalid(`invalid --security-opt 2: ${JSON.stringify(text)}`);
  }
}

function switchOf(value: string | undefined, text: string): boolean {
  const state = value === undefined ? true : booleanOf(value);
  if (state === undefined) throw invalid(`cannot parse bool value of ${JSON.stringify(text)}`);
  return state;
}

function checkLabel(value: string): string {
  if (/^(disable|(user|role|type|level|filetype):.+)$/.test(value)) return value;
  throw invalid(
    `invalid --security-opt "label=${value}": must be disable, nested, user:, role:, type:, level: or filetype:`,
  );
}

const ipcSysctls = ["msgmax", "msgmnb", "msgmni", "sem", "shmall", "shmmax", "shmmni", "shm_rmid_forced"]
  .map((name) => `kernel.${name}`);

/** Parses all `--sysctl NAME=VALUE`. Only those that a namespace confines are allowed. */
export function parseSysctls(texts: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(texts.map((text) => {
    const [name, value] = cut(text, "=");
    if (value === undefined || name === "") {
      throw invalid(`${text} is invalid, sysctl values must be in the form of KEY=VALUE`);
    }
    // The kernel knows `net/ipv4/…` and `net.ipv4.…` alike; an interface with a dot in its name needs slashes.
    const dotted = name.replaceAll("/", ".");
    if (sysctlNamespace(dotted) === undefined) throw invalid(`sysctl '${text}' is not allowed`);
    return [name, value];
  }));
}

/** The namespace that confines a sysctl; undefined: none does. */
export function sysctlNamespace(name: string): "net" | "ipc" | "uts" | undefined {
  if (name.startsWith("net.")) return "net";
  if (name.startsWith("fs.mqueue.") || ipcSysctls.includes(name)) return "ipc";
  return name === "kernel.domainname" ? "uts" : undefined;
}
