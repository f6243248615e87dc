/** Scores of tokens as they cross processes and pages: a column per quantity, never a conversion through text. */

/**
 * Scores of the T tokens of one completion. They take 12 bytes per token, 4 more for a partial reward, and 4 per goal state.
 * A value that is not finite is NaN.
 */
export interface TokenScores {
  /** [T] */
  readonly ids: Int32Array;
  /** [T] UTF-16 offsets into the completion's text. Tokens that were added after the text begin and end at its end. */
  readonly starts: Int32Array;
  /** [T] */
  readonly ends: Int32Array;
  /** [T] Absent if the model has no reward head. */
  readonly partialRewards?: Float32Array;
  /** [T] by goal state, in [-1,1]. */
  readonly q: Readonly<Record<string, Float32Array>>;
  /** Texts of the tokens, by id, that are not the slice of the completion at their offsets, as `<|endoftext|>` is not. */
  readonly ownTexts: Readonly<Record<number, string>>;
}
