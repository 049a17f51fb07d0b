import type * as all from "./mod.ts";

/** Everything that this folder can do. Drivers take what they need of it: `Pick<Sys, "mount" | "umount">`. */
export type Sys = typeof all;
