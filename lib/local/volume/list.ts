import { EngineError } from "../../errors.ts";
import type { Filters } from "../../engine/containers.ts";
import type { VolumeConfigResponse } from "../../engine/types/volume.ts";
import type { Local } from "../context.ts";

type Test = (volume: VolumeConfigResponse, value: string, local: Local) => boolean;

const tests: ReadonlyMap<string, Test> = new Map([
  ["name", (volume, value) => new RegExp(value).test(volume.Name)],
  ["driver", (volume, value) => volume.Driver === value],
  ["scope", (volume, value) => volume.Scope === value],
  ["label", (volume, value) => hasLabel(volume.Labels, value)],
  ["label!", (volume, value) => !hasLabel(volume.Labels, value)],
  [
    "dangling",
    (volume, value, local) => isTrue(value) === (local.state.containers.usingVolume(volume.Name).length === 0),
  ],
  ["anonymous", (volume, value) => isTrue(value) === (volume.Anonymous ?? false)],
]);

function hasLabel(labels: Readonly<Record<string, string>>, wanted: string): boolean {
  const [key = "", ...rest] = wanted.split("=");
  return Object.hasOwn(labels, key) && (rest.length === 0 || labels[key] === rest.join("="));
}

function isTrue(value: string): boolean {
  if (["true", "1", "t"].includes(value.toLowerCase())) return true;
  if (["false", "0", "f"].includes(value.toLowerCase())) return false;
  throw new EngineError(
    "invalidArgument",
    `"${value}" is not a valid value for the filter: must be either true or false`,
  );
}

/** Labels must all match; of any other key one value has to. */
export function listVolumes(local: Local, filters: Filters = {}): readonly VolumeConfigResponse[] {
  for (const key of Object.keys(filters)) {
    if (!tests.has(key)) {
      throw new EngineError("invalidArgument", `"${key}" is an invalid volume filter: invalid argument`);
    }
  }
  return local.state.volumes.list().filter((volume) => matches(volume, filters, local));
}

function matches(volume: VolumeConfigResponse, filters: Filters, local: Local): boolean {
  return Object.entries(filters).every(([key, values]) => {
    const passes = (value: string) => tests.get(key)?.(volume, value, local) ?? false;
    return key.startsWith("label") ? values.every(passes) : values.some(passes);
  });
}
