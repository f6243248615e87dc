/** What a scoring run comes to, counted as its rows come by. */

import { marginOf } from "../../display/margin";
import type { BadRow } from "../../engine/data/rows/row";
import type { ScoredRow } from "../../protocol/scores";

export class Summary {
  completions = 0;
  #badRows = 0;
  #rows = 0;
  #tokens = 0;
  #pairs = 0;
  #rankedRight = 0;
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
    const margin = marginOf(row.scores);
    if (margin === undefined) return;
    this.#pairs++;
    if (margin > 0) this.#rankedRight++;
  }

  text(): string {
    const seconds = ((performance.now() - this.#start) / 1000).toFixed(1);
    const facts = [
      count(this.#rows, "row"),
      count(this.completions, "completion"),
      `${count(this.#tokens, "token")} in them`,
    ];
    const lines = [`${facts.join(", ")}, ${seconds} s`];
    if (this.#badRows > 0) lines.push(`${count(this.#badRows, "bad row")} passed over`);
    if (this.#pairs > 0) {
      const share = ((100 * this.#rankedRight) / this.#pairs).toFixed(1);
      lines.push(`${this.#rankedRight} of ${count(this.#pairs, "pair")} ranked right (${share} %)`);
    }
    for (const [kind, times] of this.#warnings)
      lines.push(`${count(times, "completion")} with the warning ${kind}`);
    return lines.join("\n");
  }
}

function count(n: number, noun: string): string {
  return `${n.toLocaleString("en")} ${noun}${n === 1 ? "" : "s"}`;
}
