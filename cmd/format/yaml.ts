/** Plain data as YAML, in the style of Go's yaml package: sorted keys, lists flush with their key. */

/** The document, with a line feed at the end. */
export function yaml(value: unknown): string {
  return `${lines(value).join("\n")}\n`;
}

function lines(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(item);
  if (typeof value === "object" && value !== null) {
    return Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .toSorted(([left], [right]) => left < right ? -1 : 1)
      .flatMap(([key, inner]) => entry(key, inner));
  }
  return [scalar(value)];
}

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0;
}

function entry(key: string, value: unknown): readonly string[] {
  const name = scalar(key);
  if (typeof value !== "object" || value === null || isEmpty(value)) return [`${name}: ${scalar(value)}`];
  const inner = lines(value);
  return [`${name}:`, ...(Array.isArray(value) ? inner : inner.map((line) => `  ${line}`))];
}

function item(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null || isEmpty(value)) return [`- ${scalar(value)}`];
  return lines(value).map((line, at) => at === 0 ? `- ${line}` : `  ${line}`);
}

function scalar(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (Array.isArray(value)) return "[]";
  if (typeof value === "object") return "{}";
  if (typeof value !== "string") return String(value);
  if (value === "") return '""';
  if (looksOtherwise(value)) return JSON.stringify(value);
  return /^[\s!&*?|>@`"'%#{}[\],-]|: |:$| #|\p{Cc}|\s$/u.test(value) ? quoted(value) : value;
}

/** A text that would be read as a number, truth or nothing. */
function looksOtherwise(text: string): boolean {
  return /^([+-]?(\d[\d_]*)?\.?\d+([eE][+-]?\d+)?|0x[0-9a-fA-F]+|true|false|yes|no|on|off|y|n|null|~|\.inf|\.nan|\d{4}-\d\d-\d\d.*)$/i
    .test(text);
}

function quoted(text: string): string {
  return /\p{Cc}/u.test(text) ? JSON.stringify(text) : `'${text.replaceAll("'", "''")}'`;
}
