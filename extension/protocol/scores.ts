/** Scores of tokens as they cross processes and pages: a column per quantity, never a conversion through text. */
import type { CompletionRole } from "./datasets";

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

/** What looked wrong with a completion, as data. */
export type Warning =
  | { readonly kind: "truncated"; readonly tokens: number }
  | { readonly kind: "eos-missing" }
  | { readonly kind: "eos-doubled"; readonly count: number }
  | { readonly kind: "empty-completion" }
  | { readonly kind: "only-padding" }
  | { readonly kind: "identical-scores"; readonly with: string }
  | { readonly kind: "outside-vocabulary"; readonly tokens: number }
  /** `lowest` to `highest`: the rewards that the model gave the completions it was measured on. */
  | { readonly kind: "outside-known-rewards"; readonly lowest: number; readonly highest: number }
  | { readonly kind: "nan"; readonly tokens: number };

/** Q-values of a completion's tokens, by goal state. `last`: at the token whose hidden state gives the reward. */
export interface QSummary {
  readonly min: number | null;
  readonly mean: number | null;
  readonly last: number | null;
}

/** Numbers are float32 values. null: it is not a number, or the model has no reward head. */
export interface CompletionScores {
  readonly reward: number | null;
  /** Index among the completion's tokens of the one that the reward is read at; null if it is read in the prompt. */
  readonly rewardToken: number | null;
  readonly q: Readonly<Record<string, QSummary>>;
  /** Tokens of the completion that were scored. */
  readonly tokens: number;
  /** Tokens cut off the end because the sequence was too long. */
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
  /** The completions' own texts, by which token offsets count. */
  readonly texts: readonly string[];
}

/** A scored row on its way back to whoever asked for it and has its texts. */
export interface AnsweredRow extends Omit<ScoredRow, "texts"> {
  /** The completions' own texts, by which token offsets count. null: as it was asked. */
  readonly texts: readonly (string | null)[];
}
