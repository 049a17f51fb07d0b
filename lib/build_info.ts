/**
 * What was built. `scripts/build.ts` puts the real values in place of the marks while it bundles; a program run from
 * source keeps them and says so. Nothing here is computed on import: `version` is on the hot path.
 */

/** The release; this is the only place that says it. */
export const version = "0.1.0";

const commitMark = "@@commit@@";
const commitTimeMark = "@@commit_time@@";

export type BuildInfo = {
  readonly version: string;
  /** Full commit id, with `-dirty` behind it when tracked files differed; empty when run from source. */
  readonly commit: string;
  /** Time of the commit in seconds since 1970; 0 when run from source. */
  readonly commitTime: number;
  readonly denoVersion: string;
};

/** What this program was built from. */
export function buildInfo(): BuildInfo {
  const built = !commitMark.startsWith("@@");
  return {
    version,
    commit: built ? commitMark : "",
    commitTime: built ? Number(commitTimeMark) : 0,
    denoVersion: Deno.version.deno,
  };
}

/** Version of libpod's API that we speak, as clients compare it. */
export const apiVersion = "5.8.2";
