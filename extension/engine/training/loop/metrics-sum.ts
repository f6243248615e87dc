/** Averages losses and rewards over the micro-batches of a step or of an evaluation. */
import type { PairMetrics } from "../../../protocol/metrics";
import type { BatchLosses } from "../graph/training-session";

type Part = "loss" | "rankingLoss" | "contrastiveLoss" | "lmLoss";
const parts: readonly Part[] = ["loss", "rankingLoss", "contrastiveLoss", "lmLoss"];

export class MetricsSum {
  #pairs = 0;
  #correct = 0;
  #chosen = 0;
  #rejected = 0;
  #hasRewards = false;
  readonly #losses = new Map<Part, number>();

  add(losses: BatchLosses, pairs: number): void {
    this.#pairs += pairs;
    for (const part of parts) {
      const value = losses[part];
      if (value !== undefined) this.#losses.set(part, (this.#losses.get(part) ?? 0) + pairs * value);
    }
    const { rewards } = losses;
    if (!rewards) return;
    this.#hasRewards = true;
    for (let i = 0; i < rewards.length; i += 2) {
      const [chosen, rejected] = [rewards[i] ?? Number.NaN, rewards[i + 1] ?? Number.NaN];
      this.#chosen += chosen;
      this.#rejected += rejected;
      // Equal rewards count half, the accuracy of a random guess.
      this.#correct += chosen > rejected ? 1 : chosen === rejected ? 0.5 : 0;
    }
  }

  means(): PairMetrics {
    const mean = (total: number): number => total / this.#pairs;
    const losses = Object.fromEntries([...this.#losses].map(([part, total]) => [part, mean(total)]));
    return {
      ...losses,
      loss: losses.loss ?? Number.NaN,
      ...(this.#hasRewards && {
        accuracy: mean(this.#correct),
        margin: mean(this.#chosen - this.#rejected),
        chosenReward: mean(this.#chosen),
        rejectedReward: mean(this.#rejected),
      }),
    };
  }
}
