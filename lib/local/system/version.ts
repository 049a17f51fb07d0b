import type { SystemVersionReport, VersionInfo } from "../../engine/types/system.ts";
import { apiVersion, buildInfo } from "../../build_info.ts";

/** Go's name for the processor. */
export function architecture(): string {
  return Deno.build.arch === "aarch64" ? "arm64" : "amd64";
}

/** The engine's own version, in the fields that Podman has. */
export function versionInfo(): VersionInfo {
  const { version, commit, commitTime, denoVersion } = buildInfo();
  return {
    APIVersion: apiVersion,
    Version: version,
    GoVersion: `deno ${denoVersion}`,
    GitCommit: commit,
    BuiltTime: new Date(commitTime * 1000).toUTCString(),
    Built: commitTime,
    BuildOrigin: "",
    OsArch: `linux/${architecture()}`,
    Os: "linux",
  };
}

/** The server's half of `version`. */
export function systemVersion(): SystemVersionReport {
  return { Server: versionInfo() };
}
