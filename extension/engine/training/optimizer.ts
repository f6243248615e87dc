/** AdamW, the gradient norm and the learning-rate schedules. */
import type { Schedule } from "../../protocol/train-settings";

/** A trained tensor, held in JavaScript memory rather than by the runtime. */
export interface TrainedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export interface AdamWSettings {
  readonly weightDecay: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

export const adamDefaults: AdamWSettings = { weightDecay: 0, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/** Exponential moving averages of one tensor's gradient and of its square. */
export interface Moments {
  readonly first: Float32Array;
  readonly second: Float32Array;
}

/**
 * Adam with decoupled weight decay (Loshchilov & Hutter, arXiv 1711.05101). Only tensors with more than one dimension
 * decay, which spares biases and norms, as in transformers' Trainer.
 */
export class AdamW {
  constructor(
    private readonly tensors: readonly TrainedTensor[],
    private readonly settings: AdamWSettings,
    readonly moments: readonly Moments[] = tensors.map(({ data }) => ({
      first: new Float32Array(data.length),
      second: new Float32Array(data.length),
    })),
    /** Number of updates applied so far. */
    private steps = 0,
  ) {}

  /** Updates the tensors in place. gradients: in the tensors' order; each is multiplied by `factor`. */
  step(gradients: readonly Float32Array[], factor: number, learningRate: number): void {
    const { beta1, beta2, epsilon, weightDecay } = this.settings;
    this.steps++;
    const unbias1 = 1 / (1 - beta1 ** this.steps);
    const unbias2 = 1 / (1 - beta2 ** this.steps);
    this.tensors.forEach(({ data, shape }, i) => {
      const gradient = gradients[i];
      const moments = this.moments[i];
      if (!gradient || !moments) throw new Error("a gradient is missing");
      const { first, second } = moments;
      const keep = shape.length > 1 ? 1 - learningRate * weightDecay : 1;
      for (let k = 0; k < data.length; k++) {
        const g = (gradient[k] as number) * factor;
        const m = beta1 * (first[k] as number) + (1 - beta1) * g;
        const v = beta2 * (second[k] as number) + (1 - beta2) * g * g;
        first[k] = m;
        second[k] = v;
        data[k] =
          keep * (data[k] as number) - (learningRate * m * unbias1) / (Math.sqrt(v * unbias2) + epsilon);
      }
    });
  }
}

/** L2 norm of all gradients, taken as one vector. */
export function gradientNorm(gradients: readonly Float32Array[]): number {
  let total = 0;
  for (const gradient of gradients) {
    // Indexing takes a fifth of the time of for…of.
    for (let i = 0; i < gradient.length; i++) total += (gradient[i] as number) ** 2;
  }
  return Math.sqrt(total);
}

/**
 * Factor of the peak learning rate at a step (counted from 1): linear warmup, then decay toward 0. Equals transformers'
 * get_cosine_schedule_with_warmup and get_linear_schedule_with_warmup over steps + 1 steps, without their first value.
 * That value is 0, and without the extra step the last one would be 0 too: steps at rate 0 learn nothing.
 *
 * @param warmup share of the steps, in [0,1]
 */
export function rateAt(step: number, steps: number, warmup: number, schedule: Schedule): number {
  const rise = Math.round(warmup * steps);
  if (step <= rise) return step / rise;
  const done = (step - rise) / Math.max(1, steps - rise + 1);
  if (schedule === "constant") return 1;
  return schedule === "linear" ? 1 - done : 0.5 * (1 + Math.cos(Math.PI * done));
}
