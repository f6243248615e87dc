/** What a scoring run comes to, counted as its rows come by. */
import type { BadRow } from "../engine/data/row";
import type { ScoredRow } from "../engine/scoring/stream";
import { marginOf } from "./margin";

export class Summary {
  completions = 0;
  #rows = 0;
  #badRows = 0;
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
    const seconds = (performance.now() - this.#start) / 1000;
    const n = (value: number): string => value.toLocaleString("en");
    const lines = [
      `${n(this.#rows)} rows, ${n(this.completions)} completions, ${n(this.#tokens)} tokens of theirs in ${seconds.toFixed(1)} s`,
    ];
    if (this.#badRows > 0) lines.push(`${n(this.#badRows)} bad rows passed over`);
    if (this.#pairs > 0) {
      const share = ((100 * this.#rankedRight) / this.#pairs).toFixed(1);
      lines.push(`${n(this.#rankedRight)} of ${n(this.#pairs)} pairs ranked right (${share} %)`);
    }
    for (const [kind, times] of this.#warnings) lines.push(`${n(times)} × ${kind}`);
    return lines.join("\n");
  }
}
