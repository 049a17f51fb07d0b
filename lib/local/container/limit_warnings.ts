/** Limits that this host's control groups cannot give: said when the container is made, as they are left out. */

import type { LinuxResources } from "../../engine/types/spec.ts";
import type { CgroupLayout } from "../../runtime/types.ts";

type Wanted = readonly [keyof LinuxResources, readonly string[]];

/** Which controllers, by their names in v1 and v2, each kind of limit needs one of. */
const controllersOf: readonly Wanted[] = [
  ["memory", ["memory"]],
  ["cpu", ["cpu", "cpuset"]],
  ["pids", ["pids"]],
  ["blockIO", ["io", "blkio"]],
  ["hugepageLimits", ["hugetlb"]],
];

/** A line for each reason why limits that were asked for will not hold. */
export function limitWarnings(limits: LinuxResources | undefined, layout: CgroupLayout): readonly string[] {
  const wanted = controllersOf.filter(([kind]) => isSet(limits?.[kind]));
  if (wanted.length === 0) return [];
  if (!layout.delegated) {
    return [
      layout.mode === "v2"
        ? "Resource limits are ignored: control groups are not delegated to this user"
        : "Resource limits are not supported and ignored on cgroups V1 rootless systems",
    ];
  }
  return wanted
    .filter(([, names]) => !names.some((name) => layout.controllers.includes(name)))
    .map(([, [name]]) => `Limits of "${name}" are ignored: this host's control groups have no such controller`);
}

/** Zero and less stand for no limit, as do empty texts and lists. */
function isSet(limit: LinuxResources[keyof LinuxResources]): boolean {
  return Object.values(limit ?? {}).some((value: unknown) => {
    if (typeof value === "number") return value > 0;
    return Array.isArray(value) ? value.length > 0 : Boolean(value);
  });
}
