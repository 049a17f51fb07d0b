// size: table
/** Images as libpod reports them. Field names and shapes are those of libpod 5.8 on the wire. Times are RFC 3339 strings, durations nanoseconds. */

import type { DriverData } from "./container_inspect.ts";
import type { JsonObject } from "./json.ts";
import type { Schema2HealthConfig } from "./spec.ts";

export type ImageSummary = {
  readonly Id: string;
  readonly ParentId: string;
  readonly RepoTags: readonly string[];
  readonly RepoDigests: readonly string[];
  readonly Created: number;
  readonly Size: number;
  readonly SharedSize: number;
  readonly VirtualSize?: number;
  readonly Labels: Readonly<Record<string, string>>;
  readonly Containers: number;
  readonly ReadOnly?: boolean;
  readonly Dangling?: boolean;
  readonly Arch?: string;
  readonly Digest?: string;
  readonly History?: readonly string[];
  readonly IsManifestList?: boolean;
  readonly Names?: readonly string[];
  readonly Os?: string;
};

export type ImageData = {
  readonly Id: string;
  readonly Digest: string;
  readonly RepoTags: readonly string[];
  readonly RepoDigests: readonly string[];
  readonly Parent: string;
  readonly Comment: string;
  readonly Created: string;
  readonly Config: OciImageConfig;
  readonly Version: string;
  readonly Author: string;
  readonly Architecture: string;
  readonly Os: string;
  readonly Size: number;
  readonly VirtualSize: number;
  readonly GraphDriver: DriverData;
  readonly RootFS: RootFS;
  readonly Labels: Readonly<Record<string, string>>;
  readonly Annotations: Readonly<Record<string, string>>;
  readonly ManifestType: string;
  readonly User: string;
  readonly History: readonly History[];
  readonly NamesHistory: readonly string[];
  readonly Healthcheck?: Schema2HealthConfig;
};

export type OciImageConfig = {
  readonly User?: string;
  readonly ExposedPorts?: Readonly<Record<string, JsonObject>>;
  readonly Env?: readonly string[];
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly Volumes?: Readonly<Record<string, JsonObject>>;
  readonly WorkingDir?: string;
  readonly Labels?: Readonly<Record<string, string>>;
  readonly StopSignal?: string;
  readonly ArgsEscaped?: boolean;
};

export type RootFS = {
  readonly Type: string;
  readonly Layers: readonly string[];
};

export type History = {
  readonly created?: string;
  readonly created_by?: string;
  readonly author?: string;
  readonly comment?: string;
  readonly empty_layer?: boolean;
};

export type ImagePullReport = {
  readonly stream?: string;
  readonly error?: string;
  readonly images?: readonly string[];
  readonly id?: string;
};

export type ImageLoadReport = {
  readonly Names: readonly string[];
};

export type LibpodImagesRemoveReport = {
  readonly Deleted?: readonly string[];
  readonly Untagged?: readonly string[];
  readonly ExitCode: number;
  readonly Errors: readonly string[];
};
