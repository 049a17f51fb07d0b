import { EngineError } from "../errors.ts";

/** How container root file systems are made: stacked by the kernel, by fuse-overlayfs, or copied. */
export type DriverName = "overlay" | "vfs";

/** `--storage-driver` and `--storage-opt`, parsed. */
export type StorageOptions = {
  /** Absent: the first one that works here. */
  readonly driver: DriverName | undefined;
  /** The fuse program to mount with; "" leaves it to the kernel where it can. */
  readonly mountProgram: string;
  /** Options of every overlay mount: `nodev`, `metacopy=on`, `volatile`, …. */
  readonly mountOptions: readonly string[];
  readonly ignoreChownErrors: boolean;
  readonly skipMountHome: boolean;
};

const drivers: readonly string[] = ["overlay", "overlay2", "vfs"];

/** Reads a driver's name; "" leaves the choice to the probe. */
export function parseDriver(name: string): DriverName | undefined {
  if (name === "") return undefined;
  if (!drivers.includes(name)) {
    throw new EngineError(
      "invalidArgument",
      `storage driver "${name}": prior storage driver is not supported: use overlay or vfs`,
    );
  }
  return name === "vfs" ? "vfs" : "overlay";
}
