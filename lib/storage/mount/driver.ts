import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path/posix";
import { EngineError } from "../../errors.ts";
import { access } from "../../sys/file.ts";
import { findProgram } from "../../sys/program.ts";
import type { Driver } from "./probe.ts";

export type { Driver } from "./probe.ts";

export type DriverWish = {
  /** "": whatever works. */
  readonly driver: string;
  /** "": the kernel where it can, else fuse-overlayfs. */
  readonly mountProgram: string;
  readonly mountOptions: string;
  /** A directory on the storage's file system to try in. */
  readonly staging: string;
  /** Where the answer is kept until the next boot. */
  readonly cache: string;
};

/** Reads a driver's name; "" leaves the choice to the probe. */
export function parseDriver(name: string): "overlay" | "vfs" | undefined {
  if (name === "") return undefined;
  if (name === "vfs") return "vfs";
  if (name === "overlay" || name === "overlay2") return "overlay";
  throw new EngineError("invalidArgument", `storage driver "${name}": driver not supported: use overlay or vfs`);
}

/** Chooses a driver; tries what the kernel can once, and remembers. Throws where a wanted one does not work. */
export async function chooseDriver(wish: DriverWish): Promise<Driver> {
  const wanted = parseDriver(wish.driver);
  if (wanted === "vfs") return { kind: "vfs" };
  if (wish.mountProgram !== "") return { kind: "fuse", program: wantedProgram(wish.mountProgram) };
  const known = readCache(wish);
  if (known !== undefined) return known;
  const { probe } = await import("./probe.ts");
  const found = await probe(wish, wanted);
  writeCache(wish, found);
  return found;
}

function wantedProgram(name: string): string {
  const program = findProgram(name);
  if (program === undefined) throw new EngineError("helperMissing", `mount program "${name}": no such program`);
  return program;
}

type Cached = { readonly wish: string; readonly driver: Driver };

function key(wish: DriverWish): string {
  return JSON.stringify([wish.driver, wish.mountOptions, wish.staging]);
}

function readCache(wish: DriverWish): Driver | undefined {
  try {
    const cached = JSON.parse(readFileSync(wish.cache, "utf8")) as Cached;
    if (cached.wish !== key(wish)) return undefined;
    if (cached.driver.kind === "fuse" && !access(cached.driver.program, 1)) return undefined;
    return cached.driver;
  } catch {
    return undefined;
  }
}

function writeCache(wish: DriverWish, driver: Driver): void {
  // Losing it only costs another try; a concurrent writer writes the same.
  mkdirSync(dirname(wish.cache), { recursive: true, mode: 0o700 });
  writeFileSync(wish.cache, JSON.stringify({ wish: key(wish), driver } satisfies Cached), { mode: 0o600 });
}
