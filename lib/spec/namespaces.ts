/** `--pid`, `--ipc`, `--uts`, `--cgroupns`, `--userns`: words to the wire form's namespaces. */

import type { Namespace } from "../engine/types/spec.ts";
import { cut, invalid } from "./invalid.ts";

/** Modes each kind has besides `host`, `private`, `container:` and `ns:`. */
const extraModes: Readonly<Record<string, readonly string[]>> = {
  ipc: ["shareable", "none"],
  pid: [],
  uts: [],
  cgroup: [],
};

/** Parses the value of `--pid` and its like; an empty one is `default`. */
export function parseNamespace(text: string, kind: "pid" | "ipc" | "uts" | "cgroup"): Namespace {
  if (text === "") return { nsmode: "default" };
  if (text === "host" || text === "private" || extraModes[kind]?.includes(text)) return { nsmode: text };
  return joined(text) ?? fail(text);
}

/** `container:NAME` and `ns:PATH`; undefined for anything else. */
function joined(text: string): Namespace | undefined {
  const [mode, value] = cut(text, ":");
  if (mode === "container") {
    if (!value) throw invalid(`invalid container mode ${JSON.stringify(text)}: must provide a name or ID`);
    return { nsmode: "container", value };
  }
  if (mode === "ns") {
    if (!value?.startsWith("/")) throw invalid(`invalid namespace path ${JSON.stringify(text)}: must be absolute`);
    return { nsmode: "path", value };
  }
  return undefined;
}

function fail(text: string): never {
  throw invalid(`unrecognized namespace mode ${text} passed`);
}

/** Parses `--userns`: also `auto[:opts]`, `keep-id[:opts]`, `nomap`. */
export function parseUserNamespace(text: string): Namespace {
  const [mode, value] = cut(text, ":");
  switch (mode) {
    case "":
      return { nsmode: "default" };
    case "host":
    case "private":
      return value === undefined ? { nsmode: mode } : fail(text);
    case "auto":
    case "keep-id":
      return value === undefined ? { nsmode: mode } : { nsmode: mode, value };
    case "nomap":
      return value === undefined ? { nsmode: "no-map" } : fail(text);
    default:
      return joined(text) ?? fail(text);
  }
}

/** The namespace in a word, as `inspect` and the command line have it: `host`, `container:ID`, `ns:PATH`. */
export function formatNamespace({ nsmode = "", value = "" }: Namespace): string {
  switch (nsmode) {
    case "container":
      return `container:${value}`;
    case "path":
      return `ns:${value}`;
    case "no-map":
      return "nomap";
    case "default":
      return "";
    default:
      return value === "" ? nsmode : `${nsmode}:${value}`;
  }
}
