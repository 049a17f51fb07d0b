import { join } from "node:path/posix";
import { compileEmpty } from "../build.ts";
import type { Bench, Case } from "./case.ts";
import { alternate, time } from "./measure.ts";
import type { Row } from "./row.ts";

async function measure({ beluga, runs, folder }: Bench): Promise<readonly Row[]> {
  const empty = join(folder, "empty");
  await compileEmpty(empty);
  const [subject = Number.NaN, peer = Number.NaN] = await alternate(runs * 3, [
    () => time(beluga.command("version")),
    () => time({ argv: [empty] }),
  ]);
  return [{ name: "version", unit: "ms", subject, peer, peerName: "empty program", budget: { atMost: 1.3 } }];
}

/** Start-up: the smallest command beside a program that does nothing. */
export const versionCase: Case = { name: "version", measure };
