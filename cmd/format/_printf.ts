/** Go's fmt.Sprintf for the values that templates have. */

import { GoTime } from "./go_time.ts";
import { isMap, isRecord, printValue, type TemplateValue } from "./template_value.ts";

type Directive = { readonly flags: string; readonly width: number; readonly precision: number | null };

/** Verbs: v s q d x X o b c t f g e T %, with flags, width and precision, also `*`. */
export function formatGo(format: string, values: readonly TemplateValue[]): string {
  const queue = [...values];
  const pattern = /%([-+# 0]*)(\*|\d+)?(?:\.(\*|\d*))?(.)/gsu;
  const text = format.replace(pattern, (_, flags: string, width?: string, precision?: string, verb = "") => {
    const directive: Directive = {
      flags,
      width: width === "*" ? Number(queue.shift()) : Number(width ?? 0),
      precision: precision === undefined ? null : precision === "*" ? Number(queue.shift()) : Number(precision),
    };
    if (verb === "%") return "%";
    if (queue.length === 0) return `%!${verb}(MISSING)`;
    return pad(formatValue(verb, queue.shift(), directive), directive);
  });
  return queue.length === 0
    ? text
    : `${text}%!(EXTRA ${queue.map((value) => `${typeOf(value)}=${printValue(value)}`).join(", ")})`;
}

function pad(text: string, { flags, width }: Directive): string {
  if (flags.includes("-")) return text.padEnd(width);
  if (!flags.includes("0") || !/^[+-]?\d/.test(text)) return text.padStart(width);
  const sign = /^[+-]/.test(text) ? text.slice(0, 1) : "";
  return sign + text.slice(sign.length).padStart(width - sign.length, "0");
}

function formatValue(verb: string, value: TemplateValue, directive: Directive): string {
  switch (verb) {
    case "v":
    case "s": {
      const text = verb === "s" && typeof value === "number" ? `%!s(int=${printValue(value)})` : printInner(value);
      return directive.precision === null ? text : [...text].slice(0, directive.precision).join("");
    }
    case "q":
      return typeof value === "string"
        ? JSON.stringify(value)
        : Array.isArray(value)
        ? quoteList(value)
        : printValue(value);
    case "T":
      return typeOf(value);
    case "t":
      return typeof value === "boolean" ? String(value) : mismatch(verb, value);
    default:
      return typeof value === "number" ? formatNumber(verb, value, directive) : formatHex(verb, value);
  }
}

function printInner(value: TemplateValue): string {
  return value === undefined || value === null ? "<nil>" : printValue(value);
}

function quoteList(values: readonly TemplateValue[]): string {
  return `[${values.map((value) => JSON.stringify(printValue(value))).join(" ")}]`;
}

function formatHex(verb: string, value: TemplateValue): string {
  if (typeof value !== "string" || (verb !== "x" && verb !== "X")) return mismatch(verb, value);
  const hex = [...new TextEncoder().encode(value)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return verb === "x" ? hex : hex.toUpperCase();
}

function formatNumber(verb: string, value: number, { flags, precision }: Directive): string {
  const sign = flags.includes("+") && value >= 0 ? "+" : flags.includes(" ") && value >= 0 ? " " : "";
  switch (verb) {
    case "d":
      return Number.isInteger(value) ? sign + printValue(value) : mismatch(verb, value);
    case "x":
      return (flags.includes("#") ? "0x" : "") + value.toString(16);
    case "X":
      return (flags.includes("#") ? "0X" : "") + value.toString(16).toUpperCase();
    case "o":
      return (flags.includes("#") ? "0" : "") + value.toString(8);
    case "b":
      return value.toString(2);
    case "c":
      return String.fromCodePoint(value);
    case "f":
    case "F":
      return sign + value.toFixed(precision ?? 6);
    case "e":
      return sign + value.toExponential(precision ?? 6).replace(/e([+-])(\d)$/, "e$10$2");
    case "g":
      return sign + (precision === null ? String(value) : String(Number(value.toPrecision(precision || 1))));
    default:
      return mismatch(verb, value);
  }
}

function mismatch(verb: string, value: TemplateValue): string {
  return `%!${verb}(${typeOf(value)}=${printInner(value)})`;
}

function typeOf(value: TemplateValue): string {
  if (value === null || value === undefined) return "<nil>";
  if (Array.isArray(value)) return "[]interface {}";
  if (isMap(value)) return "map[string]interface {}";
  if (value instanceof GoTime) return "time.Time";
  if (isRecord(value)) return "struct";
  if (typeof value === "number") return Number.isInteger(value) ? "int" : "float64";
  return typeof value === "boolean" ? "bool" : "string";
}
