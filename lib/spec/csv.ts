import { invalid } from "./invalid.ts";

/** The fields of one line of CSV: quotes (`"a,b"`, doubled inside) keep commas. */
export function csvFields(line: string): readonly string[] {
  const fields: string[] = [];
  let at = 0;
  while (at <= line.length) {
    const [field, next] = line[at] === '"' ? quoted(line, at) : plain(line, at);
    fields.push(field);
    at = next + 1;
  }
  return fields;
}

function plain(line: string, start: number): readonly [string, number] {
  const comma = line.indexOf(",", start);
  const end = comma < 0 ? line.length : comma;
  const field = line.slice(start, end);
  if (field.includes('"')) throw invalid(`parse error on line 1, column ${start + 1}: bare " in non-quoted-field`);
  return [field, end];
}

function quoted(line: string, start: number): readonly [string, number] {
  let field = "";
  let at = start + 1;
  for (;;) {
    const quote = line.indexOf('"', at);
    if (quote < 0) {
      throw invalid(`parse error on line 1, column ${line.length}: extraneous or missing " in quoted-field`);
    }
    field += line.slice(at, quote);
    if (line[quote + 1] !== '"') {
      const end = quote + 1;
      if (end < line.length && line[end] !== ",") {
        throw invalid(`parse error on line 1, column ${end}: extraneous or missing " in quoted-field`);
      }
      return [field, end];
    }
    field += '"';
    at = quote + 2;
  }
}
