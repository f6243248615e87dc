/** Evaluations: how well a model tells preferred from dispreferred completions, and how that was measured. */
import type { DatasetRequest } from "./scoring";

export interface EvaluateRequest extends DatasetRequest {
  /** Names or files of goal states; if absent, all that are stored with the checkpoint. */
  readonly goals?: readonly string[];
  /** Q below which a token is low. */
  readonly threshold: number;
  /** Tokens at the start of a completion that are never low. */
  readonly skip: number;
  /** Seed of the bootstrap. */
  readonly seed: number;
}

export interface LocalizationOptions {
  /** Q below which a token is low. */
  readonly threshold: number;
  /** Tokens at the start of a completion that are never low, because their Q-values are noisy. */
  readonly skip: number;
}

/** The paper's rule: Q < 0. That the first five tokens are skipped is only in its released code. */
export const defaultLocalization: LocalizationOptions = { threshold: 0, skip: 5 };

/** Where the first low token of solutions in steps is, and whether that is the first wrong step. */
export interface Localization {
  /** Number of incorrect completions. Shares from `inside` to `chance` are of these; undefined if there are none. */
  readonly wrong: number;
  /** Share whose first low token is in the first wrong step. */
  readonly inside: number | undefined;
  /** Share whose first low token is before that step. */
  readonly earlier: number | undefined;
  /** Share whose first low token is after that step. */
  readonly later: number | undefined;
  /** Share without a low token. */
  readonly none: number | undefined;
  /** Value of `inside` for a random token: the mean share of tokens that are in the first wrong step. */
  readonly chance: number | undefined;
  /** Number of correct completions. */
  readonly right: number;
  /** Share of correct completions with a low token: false alarms. */
  readonly alarms: number | undefined;
  /** Number of incorrect completions left out, because truncation left no token of the wrong step. */
  readonly leftOut: number;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface Bootstrap {
  readonly seed: number;
  readonly resamples: number;
}

export interface PartialAuroc {
  /** Share of every completion that is scored, in [0,1]. */
  readonly share: number;
  /** undefined if there are no correct or no incorrect completions. */
  readonly auroc: number | undefined;
}

/** A number with its 95% interval by the bootstrap over prompts. */
export interface Measured {
  /** undefined if one of the two classes is empty. */
  readonly value: number | undefined;
  /** undefined if there are too few prompts. */
  readonly interval: Interval | undefined;
}

export interface PairEvaluation {
  readonly pairs: number;
  /** Share of pairs whose chosen completion has the higher reward; ties count half. */
  readonly accuracy: Measured;
  /** Mean of chosen reward − rejected reward. */
  readonly margin: Measured;
}

export interface LabelEvaluation {
  /** Number of correct completions. */
  readonly right: number;
  /** Number of incorrect completions. */
  readonly wrong: number;
  /** AUROC over all completions. */
  readonly auroc: Measured;
  /** Unweighted mean over groups with correct and incorrect completions; absent if the rows have no group. */
  readonly withinGroups?: Measured & { readonly groups: number };
  readonly partial: readonly PartialAuroc[];
}

/** A training run that used the data on which a model is evaluated. */
export interface TrainedOn {
  /** Name of the training run. */
  readonly run: string;
  readonly pairs: number;
  /** Pairs of the same file that were not trained on. */
  readonly heldOut: number;
}

export interface Evaluation {
  readonly rows: number;
  readonly badRows: number;
  readonly completions: number;
  /** Different prompts of the pairs and labeled completions. */
  readonly prompts: number;
  /** Completions without a finite reward, which no measure of rewards includes. */
  readonly withoutReward: number;
  /** Value i is the (i·5)th percentile of all rewards; empty if there are none. */
  readonly rewardQuantiles: readonly number[];
  readonly pairs?: PairEvaluation;
  readonly labels?: LabelEvaluation;
  /** By goal state; absent if there is none, or if no row has a known first wrong step. */
  readonly localization?: Readonly<Record<string, Localization>>;
  /** Absent if the model is not known to be trained on this dataset. */
  readonly trainedOn?: TrainedOn;
  readonly settings: { readonly localization: LocalizationOptions; readonly bootstrap: Bootstrap };
}
