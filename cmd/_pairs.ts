/** `key=value` words → a record without a prototype. */

/** A word without `=` has an empty value. */
export function parsePairs(words: readonly string[]): Readonly<Record<string, string>> {
  const pairs: Record<string, string> = Object.create(null);
  for (const word of words) {
    const equals = word.indexOf("=");
    pairs[equals < 0 ? word : word.slice(0, equals)] = equals < 0 ? "" : word.slice(equals + 1);
  }
  return pairs;
}
