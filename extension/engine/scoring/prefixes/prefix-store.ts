/** Stores scored sequences with their keys and values, so that shared prefixes are not computed again. */
import type { KeyValues } from "../../runtime/key-values";
import type { GoalMatrix } from "../../runtime/session";
import type { SequenceScores } from "./sequence-scores";

export interface KnownSequence {
  readonly ids: Int32Array;
  /** Goal states that `scores` refers to. */
  readonly goals: GoalMatrix;
  readonly scores: SequenceScores;
  readonly keyValues: KeyValues;
}

/** A known sequence and the number of first tokens that another sequence shares with it. */
export interface Prefix {
  readonly sequence: KnownSequence;
  readonly length: number;
}

/** Shorter prefixes are not worth scoring a sequence outside a batch. */
const leastTokens = 16;
const leastShare = 0.25;

/** Tells whether `shared` first tokens of a sequence of `length` tokens are worth reusing. */
export function isWorthReusing(shared: number, length: number): boolean {
  return shared === length || (shared >= leastTokens && shared >= leastShare * length);
}

/** Returns the length of the longest common prefix in tokens. */
export function sharedTokens(a: Int32Array, b: Int32Array): number {
  const most = Math.min(a.length, b.length);
  let shared = 0;
  while (shared < most && a[shared] === b[shared]) shared++;
  return shared;
}

export class PrefixStore {
  /** Sequences in order of last use. */
  readonly #sequences = new Set<KnownSequence>();
  #bytes = 0;

  /**
   * @param capacity bytes to keep; the newest sequence is kept even if it is larger
   * @param boundary sequences up to this length share no prefix with longer ones (LongRoPE)
   */
  constructor(
    private readonly capacity: number,
    private readonly boundary: number,
  ) {}

  /** Returns the longest prefix known for the same goal states, or undefined if none is worth reusing. */
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

  /** Tells whether both sequences use the same rotary frequencies. */
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
