/** Counts scored rows as they arrive, for a summary at the end. */
import { verdictOf } from "../../display/margin";
import { count } from "../../display/wording";
import type { BadRow } from "../../engine/data/rows/row";
import type { ScoredRow } from "../../protocol/scores";

export class Summary {
  completions = 0;
  #badRows = 0;
  #rows = 0;
  #tokens = 0;
  #pairs = 0;
  #rankedCorrectly = 0;
  /** Pairs with a text that was cut off. */
  #cutOff = 0;
  readonly #warnings = new Map<string, number>();
  readonly #start = performance.now();

  add(row: ScoredRow | BadRow): void {
    if ("problem" in row) {
      this.#badRows++;
      return;
    }
    this.#rows++;
    for (const { tokens, warnings } of row.scores) {
      this.completions++;
      this.#tokens += tokens;
      for (const { kind } of warnings) this.#warnings.set(kind, (this.#warnings.get(kind) ?? 0) + 1);
    }
    const verdict = verdictOf(row.scores);
    if (verdict === undefined) return;
    if (verdict === "cut-off") {
      this.#cutOff++;
      return;
    }
    this.#pairs++;
    if (verdict === "correct") this.#rankedCorrectly++;
  }

  text(): string {
    const seconds = ((performance.now() - this.#start) / 1000).toFixed(1);
    const facts = [
      count(this.#rows, "row"),
      count(this.completions, "completion"),
      `${count(this.#tokens, "token")} in them`,
    ];
    const lines = [`${facts.join(", ")}, ${seconds} s`];
    if (this.#badRows > 0) lines.push(`${count(this.#badRows, "bad row")} skipped`);
    if (this.#pairs > 0) {
      const share = ((100 * this.#rankedCorrectly) / this.#pairs).toFixed(1);
      lines.push(`${this.#rankedCorrectly} of ${count(this.#pairs, "pair")} ranked correctly (${share}%)`);
    }
    if (this.#cutOff > 0)
      lines.push(`${count(this.#cutOff, "pair")} cut off before the end, without a verdict`);
    for (const [kind, times] of this.#warnings)
      lines.push(`${count(times, "completion")} with the warning ${kind}`);
    return lines.join("\n");
  }
}
