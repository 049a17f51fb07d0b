/**
 * The contract of `lib/engine` as a suite that runs on any engine: the one in memory, one behind a service, the one on
 * this machine. A case opens its own subject and leaves nothing running.
 */

import { containerSuite } from "./containers.ts";
import { execSuite } from "./exec.ts";
import { imageSuite } from "./images.ts";
import { networkSuite, systemSuite, volumeSuite } from "./others.ts";
import type { OpenSubject, Suite } from "./subject.ts";

export type { OpenSubject, Subject } from "./subject.ts";

const suites: Readonly<Record<string, Suite>> = {
  containers: containerSuite,
  exec: execSuite,
  images: imageSuite,
  volumes: volumeSuite,
  networks: networkSuite,
  system: systemSuite,
};

export type ContractOptions = {
  /** Nouns to leave out, such as `networks` where none can be made. */
  readonly without?: readonly string[];
};

/** Registers every case as a test, named after `implementation`. */
export function engineContract(implementation: string, open: OpenSubject, options: ContractOptions = {}): void {
  for (const [noun, suite] of Object.entries(suites)) {
    if (options.without?.includes(noun) === true) continue;
    for (const [sentence, run] of Object.entries(suite)) {
      Deno.test(`${implementation}, ${noun}: ${sentence}`, async () => {
        await using subject = await open();
        await run(subject);
      });
    }
  }
}
