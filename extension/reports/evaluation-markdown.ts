/** An evaluation as Markdown. */
import type { EvaluationReport, ReportSection } from "./evaluation-report";

/** @param notes sentences about how the evaluation was run */
export function evaluationMarkdown(
  { title, warnings, heading, sections, footing }: EvaluationReport,
  notes: readonly string[],
): string {
  const parts = [
    `# ${escaped(title)}`,
    ...warnings.map((warning) => `**Warning:** ${escaped(warning)}.`),
    list(heading),
    ...sections.flatMap(section),
    ...(footing === undefined ? [] : [`_${escaped(footing)}_`]),
    ...(notes.length > 0 ? ["## How it was run", list(notes)] : []),
  ];
  return `${parts.join("\n\n")}\n`;
}

function section({ title, rule, lines, columns }: ReportSection): string[] {
  const parts = [`## ${escaped(title)}`];
  if (rule !== undefined) parts.push(escaped(rule));
  if (lines.length > 0) {
    const hasIntervals = lines.some(([, interval]) => interval !== "");
    const head = ["measure", "value", ...(hasIntervals ? ["95% interval"] : [])];
    const rows = lines.map(([value, interval, name]) => [name, value, ...(hasIntervals ? [interval] : [])]);
    parts.push(table([head, ...rows], [1, 2]));
    // Meanings are below the table: a column for them would be too narrow.
    const meanings = lines.filter(([, , , meaning]) => meaning !== "");
    if (meanings.length > 0) parts.push(list(meanings.map(([, , name, meaning]) => `${name}: ${meaning}`)));
  }
  if (columns) {
    // Transposed, because a table with many columns is wider than most previews.
    const rows = (columns.rows[0] ?? []).map((_, i) => columns.rows.map((row) => row[i] ?? ""));
    parts.push(escaped(columns.caption), table(rows, [...columns.rows.keys()]));
  }
  return parts;
}

/**
 * A Markdown table whose first row is its head. Cells are padded, so that the source is readable too.
 * @param right indices of number columns, which are right-aligned and do not wrap
 */
function table(rows: readonly (readonly string[])[], right: readonly number[]): string {
  const cells = rows.map((row) =>
    row.map((cell, i) => (right.includes(i) ? escaped(cell).replaceAll(" ", "\u00a0") : escaped(cell))),
  );
  const widths = (cells[0] ?? []).map((_, i) => Math.max(3, ...cells.map((row) => (row[i] ?? "").length)));
  const line = (row: readonly string[]): string => `| ${row.join(" | ")} |`;
  const padded = cells.map((row) =>
    line(
      row.map((cell, i) => (right.includes(i) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0))),
    ),
  );
  const rule = line(widths.map((width, i) => `${"-".repeat(width - 1)}${right.includes(i) ? ":" : "-"}`));
  return [padded[0], rule, ...padded.slice(1)].join("\n");
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${escaped(item)}`).join("\n");
}

/** Escapes names of files and models, so that they are not read as Markdown. */
function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|~]/g, "\\$&").replace(/\s+/g, " ");
}
