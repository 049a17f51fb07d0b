/** `--health-cmd` and its companions. */

import type { Schema2HealthConfig } from "../engine/types/spec.ts";
import { invalid } from "./invalid.ts";
import { parseDuration } from "./units.ts";
import { messageOf } from "../errors.ts";

export type HealthFlags = {
  readonly command: string;
  readonly interval: string;
  readonly timeout: string;
  readonly startPeriod: string;
  readonly retries: number;
};

/** Wire numbers of `--health-on-failure`. 1 is Podman's "invalid". */
const failureActions: Readonly<Record<string, number>> = { none: 0, kill: 2, restart: 3, stop: 4 };

/** Makes the check out of flags. Times of the result are nanoseconds. */
export function parseHealth(flags: HealthFlags): Schema2HealthConfig {
  const test = parseTest(flags.command);
  if (test[0] === "NONE") return { Test: ["NONE"] };
  const interval = flags.interval === "disable" ? 0 : duration(flags.interval, "interval");
  if (flags.retries < 1) throw invalid("healthcheck-retries must be greater than 0");
  const timeout = duration(flags.timeout, "timeout");
  if (timeout < 1e9) throw invalid("healthcheck-timeout must be at least 1 second");
  const start = duration(flags.startPeriod, "start-period");
  if (start < 0) throw invalid("healthcheck-start-period must be 0 seconds or greater");
  return { Test: test, Interval: interval, Timeout: timeout, StartPeriod: start, Retries: flags.retries };
}

function duration(text: string, name: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    throw invalid(`invalid healthcheck-${name}: ${messageOf(error)}`, error);
  }
}

/** `none`, a JSON array, `CMD …`, `CMD-SHELL …` or text for a shell. */
function parseTest(command: string): readonly string[] {
  if (command === "") throw invalid("must define a healthcheck command for all healthchecks");
  const array = parseArray(command);
  const words = array ?? command.trim().split(/\s+/);
  const first = words[0] ?? "";
  switch (first.toUpperCase()) {
    case "":
      throw invalid("must define a healthcheck command for all healthchecks");
    case "NONE":
      return ["NONE"];
    case "CMD":
      return ["CMD", ...words.slice(1)];
    case "CMD-SHELL":
      return ["CMD-SHELL", array === undefined ? command.trim().slice(first.length).trim() : words.slice(1).join(" ")];
    default:
      return array !== undefined && array.length > 1 ? ["CMD", ...array] : ["CMD-SHELL", array?.[0] ?? command];
  }
}

function parseArray(text: string): readonly string[] | undefined {
  if (!text.trimStart().startsWith("[")) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((one) => typeof one === "string") ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The wire number of `none`, `kill`, `restart` or `stop`. */
export function parseFailureAction(text: string): number {
  const action = Object.hasOwn(failureActions, text) ? failureActions[text] : undefined;
  if (action === undefined) {
    throw invalid(
      `invalid on-failure action ${
        JSON.stringify(text)
      } for health check: supported actions are none,kill,restart,stop`,
    );
  }
  return action;
}
