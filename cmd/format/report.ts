/** Reports as templates see them: which of their objects are Go maps, which texts are times, which fields may be absent. */

import { GoTime } from "./go_time.ts";
import { plainName, type TemplateValue } from "./template_value.ts";

/** Objects under these names have keys of people's choosing; to ask for a missing one is no error. */
const maps = new Set([
  "Annotations",
  "Attributes",
  "CgroupConf",
  "Containers",
  "Data",
  "DriverOpts",
  "ExposedPorts",
  "IPAMConfig",
  "Labels",
  "Networks",
  "Options",
  "PortBindings",
  "Ports",
  "Status",
  "Tmpfs",
  "Volumes",
  "containers",
  "graphOptions",
  "graphStatus",
  "interfaces",
  "ipam_options",
  "labels",
  "options",
  "registries",
  "runtimeInfo",
]);

const times = new Set([
  "CheckpointedAt",
  "Created",
  "CreatedAt",
  "FinishedAt",
  "RestoredAt",
  "StartedAt",
  "created",
]);

/** Left out of JSON when empty; a template gets nothing for them instead of an error. */
const optional: readonly string[] = [
  "AdditionalMACAddresses",
  "Anonymous",
  "Aliases",
  "CgroupManager",
  "CgroupPath",
  "CheckpointLog",
  "CheckpointPath",
  "Checkpointed",
  "ChrootDirs",
  "ConmonPid",
  "CreateCommand",
  "Entrypoint",
  "Cmd",
  "Env",
  "ExposedPorts",
  "Health",
  "Healthcheck",
  "HealthcheckOnFailureAction",
  "IDMappings",
  "Init",
  "Labels",
  "Networks",
  "OCIConfigPath",
  "OCIRuntime",
  "Passwd",
  "RestoreLog",
  "Restored",
  "Secrets",
  "SizeRootFs",
  "SizeRw",
  "StartupHealthCheck",
  "Status",
  "StopSignal",
  "StoppedByUser",
  "SubPath",
  "SystemdMode",
  "Timezone",
  "Umask",
  "User",
  "Volumes",
  "WorkingDir",
  "network_dns_servers",
  "routes",
  "sdNotifyMode",
  "sdNotifySocket",
  "subnets",
];

export type ReportOptions = {
  /** Go names that differ from the wire's by more than case and `_`: template name → wire name. */
  readonly renamed?: Readonly<Record<string, string>>;
};

/** `report` (plain JSON) as a value for templates. */
export function templateValue(report: unknown, options: ReportOptions = {}): TemplateValue {
  return convert("", report, options);
}

function convert(key: string, value: unknown, options: ReportOptions): TemplateValue {
  if (value === null || value === undefined) return maps.has(key) ? new Map() : null;
  if (Array.isArray(value)) return value.map((item) => convert("", item, options));
  if (typeof value === "object") return maps.has(key) ? asMap(value, options) : asRecord(value, options);
  if (typeof value === "string") return times.has(key) && /^\d{4}-\d\d-\d\dT/.test(value) ? new GoTime(value) : value;
  return typeof value === "number" || typeof value === "boolean" ? value : String(value);
}

function asMap(value: object, options: ReportOptions): TemplateValue {
  return new Map(Object.entries(value).map(([name, inner]) => [name, convert("", inner, options)]));
}

/** Optional fields and other spellings are there without being printed or listed. */
function asRecord(value: object, options: ReportOptions): TemplateValue {
  const record: Record<string, TemplateValue> = Object.create(null);
  for (const [name, inner] of Object.entries(value)) record[name] = convert(name, inner, options);
  for (const [alias, name] of Object.entries(options.renamed ?? {})) hide(record, alias, record[name]);
  const present = new Set(Object.keys(value).map(plainName));
  for (const name of optional.filter((name) => !present.has(plainName(name)))) {
    hide(record, name, maps.has(name) ? new Map() : null);
  }
  return record;
}

function hide(record: Record<string, TemplateValue>, name: string, value: TemplateValue | undefined): void {
  if (value === undefined || name in record) return;
  Object.defineProperty(record, name, { value, enumerable: false });
}
