/** What a measurement says, and how it is shown. */

export type Row = {
  readonly name: string;
  readonly unit: "ms" | "kB" | "MB" | "/s" | "×" | "runs";
  readonly subject: number;
  /** The peer's value: Podman, an empty program, GNU tar; left out when there is none to compare with. */
  readonly peer?: number;
  readonly peerName?: string;
  /** What must hold of the ratio subject ÷ peer, or of the value itself when there is no peer. */
  readonly budget: Budget;
};

export type Budget = { readonly atMost: number } | { readonly atLeast: number };

/** Subject ÷ peer. */
export function ratioOf({ subject, peer }: Row): number | undefined {
  return peer === undefined ? undefined : subject / peer;
}

/** Whether the budget holds; undefined when the peer that it is measured by is not installed. */
export function holds(row: Row): boolean | undefined {
  const value = row.peerName === undefined ? row.subject : ratioOf(row);
  if (value === undefined) return undefined;
  return "atMost" in row.budget ? value <= row.budget.atMost : value >= row.budget.atLeast;
}

function shown(value: number | undefined, unit = ""): string {
  return value === undefined ? "-" : `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ${unit}`.trim();
}

/** The rows as a table in Markdown. */
export function formatTable(rows: readonly Row[]): string {
  const head = ["measurement", "beluga", "peer", "", "ratio", "budget", "holds"];
  const body = rows.map((row) => [
    row.name,
    shown(row.subject, row.unit),
    shown(row.peer, row.unit),
    row.peerName ?? "",
    shown(ratioOf(row)),
    "atMost" in row.budget ? `≤ ${row.budget.atMost}` : `≥ ${row.budget.atLeast}`,
    { true: "yes", false: "NO", undefined: "-" }[String(holds(row))] ?? "",
  ]);
  const widths = head.map((word, column) => Math.max(word.length, ...body.map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n");
}
