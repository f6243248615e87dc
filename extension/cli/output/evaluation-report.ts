/** An evaluation as text for the terminal. */
import type { Evaluation } from "../../protocol/evaluation";
import { evaluationReport, type ReportSection } from "../../reports/evaluation-report";
import { table } from "./table";

export function evaluationReportText(evaluation: Evaluation, model: string, dataset: string): string {
  const { title, warnings, heading, sections, footing } = evaluationReport(evaluation, model, dataset);
  const parts = [
    `${title}: ${heading.join("\n")}`,
    ...warnings.map((warning) => `warning: ${warning}`),
    ...sections.map(section),
  ];
  return [...parts, ...(footing === undefined ? [] : [footing])].join("\n\n");
}

function section({ title, rule, lines, columns }: ReportSection): string {
  const parts = [title];
  if (rule !== undefined) parts.push(rule);
  if (lines.length > 0) parts.push(indented(table(lines, [0])));
  if (columns) {
    const numbers = (columns.rows[0] ?? []).slice(1).map((_, i) => i + 1);
    parts.push(indented(`${columns.caption}\n${table(columns.rows, numbers)}`));
  }
  return parts.join("\n");
}

function indented(text: string): string {
  return text.replace(/^/gm, "  ");
}
