/** Writes rows as CSV, in the ways that CSV allows, and reads its characters back. */

export interface WrittenTable {
  readonly source: string;
  /** What the characters of [start,end), which are in one cell, mean. */
  read(start: number, end: number): string;
}

/** Cells are text; what is not is written as JSON. `isQuoted` says whether a cell that need not be quoted is. */
export function writtenTable(
  rows: readonly Readonly<Record<string, unknown>>[],
  delimiter: string,
  isQuoted: (cell: number) => boolean,
): WrittenTable {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const quoted: { start: number; end: number }[] = [];
  let source = "";
  let count = 0;
  const put = (cell: string): void => {
    const needsQuotes = new RegExp(`["\r\n${delimiter}]`).test(cell) || cell === "";
    if (!needsQuotes && !isQuoted(count++)) {
      source += cell;
      return;
    }
    const start = source.length + 1;
    source += `"${cell.replaceAll('"', '""')}"`;
    quoted.push({ start, end: source.length - 1 });
  };
  const line = (cells: readonly string[]): void => {
    for (const [i, cell] of cells.entries()) {
      if (i > 0) source += delimiter;
      put(cell);
    }
    source += "\n";
  };
  line(names);
  for (const row of rows) line(names.map((name) => cellOf(row[name])));
  return {
    source,
    read: (start, end) => {
      const text = source.slice(start, end);
      const isInQuotes = quoted.some((cell) => cell.start <= start && end <= cell.end);
      return isInQuotes ? text.replaceAll('""', '"') : text;
    },
  };
}

function cellOf(value: unknown): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
