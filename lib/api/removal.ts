/** The removal of one image, whose failure is a status; with several it is a part of the report. */

import type { LibpodImagesRemoveReport } from "../engine/mod.ts";
import { EngineError, type ErrorKindName } from "../errors.ts";

const kinds: ReadonlyMap<number, ErrorKindName> = new Map([[1, "noSuchImage"], [2, "imageInUse"]]);

/** The report itself, unless it tells of a failure: that is thrown. */
export function removalOfOne(report: LibpodImagesRemoveReport): LibpodImagesRemoveReport {
  const [failure] = report.Errors ?? [];
  if (failure === undefined) return report;
  throw new EngineError(kinds.get(report.ExitCode) ?? "internal", failure);
}
