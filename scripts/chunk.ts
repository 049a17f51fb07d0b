/**
 * Chunks of the bundle made loadable by `scripts/boot.ts`: each becomes a function in a script, because V8 can be given
 * compiled code for scripts (`node:vm`), not for the modules of a compiled program.
 *
 * The bundler's chunks import each other without cycles, and nothing in them is exported that is assigned to later. So a
 * chunk may run to its end when it is first wanted, and its exports are handed on as values.
 */

/** A chunk as the bundler wrote it. */
export type Chunk = { readonly name: string; readonly text: string };

/** The number of the script that holds a chunk, by the chunk's name. */
export type Places = ReadonlyMap<string, number>;

const identifier = String.raw`[\w$]+`;
const staticImport = new RegExp(
  String
    .raw`\bimport(?:\s*\b(${identifier}),?)?(\{[^{}"']*\}|\*as ${identifier})?\s*(?:from)?"((?:node:|\./)[\w./-]+)";?`,
  "g",
);
const dynamicImport = /\bimport\("\.\/([\w./-]+)"\)/g;
/** The last statement; licences may stand behind it. */
const exportList = /\bexport\{([^{}"']*)\};?(?=(?:\s*\/\*[\s\S]*?\*\/)*\s*$)/;

/** The chunks that one cannot do without. */
export function importsOf({ text }: Chunk): readonly string[] {
  return [...text.matchAll(staticImport)].map(([, , , path = ""]) => path).filter(isChunk).map(nameOf);
}

/**
 * The chunk as an expression: a function that runs it and returns its exports. It is given what `boot.ts` offers: a
 * loader, the same for later, built-in modules, and the program's address.
 */
export function chunkFunction({ name, text }: Chunk, places: Places): string {
  const imports: string[] = [];
  const body = text
    .replaceAll(staticImport, (_, whole: string | undefined, names: string | undefined, path: string) => {
      imports.push(importText({ whole, names, from: loadText(path, places) }));
      return "";
    })
    .replaceAll(dynamicImport, (_, path: string) => `$$$later(${addressOf(path, places)})`)
    .replaceAll("import.meta.url", () => "$$$url")
    .replaceAll("import.meta.main", "false")
    .replace(exportList, (_, list: string) => `return{${list.replaceAll(renaming, "$2:$1")}}`);
  const left = /\bimport[(.].{0,40}/.exec(body);
  if (left !== null) throw new Error(`reading chunk "${name}": "${left[0]}" is not understood`);
  return `function($$$load,$$$later,$$$builtin,$$$url){"use strict";${imports.join("")}${body}\n}`;
}

const renaming = new RegExp(`(${identifier}) as (${identifier})`, "g");

type Import = { readonly whole: string | undefined; readonly names: string | undefined; readonly from: string };

function importText({ whole, names, from }: Import): string {
  const statements: string[] = [];
  if (whole !== undefined) statements.push(`const{default:${whole}}=${from};`);
  if (names?.startsWith("*")) statements.push(`const ${names.slice("*as ".length)}=${from};`);
  else if (names !== undefined) statements.push(`const${names.replaceAll(renaming, "$1:$2")}=${from};`);
  return statements.length > 0 ? statements.join("") : `${from};`;
}

function loadText(path: string, places: Places): string {
  return isChunk(path) ? `$$$load(${addressOf(nameOf(path), places)})` : `$$$builtin(${JSON.stringify(path)})`;
}

function addressOf(name: string, places: Places): string {
  const place = places.get(name);
  if (place === undefined) throw new Error(`looking for chunk "${name}": the bundle has none of that name`);
  return `${place},${JSON.stringify(name)}`;
}

function isChunk(path: string): boolean {
  return path.startsWith("./");
}

function nameOf(path: string): string {
  return path.slice("./".length);
}
