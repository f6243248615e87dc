/** Text tables. */
import { stripVTControlCharacters } from "node:util";

/** Pads the cells of each column to equal width. @param right indices of right-aligned columns */
export function table(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const widths = columnWidths(rows);
  return rows.map((row) => line(row, widths, right)).join("\n");
}

export function columnWidths(rows: readonly (readonly string[])[]): number[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, printedWidth(cell));
    });
  }
  return widths;
}

export function line(
  row: readonly string[],
  widths: readonly number[],
  right: readonly number[] = [],
): string {
  return row
    .map((cell, i) => {
      const padding = " ".repeat(Math.max(0, (widths[i] ?? 0) - printedWidth(cell)));
      return right.includes(i) ? padding + cell : cell + padding;
    })
    .join("  ")
    .trimEnd();
}

/** Width without color codes. */
function printedWidth(text: string): number {
  return stripVTControlCharacters(text).length;
}
