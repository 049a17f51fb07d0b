/** `--log-driver` and `--log-opt`. */

import type { LogConfig } from "../engine/types/spec.ts";
import { cut, invalid } from "./invalid.ts";
import { parseBytes } from "./units.ts";

/** Drivers by the names that people may give, with what we make of them. */
const drivers: Readonly<Record<string, string>> = {
  "k8s-file": "k8s-file",
  "json-file": "k8s-file",
  journald: "journald",
  none: "none",
  passthrough: "passthrough",
  "passthrough-tty": "passthrough-tty",
};

/** The driver's own name. Throws `invalid log driver`. */
export function parseLogDriver(name: string): string {
  const driver = Object.hasOwn(drivers, name) ? drivers[name] : undefined;
  if (driver === undefined) throw invalid("running container create option: invalid log driver: invalid argument");
  return driver;
}

/** The wire form of the flags; undefined when none was given. `json-file` stays as written: `inspect` shows it. */
export function parseLog(driver: string, options: readonly string[]): LogConfig | undefined {
  if (driver === "" && options.length === 0) return undefined;
  if (driver !== "") parseLogDriver(driver);
  return options.reduce<LogConfig>(applyOption, driver === "" ? {} : { driver });
}

function applyOption(log: LogConfig, option: string): LogConfig {
  const [key, value] = cut(option, "=");
  if (value === undefined || value === "") {
    throw invalid(`invalid log option ${JSON.stringify(option)}`);
  }
  switch (key) {
    case "driver":
      parseLogDriver(value);
      return { ...log, driver: value };
    case "path":
      return { ...log, path: value };
    case "max-size":
      return { ...log, size: parseBytes(value) };
    case "tag":
    case "label":
    case "labels":
      return { ...log, options: { ...log.options, [key]: value } };
    default:
      throw invalid(
        `invalid logging option ${JSON.stringify(key)}: supported are path, max-size, tag, driver and label`,
      );
  }
}
