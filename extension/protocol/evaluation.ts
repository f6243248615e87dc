/** Evaluations: how well a model tells preferred from dispreferred completions, and what that was measured with. */
import type { DatasetRequest } from "./scoring";

export interface EvaluateRequest extends DatasetRequest {
  /** Names or files of goal states; absent: all that are stored beside the checkpoint. */
  readonly goals?: readonly string[];
  /** A token is low where its Q-value is below this. */
  readonly threshold: number;
  /** Tokens at the start of a completion that are not looked at for low Q-values. */
  readonly skip: number;
  /** Of the bootstrap. */
  readonly seed: number;
}

export interface LocalizationOptions {
  /** A token is low where its Q-value is below this. */
  readonly threshold: number;
  /** Tokens at the start of a completion that are not looked at: their Q-values are noisy. */
  readonly skip: number;
}

/** The paper's rule: Q < 0, and the first five tokens left out, which only its released code says. */
export const defaultLocalization: LocalizationOptions = { threshold: 0, skip: 5 };

export interface Localization {
  /** Wrong completions; the shares below are of them. */
  readonly wrong: number;
  /** The first low token lies in the first wrong step. */
  readonly inside: number | undefined;
  readonly earlier: number | undefined;
  readonly later: number | undefined;
  /** No token is low. */
  readonly none: number | undefined;
  /** What `inside` would be for a token drawn at random: the mean share of tokens that lie in the first wrong step. */
  readonly chance: number | undefined;
  readonly right: number;
  /** Share of the right completions where some token is low: false alarms. */
  readonly alarms: number | undefined;
  /** Wrong completions not counted: truncation left no token of the wrong step. */
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
  /** In [0,1]. */
  readonly share: number;
  /** undefined where there are no right or no wrong completions. */
  readonly auroc: number | undefined;
}

/** A number, and its 95% interval by the bootstrap over prompts. */
export interface Measured {
  /** undefined: one of the two classes is empty. */
  readonly value: number | undefined;
  /** undefined: there are too few prompts to tell. */
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
  readonly right: number;
  readonly wrong: number;
  /** Over all completions. */
  readonly auroc: Measured;
  /** Unweighted mean of the groups with right and wrong completions; absent where the rows have no group. */
  readonly withinGroups?: Measured & { readonly groups: number };
  readonly partial: readonly PartialAuroc[];
}

/** A training run that saw the rows which a model is measured on. */
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
  /** Completions without a reward that is a number: they are in no measure of rewards. */
  readonly withoutReward: number;
  /** Value i is the (i·5)th percentile of all rewards; empty where there are none. */
  readonly rewardQuantiles: readonly number[];
  readonly pairs?: PairEvaluation;
  readonly labels?: LabelEvaluation;
  /** By goal state; absent where no row has steps whose first wrong one is known, or there is no goal state. */
  readonly localization?: Readonly<Record<string, Localization>>;
  /** Absent if no training on this dataset is known. */
  readonly trainedOn?: TrainedOn;
  readonly settings: { readonly localization: LocalizationOptions; readonly bootstrap: Bootstrap };
}
