/**
 * Names of the bundle's chunks that depend on nothing but the program. The bundler's own hashes depend on where the
 * checkout and the packages lie, and so would the built file.
 */
import { createHash } from "node:crypto";

/** What the bundler calls a chunk that it made: `STEM-HASH.js`. */
const chunkName = /\b(\w+)-[A-Z0-9]{8}\.js\b/g;

/** Rounds in which a chunk's hash learns of the chunks it imports, of theirs, and so on. */
const rounds = 4;

/** A new name for each file in `texts` (text by name) that the bundler named after a hash. */
export function chunkNames(texts: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const made = [...texts].filter(([name]) => isMade(name));
  let labels = new Map(made.map(([name]) => [name, stem(name)]));
  for (let round = 0; round < rounds; round++) {
    labels = new Map(made.map(([name, text]) => [name, `${stem(name)}-${hash(rename(text, labels))}`]));
  }
  const taken = new Map<string, number>();
  return new Map(
    [...labels].sort().map(([name, label]) => {
      const count = taken.get(label) ?? 0;
      taken.set(label, count + 1);
      return [name, `${label.slice(0, -1)}${count}.js`]; // the same length for all, and one for each
    }),
  );
}

/** `text` with the chunks' names replaced. */
export function rename(text: string, names: ReadonlyMap<string, string>): string {
  return text.replace(chunkName, (name) => names.get(name) ?? name);
}

function isMade(name: string): boolean {
  return name.replace(chunkName, "") === "";
}

function stem(name: string): string {
  return name.replace(chunkName, "$1");
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8).toUpperCase();
}
