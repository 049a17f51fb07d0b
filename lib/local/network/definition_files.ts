/**
 * Definitions of networks as files, `<directory>/<name>.json`, in netavark's form: with `--network-config-dir` they are shared
 * with whoever else keeps them there. Callers that write hold the lock of the networks.
 */

import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { EngineError, messageOf } from "../../errors.ts";
import type { Network } from "../../engine/types/network.ts";

const suffix = ".json";
const namePattern = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;
const idPattern = /^[0-9a-f]{64}$/;

/** All that can be read, by name; `complain` is told of the others. No directory: no networks. */
export function readDefinitions(directory: string, complain: (text: string) => void): readonly Network[] {
  return namesIn(directory).toSorted().flatMap((file) => {
    const path = `${directory}/${file}`;
    try {
      return [parseDefinition(readFileSync(path, "utf8"), file.slice(0, -suffix.length))];
    } catch (error) {
      complain(`reading network "${path}": ${messageOf(error)}: skipped`);
      return [];
    }
  });
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory).filter((name) => name.endsWith(suffix) && !name.startsWith("."));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw new EngineError("internal", `reading networks in "${directory}": ${messageOf(error)}`, { cause: error });
  }
}

/** A definition as libpod and netavark write it. Throws where it is none, or one of another name. */
export function parseDefinition(text: string, name: string): Network {
  const value: unknown = JSON.parse(text);
  const { name: own, id, driver, subnets = [] } = (value ?? {}) as Partial<Record<keyof Network, unknown>>;
  const valid = typeof own === "string" && namePattern.test(own) && typeof id === "string" && idPattern.test(id) &&
    typeof driver === "string" && Array.isArray(subnets) && subnets.every(isSubnet);
  if (!valid) throw new EngineError("invalidArgument", "it is no definition of a network");
  if (own !== name) {
    throw new EngineError("invalidArgument", `it defines a network "${own}", against its name`);
  }
  return value as Network;
}

function isSubnet(value: unknown): boolean {
  return typeof value === "object" && value !== null && "subnet" in value && typeof value.subnet === "string";
}

/** Writes aside and renames, so that a reader finds a whole file or none. */
export function writeDefinition(directory: string, network: Network): void {
  const path = `${directory}/${network.name}${suffix}`;
  const aside = `${directory}/.${network.name}${suffix}`;
  try {
    mkdirSync(directory, { recursive: true, mode: 0o755 });
    writeFileSync(aside, `${JSON.stringify(network, null, 5)}\n`, { mode: 0o644, flush: true });
    renameSync(aside, path);
  } catch (error) {
    throw new EngineError("internal", `writing network "${path}": ${messageOf(error)}`, { cause: error });
  }
}

export function removeDefinition(directory: string, name: string): void {
  rmSync(`${directory}/${name}${suffix}`, { force: true });
}
