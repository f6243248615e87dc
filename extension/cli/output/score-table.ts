/** Scored rows as a table. Its column widths are fixed, because rows are printed as they arrive. */
import type { ChalkInstance } from "chalk";
import { marginOf, verdictOf } from "../../display/margin";
import { warningText } from "../../display/warning-text";
import type { ScoredCompletion, ScoredRow } from "../../protocol/scores";
import { line } from "./table";
import { visible } from "./terminal/visible";

const widths = [6, 10, 8, 9, 21, 6, 0];
const right = [0, 2, 3, 4, 5];

export class ScoreTable {
  #hasHeading = false;

  constructor(private readonly colors: ChalkInstance) {}

  lines(rows: readonly ScoredRow[]): string[] {
    const lines = rows.flatMap((row) => this.#row(row));
    if (this.#hasHeading || lines.length === 0) return lines;
    this.#hasHeading = true;
    const heading = ["row", "role", "reward", "margin", "Q min    mean    last", "tokens", "warnings"];
    return [this.colors.bold(line(heading, widths, right)), ...lines];
  }

  #row({ row, scores }: ScoredRow): string[] {
    return scores.flatMap((score, i) => {
      const [first, ...others] = qTexts(score);
      const cells = [
        i === 0 ? String(row) : "",
        score.role,
        score.reward?.toFixed(3) ?? "–",
        score.role === "chosen" ? this.#margin(scores) : "",
        first ?? "–",
        String(score.tokens),
        this.colors.yellow(visible(score.warnings.map(warningText).join("; "))),
      ];
      // Each further goal state has a line of its own.
      const more = others.map((q) => ["", "", "", "", q]);
      return [cells, ...more].map((row) => line(row, widths, right));
    });
  }

  /** Chosen minus rejected reward, with ✓ or ✗ for the ranking, or `cut` if a text was cut off. */
  #margin(scores: readonly ScoredCompletion[]): string {
    const margin = marginOf(scores);
    if (margin === undefined) return "";
    const text = `${margin > 0 ? "+" : ""}${margin.toFixed(3)}`;
    const verdict = verdictOf(scores);
    if (verdict === "cut-off") return this.colors.yellow(`${text} cut`);
    return verdict === "correct" ? this.colors.green(`${text} ✓`) : this.colors.red(`${text} ✗`);
  }
}

/** Lowest, mean and last Q of a completion for every goal state, with its name if there are several. */
function qTexts({ q }: ScoredCompletion): string[] {
  const goals = Object.entries(q);
  return goals.map(([name, { min, mean, last }]) => {
    const numbers = [min, mean, last].map((value) => (value?.toFixed(3) ?? "–").padStart(6)).join("  ");
    return goals.length > 1 ? `${visible(name)} ${numbers}` : numbers;
  });
}
