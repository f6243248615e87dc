/** Rows of metrics as text, and the time that a run has left. */
import type { EvaluationMetrics, PairMetrics, StepMetrics } from "../protocol/metrics";
import { count } from "../display/wording";
import { duration, precisePercent, thousandths } from "./quantities";

/** Progress of a run at a step. */
export interface Standing {
  readonly steps: number;
  /** Smoothed over the last steps, in [0,1]; undefined without a reward. */
  readonly accuracy: number | undefined;
  /** undefined if it is too early to tell, or if the run is over. */
  readonly secondsLeft: number | undefined;
}

/** The most important facts come first, because a narrow terminal cuts off the end. Losses are not smoothed. */
export function stepText(row: StepMetrics, { steps, accuracy, secondsLeft }: Standing): string {
  return joined([
    `step ${row.step}/${steps}${secondsLeft === undefined ? "" : `, ${duration(secondsLeft)} left`}`,
    accuracy === undefined ? "" : `accuracy ~${precisePercent(accuracy)}`,
    ...lossTexts(row),
    `${Math.round(row.tokensPerSecond).toLocaleString("en")} tokens/s`,
  ]);
}

export function evaluationText(row: EvaluationMetrics): string {
  return joined([
    `evaluation after step ${row.step}, ${count(row.pairs, "pair")}:`,
    row.accuracy === undefined ? "" : `accuracy ${precisePercent(row.accuracy)}`,
    ...lossTexts(row),
    row.margin === undefined ? "" : `margin ${thousandths(row.margin)}`,
    row.isBest ? "best so far" : "",
  ]);
}

function lossTexts({ loss, rankingLoss, contrastiveLoss, lmLoss }: PairMetrics): string[] {
  const parts = [
    ["ranking", rankingLoss],
    ["contrastive", contrastiveLoss],
    ["language model", lmLoss],
  ] as const;
  return [
    `loss ${thousandths(loss)}`,
    ...parts.map(([name, value]) => (value === undefined ? "" : `${name} ${thousandths(value)}`)),
  ];
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("  ");
}

/** Computes the progress of a run from its steps. */
export class Follower {
  #first: { readonly step: number; readonly time: number } | undefined;
  #sum = 0;
  #weight = 0;

  /** @param now seconds of a monotonic clock */
  constructor(
    private readonly steps: number,
    private readonly now: () => number = () => performance.now() / 1000,
  ) {}

  after({ step, accuracy }: StepMetrics): Standing {
    // Exponential mean over about ten steps, as in the paper's released code, corrected for its start at 0.
    if (accuracy !== undefined) {
      this.#sum = 0.9 * this.#sum + 0.1 * accuracy;
      this.#weight = 0.9 * this.#weight + 0.1;
    }
    const time = this.now();
    // The first step includes the runtime's planning of the graph, so the pace is measured after it.
    this.#first ??= { step, time };
    const done = step - this.#first.step;
    return {
      steps: this.steps,
      accuracy: this.#weight === 0 ? undefined : this.#sum / this.#weight,
      secondsLeft:
        done === 0 || step === this.steps
          ? undefined
          : ((time - this.#first.time) / done) * (this.steps - step),
    };
  }
}
