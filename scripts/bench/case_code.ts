import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path/posix";
import { bundle } from "../build.ts";
import type { Bench, Case } from "./case.ts";
import { busyboxArchive, busyboxImage } from "./image.ts";
import { run } from "./measure.ts";
import type { Row } from "./row.ts";

const commands: readonly (readonly string[])[] = [
  ["version"],
  ["ps"],
  ["run", "--rm", "--network", "none", busyboxImage, "true"],
];

async function measure(bench: Bench): Promise<readonly Row[]> {
  const chunks = join(bench.folder, "chunks");
  await bundle(chunks);
  const report = join(bench.folder, "loaded");
  for (const name of readdirSync(chunks).filter((one) => one.endsWith(".js"))) noteLoading(join(chunks, name), report);
  const [, ...globals] = bench.beluga.command().argv;
  const program = [Deno.execPath(), "run", "-A", "--no-config", join(chunks, "main.js"), ...globals];
  await run(bench.beluga.command("load", "-i", await busyboxArchive(bench.folder)));
  const rows: Row[] = [];
  for (const words of commands) {
    await run({ argv: [...program, ...words] });
    const bytes = readFileSync(report, "utf8").split("\n").reduce((sum, one) => sum + Number(one), 0);
    rows.push({ name: `code loaded by ${words[0]}`, unit: "kB", subject: bytes / 1000, budget: { atMost: 150 } });
  }
  return rows;
}

/** Makes a chunk add its size to a list when it is loaded; the main one writes the list to `report` when it exits. */
function noteLoading(path: string, report: string): void {
  const text = readFileSync(path, "utf8");
  const note = `(globalThis.loadedChunks??=[]).push(${text.length});`;
  const atExit = `const leave=Deno.exit;Deno.exit=(code)=>{` +
    `Deno.writeTextFileSync(${JSON.stringify(report)},loadedChunks.join("\\n"));leave(code)};`;
  writeFileSync(path, `${note}${path.endsWith("/main.js") ? atExit : ""}${text}`);
}

/** How much of the program the hot commands load. */
export const codeCase: Case = { name: "code", measure };
