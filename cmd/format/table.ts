/** Columns as Go's text/tabwriter sets them for Podman: at least 12 wide, 2 blanks apart, the last one as it comes. */

const least = 12;
const gap = 2;

/** Aligns text whose cells are parted by tabs. A column is made of lines that follow each other and all have it. */
export function alignTabs(text: string): string {
  if (!text.includes("\t")) return text;
  const lines = text.split("\n").map((line) => line.split("\t"));
  const widths = lines.map((cells) => new Array<number>(Math.max(0, cells.length - 1)).fill(0));
  const columns = Math.max(...widths.map((row) => row.length));
  for (let column = 0; column < columns; column++) setColumn(lines, widths, { column });
  return lines.map((cells, row) => cells.map((cell, column) => fill(cell, widths[row]?.[column])).join("")).join("\n");
}

function fill(cell: string, width: number | undefined): string {
  return width === undefined ? cell : cell + " ".repeat(Math.max(0, width - lengthOf(cell)));
}

type Grid = readonly (readonly string[])[];

function setColumn(lines: Grid, widths: readonly number[][], { column }: { readonly column: number }): void {
  for (let start = 0; start < lines.length; start++) {
    if (!hasColumn(widths[start], column)) continue;
    let end = start;
    let width = least;
    for (; end < lines.length && hasColumn(widths[end], column); end++) {
      width = Math.max(width, lengthOf(lines[end]?.[column] ?? "") + gap);
    }
    for (const row of widths.slice(start, end)) row[column] = width;
    start = end;
  }
}

function hasColumn(row: readonly number[] | undefined, column: number): boolean {
  return row !== undefined && column < row.length;
}

/** In characters, as tabwriter counts. */
function lengthOf(text: string): number {
  return /^[\x20-\x7e]*$/.test(text) ? text.length : [...text].length;
}

/** A table of rows of equal length. */
export function table(rows: Grid): string {
  return rows.length === 0 ? "" : alignTabs(rows.map((row) => row.join("\t")).join("\n") + "\n");
}
