/** Rows of metrics.jsonl. A quantity without a value, such as an omitted loss, is absent. */

/** Means over the pairs of a step or an evaluation. Only `loss` is weighted by λ and μ. */
export interface PairMetrics {
  readonly loss: number;
  readonly rankingLoss?: number | undefined;
  readonly contrastiveLoss?: number | undefined;
  /** Nats per token. */
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
  /** Number of this step, from 1. */
  readonly step: number;
  /** Passes over the training pairs so far, as a fraction. */
  readonly epoch: number;
  /** Norm of the gradient before it is clipped. */
  readonly gradNorm: number;
  readonly learningRate: number;
  /** Tokens of the step's pairs, both completions with their prompt, without padding. */
  readonly tokens: number;
  readonly tokensPerSecond: number;
}

/** One evaluation on the held-out pairs, after `step`. */
export interface EvaluationMetrics extends PairMetrics {
  readonly kind: "evaluation";
  readonly step: number;
  readonly pairs: number;
  /** Whether the loss is lower than in every earlier evaluation. */
  readonly isBest: boolean;
}

export type MetricsRow = StepMetrics | EvaluationMetrics;
