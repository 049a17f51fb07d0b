/** Keys to detach: the flag's, else those of containers.conf. */

import type { CommandContext } from "../command.ts";

export function detachKeys({ config, flags }: CommandContext): string {
  return flags.given("detach-keys") ? flags.text("detach-keys") : config.engine.detach_keys;
}
