/** Lists of plain reports by a user's template. */

import { templateValue } from "./report.ts";
import { formatRows, type ListFormat } from "./template.ts";
import { isRecord, type TemplateRecord } from "./template_value.ts";

export function formatRecords(reports: readonly unknown[], format: ListFormat): string {
  const rows = reports.map((report) => templateValue(report)).filter((row): row is TemplateRecord => isRecord(row));
  return formatRows(rows, format);
}
