/** Reader of a volume to be created. */

import type { VolumeCreateOptions } from "../../engine/mod.ts";
import { flag, integer, map, record, type Shape, text } from "../shape.ts";

type Options = Omit<VolumeCreateOptions, "UID" | "GID" | "IgnoreIfExists"> & {
  readonly UID: number;
  readonly GID: number;
  readonly IgnoreIfExists: boolean;
};

export const volumeCreateOptions: Shape<VolumeCreateOptions> = record<Options>({
  Name: text,
  Driver: text,
  Label: map(text),
  Labels: map(text),
  Options: map(text),
  IgnoreIfExists: flag,
  UID: integer,
  GID: integer,
});
