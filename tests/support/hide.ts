/** Makes the machine look as if programs were not installed. */

import assert from "node:assert/strict";
import type { Place } from "./place.ts";

/** Hides `names` of /usr/bin and /usr/sbin in the place's own mount namespace; nothing changes outside. */
export async function hide(place: Place, names: readonly string[]): Promise<void> {
  assert.notEqual(place.witness, "self", "the place has a mount namespace of its own");
  for (const folder of ["/usr/bin", "/usr/sbin", "/usr/lib/podman"]) {
    const upper = place.folder(`hidden${folder.replaceAll("/", "-")}`);
    const script = `mkdir -p ${upper}/up ${upper}/work && mount -t overlay overlay ` +
      `-o lowerdir=${folder},upperdir=${upper}/up,workdir=${upper}/work ${folder} && ` +
      `rm -f ${names.map((name) => `${folder}/${name}`).join(" ")}`;
    const result = await place.host(["sh", "-ec", script]);
    assert.equal(result.code, 0, result.stderr);
  }
}
