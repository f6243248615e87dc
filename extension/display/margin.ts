/** The margin of a preference pair, and whether the pair is ranked correctly. */
import type { ScoredCompletion } from "../protocol/scores";

/** Chosen reward minus the best rejected one; undefined if the row is not a preference pair or lacks a reward. */
export function marginOf(scores: readonly ScoredCompletion[]): number | undefined {
  const rewards = (role: string): number[] =>
    scores.flatMap((score) => (score.role === role && score.reward !== null ? [score.reward] : []));
  const [chosen, rejected] = [rewards("chosen"), rewards("rejected")];
  return chosen.length === 0 || rejected.length === 0
    ? undefined
    : Math.max(...chosen) - Math.max(...rejected);
}

/** `cut-off`: a text was cut off before its end, so its reward is not that of the whole text. */
export type Verdict = "correct" | "misranked" | "cut-off";

/** undefined if the row is not a preference pair or lacks a reward. */
export function verdictOf(scores: readonly ScoredCompletion[]): Verdict | undefined {
  const margin = marginOf(scores);
  if (margin === undefined) return undefined;
  if (scores.some(({ truncated }) => truncated > 0)) return "cut-off";
  return margin > 0 ? "correct" : "misranked";
}

/** Shown after a margin. */
export const verdictSigns: Readonly<Record<Verdict, string>> = {
  correct: "✓",
  misranked: "✗",
  "cut-off": "(cut off, no verdict)",
};
