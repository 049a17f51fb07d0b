/** Which distribution this is, and how it installs what is missing. */

import { readFileSync } from "node:fs";

export type Distribution = {
  /** `ID` of os-release, such as `debian`. */
  readonly id: string;
  readonly like: readonly string[];
  readonly version: string;
  readonly codename: string;
  readonly variant: string;
};

/** Parses os-release(5). */
export function parseOsRelease(text: string): Distribution {
  const values = new Map<string, string>();
  for (const line of text.split("\n")) {
    const match = /^([A-Z_]+)=(?:"(.*)"|'(.*)'|(.*))$/.exec(line.trim());
    if (match) values.set(match[1] ?? "", match[2] ?? match[3] ?? match[4] ?? "");
  }
  return {
    id: values.get("ID") ?? "linux",
    like: (values.get("ID_LIKE") ?? "").split(" ").filter((id) => id !== ""),
    version: values.get("VERSION_ID") ?? "",
    codename: values.get("VERSION_CODENAME") ?? "",
    variant: values.get("VARIANT_ID") ?? "",
  };
}

/** The distribution of this host; `linux` if it does not say. */
export function readDistribution(): Distribution {
  for (const path of ["/etc/os-release", "/usr/lib/os-release"]) {
    try {
      return parseOsRelease(readFileSync(path, "utf8"));
    } catch {
      continue;
    }
  }
  return parseOsRelease("");
}

const installers: ReadonlyMap<string, string> = new Map([
  ["debian", "apt-get install"],
  ["ubuntu", "apt-get install"],
  ["fedora", "dnf install"],
  ["rhel", "dnf install"],
  ["centos", "dnf install"],
  ["suse", "zypper install"],
  ["opensuse", "zypper install"],
  ["arch", "pacman -S"],
  ["alpine", "apk add"],
]);

/** Packages named otherwise than the program, by the first word of the installer. */
const packages: ReadonlyMap<string, Readonly<Record<string, string>>> = new Map([
  ["apt-get", { newuidmap: "uidmap", newgidmap: "uidmap", pasta: "passt" }],
  ["dnf", { newuidmap: "shadow-utils", newgidmap: "shadow-utils", pasta: "passt" }],
  ["zypper", { newuidmap: "shadow", newgidmap: "shadow", pasta: "passt" }],
  ["pacman", { newuidmap: "shadow", newgidmap: "shadow", pasta: "passt" }],
  ["apk", { newuidmap: "shadow-subids", newgidmap: "shadow-subids", pasta: "passt" }],
]);

/** The command that installs a program here; words where the distribution is not known. */
export function installCommand(program: string, distribution: Distribution): string {
  const known = [distribution.id, ...distribution.like].find((id) => installers.has(id));
  const installer = known === undefined ? undefined : installers.get(known);
  if (installer === undefined) return `install the package of this distribution that has ${program}`;
  const name = packages.get(installer.split(" ")[0] ?? "")?.[program] ?? program;
  return `${installer} ${name}`;
}
