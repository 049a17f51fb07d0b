/** `version`: of this program and, in remote mode, of the service. */

import type { SystemVersionReport, VersionInfo } from "../../lib/engine/mod.ts";
import type { Command, CommandContext, Program } from "../command.ts";
import { compactJson, isJsonFormat } from "../format/json.ts";

export const command: Command = {
  path: "version",
  summary: "Client and server versions",
  examples: ["version", "version --format json"],
  args: { text: "[options]", min: 0, max: 0 },
  flags: [
    { name: "format", type: "string", short: "f", value: "FORMAT", text: "Print as json or by a Go template" },
  ],
  remote: true,
  access: "nothing",
  run: showVersion,
};

/** The API that the service speaks: libpod's, of the version that the reference data describes. */
const apiVersion = "5.8.2";

async function showVersion(context: CommandContext): Promise<void> {
  const { engine, flags, io, program, remote, signal } = context;
  const client = clientVersion(program);
  const report: SystemVersionReport = {
    Client: client,
    ...(remote ? { Server: (await engine.system.version({}, signal)).Server } : {}),
  };
  const format = flags.text("format");
  if (isJsonFormat(format)) return io.stdout.write(`${compactJson(report)}\n`);
  if (format === "") return io.stdout.write(versionText(report));
  const { formatOne } = await import("../format/template.ts");
  // Fields of the version itself are the client's, as in Docker's and older templates.
  const data = { ...client, Client: client, Server: report.Server ?? client };
  io.stdout.write(formatOne("version", format, { data }));
}

function clientVersion(program: Program): VersionInfo {
  const arch = Deno.build.arch === "x86_64" ? "amd64" : "arm64";
  return {
    APIVersion: apiVersion,
    Version: program.version,
    GoVersion: `deno${program.denoVersion}`,
    GitCommit: program.commit,
    BuiltTime: goTime(program.commitTime),
    Built: program.commitTime,
    OsArch: `${Deno.build.os}/${arch}`,
    Os: Deno.build.os,
  };
}

/** `Mon Jan  2 15:04:05 2006`. */
function goTime(seconds: number): string {
  const [day = "", date = "", month = "", year = "", clock = ""] = new Date(seconds * 1000).toUTCString().split(" ");
  return `${day.slice(0, 3)} ${month} ${String(Number(date)).padStart(2)} ${clock} ${year}`;
}

function versionText({ Client, Server }: SystemVersionReport): string {
  const blocks = [["Client:", "Beluga", Client], ["Server:", "Beluga", Server]] as const;
  return blocks.flatMap(([title, name, info]) => info === undefined ? [] : [block(title, name, { info })]).join("\n");
}

function block(title: string, name: string, { info }: { readonly info: VersionInfo }): string {
  const lines: readonly (readonly [string, string])[] = [
    [title, name],
    ["Version:", info.Version],
    ["API Version:", info.APIVersion],
    [info.GoVersion.startsWith("deno") ? "Deno Version:" : "Go Version:", info.GoVersion.replace(/^deno ?/, "")],
    ...(info.GitCommit === "" ? [] : [["Git Commit:", info.GitCommit] as const]),
    ["Built:", info.Built > 0 ? goTime(info.Built) : info.BuiltTime],
    ["OS/Arch:", info.OsArch],
  ];
  return lines.map(([key, value]) => `${key.padEnd(13)} ${value}\n`).join("");
}
