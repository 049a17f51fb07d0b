/** One way in that a server offers: `Bearer realm="…",service="…"`. The scheme and the names are in lower case. */
export type Challenge = { readonly scheme: string; readonly parameters: ReadonlyMap<string, string> };

const token = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y;
const maximumLength = 16 * 1024;

/**
 * The challenges of a `WWW-Authenticate` header (RFC 9110, 11.6.1), several of which may be joined by commas. What
 * cannot be understood ends the list.
 */
export function parseChallenges(header: string): readonly Challenge[] {
  const challenges: Challenge[] = [];
  const cursor = new Cursor(header.slice(0, maximumLength));
  for (;;) {
    cursor.skip(/[\s,]*/y);
    const scheme = cursor.match(token);
    if (scheme === "") return challenges;
    challenges.push({ scheme: scheme.toLowerCase(), parameters: readParameters(cursor) });
  }
}

function readParameters(cursor: Cursor): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (;;) {
    const start = cursor.at;
    cursor.skip(/[\s,]*/y);
    const name = cursor.match(token);
    if (name === "" || cursor.match(/\s*=\s*/y) === "") {
      cursor.at = start; // the next challenge's scheme, or the end
      return parameters;
    }
    parameters.set(name.toLowerCase(), readValue(cursor));
  }
}

function readValue(cursor: Cursor): string {
  const quoted = cursor.match(/"(?:[^"\\]|\\.)*"/y);
  if (quoted === "") return cursor.match(token);
  return quoted.slice(1, -1).replace(/\\(.)/g, "$1");
}

class Cursor {
  at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** What `pattern` (sticky) finds here, and steps over it; empty if it finds nothing. */
  match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.#text)?.[0] ?? "";
    this.at += found.length;
    return found;
  }

  skip(pattern: RegExp): void {
    this.match(pattern);
  }
}
