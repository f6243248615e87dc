/** Sequences that were scored, with their keys and values: what begins like one of them need not be computed again. */
import type { KeyValues } from "../../runtime/key-values";
import type { GoalMatrix } from "../../runtime/session";
import type { SequenceScores } from "./sequence-scores";

export interface KnownSequence {
  readonly ids: Int32Array;
  /** What `scores` are measured against. */
  readonly goals: GoalMatrix;
  readonly scores: SequenceScores;
  readonly keyValues: KeyValues;
}

/** A known sequence and how many of its first tokens another one shares. */
export interface Prefix {
  readonly sequence: KnownSequence;
  readonly length: number;
}

/** Shorter prefixes are not worth a run without others beside it. */
const leastTokens = 16;
const leastShare = 0.25;

/** Whether `shared` first tokens of a sequence of `length` tokens are worth to be reused. */
export function isWorthReusing(shared: number, length: number): boolean {
  return shared === length || (shared >= leastTokens && shared >= leastShare * length);
}

/** Number of first tokens that both have alike. */
export function sharedTokens(a: Int32Array, b: Int32Array): number {
  const most = Math.min(a.length, b.length);
  let shared = 0;
  while (shared < most && a[shared] === b[shared]) shared++;
  return shared;
}

export class PrefixStore {
  /** The one that was used last stands last. */
  readonly #sequences = new Set<KnownSequence>();
  #bytes = 0;

  /**
   * @param capacity bytes kept; the newest sequence stays even where it alone takes more
   * @param boundary sequences up to this length share nothing with longer ones (LongRoPE)
   */
  constructor(
    private readonly capacity: number,
    private readonly boundary: number,
  ) {}

  /** The longest prefix that is known under the same goal states and worth reusing. */
  find(ids: Int32Array, goals: GoalMatrix): Prefix | undefined {
    let best: Prefix | undefined;
    for (const sequence of this.#sequences) {
      if (!this.isAlike(sequence.ids, ids)) continue;
      const length = sharedTokens(sequence.ids, ids);
      if (length >= (best?.length ?? 1) && isSame(sequence.goals, goals)) best = { sequence, length };
    }
    if (!best || !isWorthReusing(best.length, ids.length)) return undefined;
    this.#sequences.delete(best.sequence);
    this.#sequences.add(best.sequence);
    return best;
  }

  /** Whether the same frequencies hold for both. */
  isAlike(a: Int32Array, b: Int32Array): boolean {
    return a.length > this.boundary === b.length > this.boundary;
  }

  add(sequence: KnownSequence): void {
    this.#sequences.add(sequence);
    this.#bytes += sequence.keyValues.bytes;
    for (const oldest of this.#sequences) {
      if (this.#bytes <= this.capacity || oldest === sequence) return;
      this.#sequences.delete(oldest);
      this.#bytes -= oldest.keyValues.bytes;
    }
  }

  clear(): void {
    this.#sequences.clear();
    this.#bytes = 0;
  }
}

function isSame(a: GoalMatrix, b: GoalMatrix): boolean {
  return a.count === b.count && a.data.every((value, i) => value === b.data[i]);
}
