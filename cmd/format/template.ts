/** `--format`: json is the command's own affair; this is for Go templates, with and without a table of columns. */

import { alignTabs } from "./table.ts";
import { parseTemplate, type Term } from "./template_parse.ts";
import { runTemplate } from "./template_run.ts";
import type { TemplateRecord, TemplateValue } from "./template_value.ts";

export type ListFormat = {
  /** In complaints: the command's last word. */
  readonly name: string;
  /** What the user asked for. */
  readonly format: string;
  /** Header word of each field; unknown fields get `<no value>`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly noHeading?: boolean;
};

/** The rows by the user's template; a format that begins with `table ` gets a header and aligned columns. */
export function formatRows(rows: readonly TemplateRecord[], wanted: ListFormat): string {
  const isTable = /^table\s+\S/.test(wanted.format);
  const text = unescape(
    isTable ? wanted.format.replace(/^table\s+/, "").replaceAll(/\}\}\s*\{\{/g, "}}\t{{") : wanted.format,
  );
  if (text.startsWith("{{range")) return runTemplate(wanted.name, parseTemplate(wanted.name, text), { data: rows });
  const template = parseTemplate(wanted.name, `${text}\n`);
  const lines = rows.map((row) => runTemplate(wanted.name, template, { data: row }));
  if (!isTable) return lines.join("");
  const heading = wanted.noHeading === true ? "" : headerLine(text, wanted.headers);
  return alignTabs(heading + lines.join(""));
}

/** One object by the user's template, with a line feed at the end. */
export function formatOne(name: string, format: string, { data }: { readonly data: TemplateValue }): string {
  return runTemplate(name, parseTemplate(name, unescape(format)), { data }) + "\n";
}

function unescape(format: string): string {
  return format.replaceAll("\\t", "\t").replaceAll("\\n", "\n");
}

/** Each `{{…}}` of the template replaced with the header of the field it shows. */
function headerLine(text: string, headers: Readonly<Record<string, string>>): string {
  const line = parseTemplate("header", text).body.map((node) => {
    if (node.tag === "text") return node.text;
    if (node.tag !== "print") return "";
    const terms = node.pipeline.steps.flatMap((step) => [step.operator, ...step.operands]);
    const path = terms.map(pathOf).find((path) => path !== "") ?? "";
    return Object.hasOwn(headers, path) ? headers[path] : "<no value>";
  });
  return `${line.join("")}\n`;
}

function pathOf(term: Term): string {
  if (term.tag !== "field") return "";
  return term.of.tag === "dot" ? term.name : `${pathOf(term.of)}.${term.name}`;
}
