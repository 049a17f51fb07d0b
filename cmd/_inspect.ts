/** What the `inspect` commands share: look up each name, print all that were found, then fail for the rest. */

import { EngineError } from "../lib/errors.ts";
import { type CommandContext, CommandFailure } from "./command.ts";
import { isJsonFormat, prettyJson } from "./format/json.ts";

/** Podman indents inspected objects by five. */
const indent = 5;

export type Inspection = {
  readonly names: readonly string[];
  readonly lookUp: (name: string) => Promise<unknown>;
  /** Go names that differ from the wire's. */
  readonly renamed?: Readonly<Record<string, string>>;
};

export async function inspectAll({ flags, io }: CommandContext, wanted: Inspection): Promise<void> {
  const found: unknown[] = [];
  const errors: unknown[] = [];
  for (const name of wanted.names) {
    try {
      found.push(await wanted.lookUp(name));
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      errors.push(error);
    }
  }
  const format = flags.text("format");
  if (format === "" || isJsonFormat(format)) io.stdout.write(prettyJson(found, indent));
  else io.stdout.write(await byTemplate(found, format, wanted));
  if (errors.length > 0) throw new CommandFailure(125, errors);
}

async function byTemplate(found: readonly unknown[], format: string, { renamed = {} }: Inspection): Promise<string> {
  const { templateValue } = await import("./format/report.ts");
  const { formatOne } = await import("./format/template.ts");
  const one = (report: unknown) => formatOne("inspect", format, { data: templateValue(report, { renamed }) });
  return found.map(one).join("");
}

export function checkNames(args: readonly string[]): string | undefined {
  return args.length > 0 ? undefined : "no names or ids specified";
}

/** Of containers and images: Go's names and those that Docker's templates use. */
export const containerNames: Readonly<Record<string, string>> = {
  ID: "Id",
  Src: "Source",
  Dst: "Destination",
  ImageID: "Image",
  HealthCheck: "Healthcheck",
  SdNotifyMode: "sdNotifyMode",
  DomainName: "Domainname",
  Healthcheck: "Health",
};
