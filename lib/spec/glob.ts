/** Shell patterns as Go's path.Match: `*` and `?` do not match `/`, `[a-z]` and `[^a]` are classes, `\` escapes. */

const cache = new Map<string, RegExp>();

/** Whether all of `text` matches. A broken pattern matches nothing. */
export function matchGlob(pattern: string, text: string): boolean {
  if (!/[*?[\\]/.test(pattern)) return pattern === text;
  let compiled = cache.get(pattern);
  if (compiled === undefined) {
    compiled = compile(pattern);
    if (cache.size < 256) cache.set(pattern, compiled);
  }
  return compiled.test(text);
}

function compile(pattern: string): RegExp {
  const source = pattern.replace(
    /\\(.)|\*+|\?|\[(\^?)((?:\\.|[^\]\\])+)\]|[.+^${}()|[\]\\/]/g,
    (part: string, escaped?: string, not?: string, set?: string) => {
      if (escaped !== undefined) return `\\u{${escaped.codePointAt(0)?.toString(16)}}`;
      if (part.startsWith("*")) return "[^/]*";
      if (part === "?") return "[^/]";
      if (set !== undefined) return `[${not}${set.replace(/[[\]&~^]|--/g, "\\$&")}]`;
      // A class that is never closed.
      return part === "[" ? "(?!)" : `\\${part}`;
    },
  );
  try {
    return new RegExp(`^${source}$`, "u");
  } catch {
    return /(?!)/;
  }
}
