/** AdamW, gradient clipping and the schedule of the learning rate. */
import type { Schedule } from "../../protocol/train-settings";

/** A trained tensor on this side of the runtime. */
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

/** Running means of the gradient and of its square, by tensor. */
export interface Moments {
  readonly first: Float32Array;
  readonly second: Float32Array;
}

/** Decoupled weight decay, on matrices only, as transformers' Trainer. Loshchilov & Hutter, arXiv 1711.05101. */
export class AdamW {
  constructor(
    private readonly tensors: readonly TrainedTensor[],
    private readonly settings: AdamWSettings,
    readonly moments: readonly Moments[] = tensors.map(({ data }) => ({
      first: new Float32Array(data.length),
      second: new Float32Array(data.length),
    })),
    /** Updates done. */
    private steps = 0,
  ) {}

  /** Changes the tensors in place. gradients: in the tensors' order, each times `factor`. */
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

/** Euclidean norm of all gradients together. */
export function gradientNorm(gradients: readonly Float32Array[]): number {
  let total = 0;
  for (const gradient of gradients) {
    // By index, which takes a fifth of the time of for…of.
    for (let i = 0; i < gradient.length; i++) total += (gradient[i] as number) ** 2;
  }
  return Math.sqrt(total);
}

/**
 * Share of the full learning rate at a step (counted from 1): a linear rise, then the schedule down towards 0. Equal to
 * transformers' get_cosine_schedule_with_warmup and get_linear_schedule_with_warmup for steps + 1, without their first
 * rate: that is 0, and so would the last one be, and such steps teach nothing.
 */
export function rateAt(step: number, steps: number, warmup: number, schedule: Schedule): number {
  const rise = Math.round(warmup * steps);
  if (step <= rise) return step / rise;
  const done = (step - rise) / Math.max(1, steps - rise + 1);
  if (schedule === "constant") return 1;
  return schedule === "linear" ? 1 - done : 0.5 * (1 + Math.cos(Math.PI * done));
}
