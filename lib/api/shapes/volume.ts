/** Reader of a volume to be created. */

import type { VolumeCreateOptions } from "../../engine/mod.ts";
import { flag, integer, map, optional, record, type Shape, text } from "../shape.ts";

export const volumeCreateOptions: Shape<VolumeCreateOptions> = record<VolumeCreateOptions>({
  Name: optional(text),
  Driver: optional(text),
  Label: optional(map(text)),
  Labels: optional(map(text)),
  Options: optional(map(text)),
  IgnoreIfExists: optional(flag),
  UID: optional(integer),
  GID: optional(integer),
});
