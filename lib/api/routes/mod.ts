/**
 * The route table: one row per operation of the contract, in libpod's own wire form, so that Podman's clients work. May
 * import the contract's types and the field codecs; a row says where things stand and does nothing.
 */

import type { Engine } from "../../engine/mod.ts";
import type { RouteTable } from "../row.ts";
import { containerRoutes } from "./containers.ts";
import { imageRoutes } from "./images.ts";
import { networkRoutes } from "./networks.ts";
import { systemRoutes } from "./system.ts";
import { volumeRoutes } from "./volumes.ts";

export const routes = {
  containers: containerRoutes,
  images: imageRoutes,
  volumes: volumeRoutes,
  networks: networkRoutes,
  system: systemRoutes,
} as const satisfies RouteTable<Engine>;
