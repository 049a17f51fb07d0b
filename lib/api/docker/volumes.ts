/** Docker's rows for volumes. */

import type { Engine, VolumeConfigResponse } from "../../engine/mod.ts";
import { compat, type Exchange } from "../exchange.ts";
import * as at from "../fields.ts";
import { flagOf } from "../query.ts";
import type { Incoming } from "../row.ts";
import { map, record, type Shape, text } from "../shape.ts";

type VolumeCreateBody = {
  readonly Name: string;
  readonly Driver: string;
  readonly DriverOpts: Readonly<Record<string, string>>;
  readonly Labels: Readonly<Record<string, string>>;
};

const createBody: Shape<VolumeCreateBody> = record<VolumeCreateBody>({
  Name: text,
  Driver: text,
  DriverOpts: map(text),
  Labels: map(text),
});

const name = ({ params }: Incoming): string => params.get("name") ?? "";

export const dockerVolumes: readonly Exchange[] = [
  compat({
    method: "GET",
    path: "/volumes",
    kind: "json",
    operation: (engine: Engine) => engine.volumes.list,
    input: (from) => ({ filters: at.queryFilters().decode(from) }),
    report: (report) => ({ Volumes: report.map(volumeJson), Warnings: [] }),
  }),
  compat({
    method: "GET",
    path: "/volumes/{name}",
    kind: "json",
    operation: (engine: Engine) => engine.volumes.inspect,
    input: (from) => ({ name: name(from) }),
    report: volumeJson,
  }),
  compat({
    method: "POST",
    path: "/volumes/create",
    needs: "json",
    kind: "json",
    status: 201,
    operation: (engine: Engine) => engine.volumes.create,
    input: (from) => {
      const { Name, Driver, DriverOpts, Labels } = at.body(createBody).decode(from);
      return {
        options: { Name, Driver, Labels, Options: DriverOpts, IgnoreIfExists: true },
      };
    },
    report: volumeJson,
  }),
  compat({
    method: "DELETE",
    path: "/volumes/{name}",
    kind: "empty",
    operation: (engine: Engine) => engine.volumes.remove,
    input: (from) => ({ name: name(from), force: flagOf(from.query, "force") }),
  }),
];

function volumeJson(volume: VolumeConfigResponse): unknown {
  const { Name, Driver, Mountpoint, CreatedAt, Labels, Scope, Options, Status } = volume;
  return { Name, Driver, Mountpoint, CreatedAt, Labels: Labels ?? {}, Scope: Scope || "local", Options, Status };
}
