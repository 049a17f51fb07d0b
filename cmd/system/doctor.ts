/** `doctor`: looks at this host and says what keeps containers from running. Ours; Podman has nothing like it. */

import type { DoctorReport, Finding } from "../../lib/engine/mod.ts";
import type { Command, CommandContext } from "../command.ts";
import { isJsonFormat, prettyJson } from "../format/json.ts";

export const command: Command = {
  path: "doctor",
  summary: "Look at this host and say what keeps containers from running",
  description:
    "Checks kernel, file systems, control groups, ids and helper programs. Changes nothing. The exit code is 0 " +
    "if a container can run.",
  examples: ["doctor", "doctor --format json"],
  args: { text: "[options]", min: 0, max: 0 },
  flags: [
    { name: "format", short: "f", type: "string", value: "FORMAT", text: "Print as json or by a Go template" },
  ],
  remote: true,
  access: "reads",
  run: examine,
};

async function examine(context: CommandContext): Promise<number> {
  const { engine, io, signal } = context;
  const report = await engine.system.doctor({}, signal);
  io.stdout.write(await print(report, context));
  return report.canRun ? 0 : 1;
}

async function print(report: DoctorReport, { flags, io }: CommandContext): Promise<string> {
  const format = flags.text("format");
  if (isJsonFormat(format)) return prettyJson(report);
  if (format === "") return reportText(report, io.stdout.isTerminal());
  const { formatOne } = await import("../format/template.ts");
  const { templateValue } = await import("../format/report.ts");
  return formatOne("doctor", format, { data: templateValue(report) });
}

const marks = { good: "ok", warning: "warning", bad: "bad" } as const;
const colours = { good: 32, warning: 33, bad: 31 } as const;

function reportText({ canRun, findings }: DoctorReport, colour: boolean): string {
  const width = Math.max(0, ...findings.map(({ check }) => check.length));
  const lines = findings.map((finding) => findingText(finding, { width, colour }));
  const verdict = canRun ? "Containers can run on this host." : "Containers cannot run on this host.";
  return `${lines.join("")}\n${verdict}\n`;
}

function findingText(
  { check, level, found, breaks, fix }: Finding,
  { width, colour }: { readonly width: number; readonly colour: boolean },
): string {
  const mark = marks[level].padEnd(7);
  const shown = colour ? `\x1b[${colours[level]}m${mark}\x1b[0m` : mark;
  const indent = " ".repeat(width + 10);
  return [
    `${shown}  ${check.padEnd(width)} ${found}`,
    ...(breaks === "" ? [] : [`${indent}${breaks}`]),
    ...(fix === "" ? [] : [`${indent}fix: ${fix}`]),
  ].map((line) => `${line}\n`).join("");
}
