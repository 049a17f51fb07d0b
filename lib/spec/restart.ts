/** `--restart POLICY[:TRIES]`. */

import { cut, invalid, parseInteger } from "./invalid.ts";
import { messageOf } from "../errors.ts";

export type RestartChoice = { readonly policy: string; readonly tries?: number };

/** Parses the flag. `never` is `no`. */
export function parseRestart(text: string): RestartChoice {
  const [name, tries] = cut(text, ":");
  const policy = checkRestartPolicy(name.toLowerCase());
  if (tries === undefined) return { policy };
  if (policy !== "on-failure") {
    throw invalid("restart policy retries can only be specified with on-failure restart policy");
  }
  const count = parseTries(tries);
  if (count < 0) throw invalid("must specify restart policy retry count as a number greater than 0");
  return { policy, tries: count };
}

function parseTries(text: string): number {
  try {
    return parseInteger(text);
  } catch (error) {
    throw invalid(`parsing restart policy retry count: ${messageOf(error)}`, error);
  }
}

/** The policy in its plain form. Throws Podman's words for an unknown one. */
export function checkRestartPolicy(name: string): "" | "no" | "always" | "on-failure" | "unless-stopped" {
  switch (name) {
    case "never":
      return "no";
    case "":
    case "no":
    case "always":
    case "on-failure":
    case "unless-stopped":
      return name;
    default:
      throw invalid(
        `running container create option: ${JSON.stringify(name)} is not a valid restart policy: invalid argument`,
      );
  }
}
