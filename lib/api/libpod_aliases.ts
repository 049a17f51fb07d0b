/** libpod's further paths onto operations that have their row elsewhere. */

import type { Engine } from "../engine/mod.ts";
import { compat, type Exchange } from "./exchange.ts";
import * as at from "./fields.ts";
import { flagOf } from "./query.ts";
import { removalOfOne } from "./removal.ts";

const imageNamed = at.inPath("name");
const saveFormat = at.queryChoice("format", ["docker-archive", "oci-archive", "docker-dir", "oci-dir"]);

export const libpodAliases: readonly Exchange[] = [
  compat({
    method: "DELETE",
    path: "/libpod/images/{name...}",
    kind: "json",
    operation: (engine: Engine) => engine.images.remove,
    input: (from) => ({
      names: [imageNamed.decode(from)],
      force: flagOf(from.query, "force"),
      ignore: flagOf(from.query, "ignore"),
    }),
    report: removalOfOne,
  }),
  compat({
    method: "GET",
    path: "/libpod/images/{name...}/get",
    kind: "bytes",
    operation: (engine: Engine) => engine.images.save,
    input: (from) => ({
      names: [imageNamed.decode(from)],
      format: saveFormat.decode(from),
      compress: flagOf(from.query, "compress"),
    }),
  }),
  compat({
    method: "GET",
    path: "/libpod/networks/{name}",
    kind: "json",
    operation: (engine: Engine) => engine.networks.inspect,
    input: (from) => ({ name: from.params.get("name") ?? "" }),
  }),
];
