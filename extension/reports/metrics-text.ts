/** Rows of metrics as lines for people, and how long the rest will take. */
import type { EvaluationMetrics, PairMetrics, StepMetrics } from "../protocol/metrics";
import { count } from "../display/wording";
import { duration, precisePercent, thousandths } from "./quantities";

/** How a run stands at a step. */
export interface Standing {
  readonly steps: number;
  /** Of the last steps, smoothed, in [0,1]; absent without a reward. */
  readonly accuracy: number | undefined;
  /** undefined: too early to tell, or none. */
  readonly secondsLeft: number | undefined;
}

/** What matters most stands first: a narrow terminal cuts the end. The losses are the step's own. */
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

/** Follows a run for its standing. */
export class Follower {
  #first: { readonly step: number; readonly time: number } | undefined;
  #sum = 0;
  #weight = 0;

  /** now: seconds of any clock. */
  constructor(
    private readonly steps: number,
    private readonly now: () => number = () => performance.now() / 1000,
  ) {}

  after({ step, accuracy }: StepMetrics): Standing {
    // Exponential mean with a memory of ten steps, as the paper's released code smooths it; not drawn to 0 at the start.
    if (accuracy !== undefined) {
      this.#sum = 0.9 * this.#sum + 0.1 * accuracy;
      this.#weight = 0.9 * this.#weight + 0.1;
    }
    const time = this.now();
    // The first step also waits for the runtime to plan the graph, so the pace is taken from behind it.
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
