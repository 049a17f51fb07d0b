import type { SystemVersionReport } from "../../engine/types/system.ts";
import { apiVersion, buildInfo } from "../../build_info.ts";

/** The engine's own version, as the server's half of `version`. */
export function systemVersion(): SystemVersionReport {
  const { version, commit, commitTime, denoVersion } = buildInfo();
  const architecture = Deno.build.arch === "aarch64" ? "arm64" : "amd64";
  return {
    Server: {
      APIVersion: apiVersion,
      Version: version,
      GoVersion: `deno ${denoVersion}`,
      GitCommit: commit,
      BuiltTime: new Date(commitTime * 1000).toUTCString(),
      Built: commitTime,
      BuildOrigin: "",
      OsArch: `linux/${architecture}`,
      Os: "linux",
    },
  };
}
