/** Reports whose wire form differs from the contract's, or from what older clients can read. */

import type { Event, InspectContainerData, PullEvent, SystemVersionReport, VersionInfo } from "../engine/mod.ts";
import { EngineError } from "../errors.ts";
import { parseSignal } from "../signal_names.ts";
import { type ErrorModel, errorModel, fromErrorModel } from "./error_model.ts";
import type { Incoming, ReportCodec } from "./row.ts";

const terminate = 15;

/** A report that is its own wire form, save for old clients. */
export function plainReport<T>(encode: (report: T, from: Incoming) => unknown): ReportCodec<T> {
  return { encode, decode: (wire) => wire as T };
}

/** Podman's clients before 5 read the entrypoint as one string and the stop signal as a number. */
export function containerInspectWire(report: InspectContainerData, { api }: Incoming): unknown {
  if (api.major === 0 || api.major >= 5) return report;
  const { Entrypoint, StopSignal } = report.Config;
  return {
    ...report,
    Config: {
      ...report.Config,
      Entrypoint: (Entrypoint ?? []).join(" "),
      StopSignal: parseSignal(StopSignal) ?? terminate,
    },
  };
}

/** Podman's clients before 5 crash at an event without an exit code, whatever it tells of. */
export const eventWire: ReportCodec<Event> = {
  encode: (event, { api }) => {
    if (api.major === 0 || api.major >= 5) return event;
    const Attributes = { containerExitCode: "0", image: "", podId: "", ...event.Actor.Attributes };
    return { ...event, Actor: { ...event.Actor, Attributes } };
  },
  decode: (wire) => wire as Event,
};

/** By this query parameter our own client asks for the progress of blobs, for which libpod has no form. */
export const progressExtension = { progress: "true" } as const;

/** A line of a pull. A failure is the last line; its kind stands beside libpod's text. */
export const pullEventWire: ReportCodec<PullEvent> = {
  encode: (event, { query }) => {
    if (event.progress === undefined || query.has("progress")) return event;
    const { digest, what, state } = event.progress;
    return state === "done" ? { stream: `Copying ${what} ${digest} done\n` } : undefined;
  },
  decode: (wire) => {
    const line = wire as PullEvent & Partial<ErrorModel>;
    if (line.error === undefined || line.error === "") return line;
    throw fromErrorModel({ ...line, message: line.error }, 500);
  },
};

/** The last line of a stream of records that failed. */
export function failureLine(error: unknown): unknown {
  const { message, ...rest } = errorModel(error);
  return { error: message, ...rest };
}

const component = "Podman Engine";
export const libpodApiVersion = "5.8.2";
export const minimumLibpodApiVersion = "4.0.0";
export const dockerApiVersion = "1.44";
export const minimumDockerApiVersion = "1.24";

/** `version` in Docker's form, which libpod shares. Clients look for a component by Podman's name. */
export const versionWire: ReportCodec<SystemVersionReport> = {
  encode: (report) => systemVersion(report.Server),
  decode: (wire) => ({ Server: serverVersion(wire as SystemVersionWire) }),
};

type SystemVersionWire = ReturnType<typeof systemVersion>;

/** Docker's and libpod's answer to `version`. */
export function systemVersion(server: VersionInfo | undefined) {
  if (server === undefined) throw new EngineError("internal", "reading the version: the engine gave none");
  const [os = "linux", arch = "amd64"] = server.OsArch.split("/");
  const buildTime = new Date(server.Built * 1000).toISOString().replace(".000Z", "Z");
  return {
    Platform: { Name: server.OsArch },
    Components: [{
      Name: component,
      Version: server.Version,
      Details: {
        APIVersion: server.APIVersion,
        Arch: arch,
        BuildTime: buildTime,
        Experimental: "false",
        GitCommit: server.GitCommit,
        GoVersion: server.GoVersion,
        MinAPIVersion: minimumLibpodApiVersion,
        Os: os,
      },
    }],
    Version: server.Version,
    ApiVersion: dockerApiVersion,
    MinAPIVersion: minimumDockerApiVersion,
    GitCommit: server.GitCommit,
    GoVersion: server.GoVersion,
    Os: os,
    Arch: arch,
    BuildTime: buildTime,
    BuiltTime: server.BuiltTime,
    BuildOrigin: server.BuildOrigin,
  };
}

function serverVersion(wire: SystemVersionWire): VersionInfo {
  const built = Math.floor(Date.parse(wire.BuildTime) / 1000);
  return {
    APIVersion: wire.Components.find(({ Name }) => Name === component)?.Details.APIVersion ?? wire.ApiVersion,
    Version: wire.Version,
    GoVersion: wire.GoVersion,
    GitCommit: wire.GitCommit,
    BuiltTime: wire.BuiltTime ?? new Date(built * 1000).toUTCString(),
    Built: Number.isNaN(built) ? 0 : built,
    ...(wire.BuildOrigin === undefined ? {} : { BuildOrigin: wire.BuildOrigin }),
    OsArch: `${wire.Os}/${wire.Arch}`,
    Os: wire.Os,
  };
}
