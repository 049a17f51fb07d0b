import { existsSync } from "node:fs";

/** The directory itself, or the nearest above it that is there. */
export function nearest(path: string): string {
  let place = path;
  while (place !== "/" && !existsSync(place)) place = place.slice(0, Math.max(place.lastIndexOf("/"), 1)) || "/";
  return place;
}
