/** Token scores as they are sent between processes and to pages: one typed array per quantity. */
import type { CompletionRole } from "./datasets";

/**
 * Scores of the T tokens of one completion. They take 12 bytes per token, plus 4 for a partial reward and 4 per goal
 * state. A value that is not finite is NaN.
 */
export interface TokenScores {
  /** [T] */
  readonly ids: Int32Array;
  /** [T] UTF-16 offsets into the completion's text. Tokens added after the text start and end at its end. */
  readonly starts: Int32Array;
  /** [T] */
  readonly ends: Int32Array;
  /** [T] Absent if the model has no reward head. */
  readonly partialRewards?: Float32Array;
  /** [T] by goal state, in [-1,1]. */
  readonly q: Readonly<Record<string, Float32Array>>;
  /** Texts by id of tokens whose text is not their slice of the completion, such as `<|endoftext|>`. */
  readonly ownTexts: Readonly<Record<number, string>>;
}

/** A possible problem with a completion. */
export type Warning =
  | { readonly kind: "truncated"; readonly tokens: number }
  | { readonly kind: "eos-missing" }
  | { readonly kind: "eos-doubled"; readonly count: number }
  | { readonly kind: "empty-completion" }
  | { readonly kind: "only-padding" }
  | { readonly kind: "identical-scores"; readonly with: string }
  | { readonly kind: "outside-vocabulary"; readonly tokens: number }
  /** `lowest` to `highest` is the range of rewards that the model is known to give. */
  | { readonly kind: "outside-known-rewards"; readonly lowest: number; readonly highest: number }
  | { readonly kind: "nan"; readonly tokens: number };

/** Q-values of a completion for one goal state. `last` is at the token whose hidden state gives the reward. */
export interface QSummary {
  readonly min: number | null;
  readonly mean: number | null;
  readonly last: number | null;
}

/** Numbers are float32 values. A score is null if it is not finite, or if the model has no reward head. */
export interface CompletionScores {
  readonly reward: number | null;
  /** Index, among the completion's tokens, of the one at which the reward is read; null if that is in the prompt. */
  readonly rewardToken: number | null;
  readonly q: Readonly<Record<string, QSummary>>;
  /** Number of the completion's tokens that were scored. */
  readonly tokens: number;
  /** Number of tokens cut off at the end because the sequence was too long. */
  readonly truncated: number;
  readonly warnings: readonly Warning[];
  readonly tokenScores?: TokenScores;
}

/** One line of `score --out`. */
export interface ScoredCompletion extends CompletionScores {
  readonly row: number;
  readonly role: CompletionRole;
}

/** A row with the scores of its completions, in its own order. */
export interface ScoredRow {
  readonly row: number;
  readonly place: string;
  readonly scores: readonly ScoredCompletion[];
  /** Texts of the completions, to which token offsets refer. */
  readonly texts: readonly string[];
}

/** A scored row as an answer to a caller that already has its texts. */
export interface AnsweredRow extends Omit<ScoredRow, "texts"> {
  /** Texts of the completions, to which token offsets refer; null if it is the text of the request. */
  readonly texts: readonly (string | null)[];
}
