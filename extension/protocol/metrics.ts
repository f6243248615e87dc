/** Rows of metrics.jsonl. What a step has no value for (a loss that is left out) is absent. */

/** Means over the pairs of a step, or of an evaluation. Losses are unweighted: λ and μ are in `loss` alone. */
export interface PairMetrics {
  readonly loss: number;
  readonly rankingLoss?: number | undefined;
  readonly contrastiveLoss?: number | undefined;
  /** Nats a token. */
  readonly lmLoss?: number | undefined;
  /** Share of pairs whose chosen completion has the higher reward. */
  readonly accuracy?: number | undefined;
  readonly margin?: number | undefined;
  readonly chosenReward?: number | undefined;
  readonly rejectedReward?: number | undefined;
}

/** One step of training. */
export interface StepMetrics extends PairMetrics {
  readonly kind: "step";
  /** Steps done, this one included: the first is 1. */
  readonly step: number;
  /** Passes over the training pairs, as a fraction. */
  readonly epoch: number;
  /** Norm of the gradient before it is clipped. */
  readonly gradNorm: number;
  readonly learningRate: number;
  /** Tokens of the pairs, both completions with their prompt, without padding. */
  readonly tokens: number;
  readonly tokensPerSecond: number;
}

/** One evaluation on the held-out pairs, after `step`. */
export interface EvaluationMetrics extends PairMetrics {
  readonly kind: "evaluation";
  readonly step: number;
  readonly pairs: number;
  /** Whether no evaluation before was as good. */
  readonly isBest: boolean;
}

export type MetricsRow = StepMetrics | EvaluationMetrics;
