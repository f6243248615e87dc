/** How early a completion's partial rewards tell right from wrong. */
import type { PartialAuroc } from "../../protocol/evaluation";
import { auroc } from "./auroc";

/** Shares of a completion that are scored. */
export const partialShares = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1] as const;

export interface PartialRewards {
  /** By share, as `partialShares`. */
  readonly rewards: readonly number[];
  readonly label: boolean;
}

/**
 * Index of the token whose partial reward stands for the first `share` of n tokens: max(int(n·p) − 1, 0), as the
 * paper's released code (github.com/vaskarnathscale/goal-conditioned-rm) takes it.
 */
export function partialToken(tokens: number, share: number): number {
  return Math.max(Math.trunc(tokens * share) - 1, 0);
}

/**
 * One reward per share. undefined: there is no token, or a reward wanted is NaN.
 * @param rewards [T] partial rewards of a completion's tokens
 */
export function partialRewards(rewards: ArrayLike<number>): number[] | undefined {
  const taken = partialShares
    .map((share) => rewards[partialToken(rewards.length, share)])
    .filter((reward): reward is number => reward !== undefined && !Number.isNaN(reward));
  return taken.length === partialShares.length ? taken : undefined;
}

/** AUROC when only the first 0, 10, …, 100% of every completion is scored (paper, fig. 3). */
export function partialAuroc(completions: readonly PartialRewards[]): PartialAuroc[] {
  const of = (wanted: boolean, i: number): number[] =>
    completions.flatMap(({ label, rewards }) => (label === wanted ? rewards.slice(i, i + 1) : []));
  return partialShares.map((share, i) => ({ share, auroc: auroc(of(true, i), of(false, i)) }));
}
