/** Health checks. */

import type { CreateSpec } from "../engine/types/spec.ts";
import type { FlagReader } from "./flag_reader.ts";
import { parseFailureAction, parseHealth } from "./health.ts";
import { invalid } from "./invalid.ts";

/** Flags that change the image's check when there is no `--health-cmd`. */
const parts = ["health-interval", "health-timeout", "health-retries", "health-start-period"];

export function healthFlags(flags: FlagReader): Partial<CreateSpec> {
  const command = flags.text("health-cmd");
  if (flags.flag("no-healthcheck")) {
    if (command !== "") throw invalid("cannot specify both --no-healthcheck and --health-cmd");
    return { healthconfig: { Test: ["NONE"] } };
  }
  const check = command === "" ? partialCheck(flags) : { healthconfig: parseHealth(healthOf(flags, command)) };
  return {
    ...check,
    ...(flags.has("health-on-failure") && {
      health_check_on_failure_action: parseFailureAction(flags.text("health-on-failure")),
    }),
    ...(flags.has("health-log-destination") && { healthLogDestination: flags.text("health-log-destination") }),
    ...(flags.has("health-max-log-count") && { healthMaxLogCount: flags.number("health-max-log-count") }),
    ...(flags.has("health-max-log-size") && { healthMaxLogSize: flags.number("health-max-log-size") }),
  };
}

function healthOf(flags: FlagReader, command: string): Parameters<typeof parseHealth>[0] {
  return {
    command,
    interval: flags.text("health-interval") || "30s",
    timeout: flags.text("health-timeout") || "30s",
    startPeriod: flags.text("health-start-period") || "0s",
    retries: flags.has("health-retries") ? flags.number("health-retries") : 3,
  };
}

/** Only what was typed: the rest is the image's. */
function partialCheck(flags: FlagReader): Partial<CreateSpec> {
  if (!parts.some((name) => flags.has(name))) return {};
  const { Interval, Timeout, Retries, StartPeriod } = parseHealth(healthOf(flags, "true"));
  return {
    healthconfig: {
      ...(flags.has("health-interval") && { Interval }),
      ...(flags.has("health-timeout") && { Timeout }),
      ...(flags.has("health-retries") && { Retries }),
      ...(flags.has("health-start-period") && { StartPeriod }),
    },
  };
}
