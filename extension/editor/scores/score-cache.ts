/** Scores by what they depend on, the least recently used forgotten first: undoing an edit brings them back. */

import type { ScoredRow } from "../../protocol/scores";

export interface ScoredOutcome {
  readonly kind: "scored";
  readonly row: ScoredRow;
}

/** What scoring a row came to. */
export type Outcome = ScoredOutcome | { readonly kind: "failed"; readonly problem: string };

const capacity = 4000;

export class ScoreCache {
  readonly #outcomes = new Map<string, Outcome>();

  get(key: string): Outcome | undefined {
    const found = this.#outcomes.get(key);
    if (found) {
      this.#outcomes.delete(key);
      this.#outcomes.set(key, found);
    }
    return found;
  }

  set(key: string, outcome: Outcome): void {
    this.#outcomes.delete(key);
    this.#outcomes.set(key, outcome);
    for (const oldest of this.#outcomes.keys()) {
      if (this.#outcomes.size <= capacity) return;
      this.#outcomes.delete(oldest);
    }
  }

  clear(): void {
    this.#outcomes.clear();
  }
}
