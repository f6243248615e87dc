import type { ScoredCompletion } from "../protocol/scores";

/** Chosen reward minus the best rejected one; undefined where the row is no preference pair or lacks a reward. */
export function marginOf(scores: readonly ScoredCompletion[]): number | undefined {
  const rewards = (role: string): number[] =>
    scores.flatMap((score) => (score.role === role && score.reward !== null ? [score.reward] : []));
  const [chosen, rejected] = [rewards("chosen"), rewards("rejected")];
  return chosen.length === 0 || rejected.length === 0
    ? undefined
    : Math.max(...chosen) - Math.max(...rejected);
}
