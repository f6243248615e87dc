/** Writes rows as CSV in the ways that CSV allows, and reads the characters back. */

export interface WrittenTable {
  readonly source: string;
  /** Returns the text that the characters [start, end) of one cell encode. */
  read(start: number, end: number): string;
}

/** Writes text as cells and other values as JSON. `isQuoted` decides for cells that need no quotes. */
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
