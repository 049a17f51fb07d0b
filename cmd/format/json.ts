/** JSON as Podman prints it: pretty with four blanks for reports, on one line for the `json` function. */

/** Pretty, with a line feed at the end. */
export function prettyJson(value: unknown, indent = 4): string {
  return `${JSON.stringify(value, null, indent)}\n`;
}

export function compactJson(value: unknown): string {
  return JSON.stringify(value) ?? "null";
}

/** True for `json`, `{{json}}` and `{{json .}}`. */
export function isJsonFormat(format: string): boolean {
  return /^\s*(json|\{\{\s*json\s*\.?\s*\}\})\s*$/.test(format);
}
