/** Readers of exec sessions. */

import type { ExecCreateConfig } from "../../engine/mod.ts";
import { flag, integer, list, optional, record, type Shape, text } from "../shape.ts";

export const execCreateConfig: Shape<ExecCreateConfig> = record<ExecCreateConfig>({
  User: text,
  Privileged: flag,
  Tty: flag,
  ConsoleSize: optional(list(integer)),
  AttachStdin: flag,
  AttachStderr: flag,
  AttachStdout: flag,
  DetachKeys: text,
  Env: list(text),
  WorkingDir: text,
  Cmd: list(text),
  Detach: flag,
});
