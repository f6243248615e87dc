/** Messages between the benchmark and a peer that trains, in the format of protocol.ts. */
import type { Timing } from "./protocol";

export const trainedMethods = ["full", "lora"] as const;
/** Trains all weights, or a rank-16 adapter on all linear layers and the reward head. */
export type TrainedMethod = (typeof trainedMethods)[number];

export interface TrainingRequests {
  /** Restores the initial weights and creates a new AdamW (betas 0.9 and 0.999, epsilon 1e-8). */
  readonly start: {
    readonly request: {
      readonly learningRate: number;
      readonly weightDecay: number;
      readonly maxGradNorm: number;
    };
    readonly answer: object;
  };
  /** Takes one step from token ids to updated weights; `seconds` includes all of it, but not this protocol. */
  readonly step: {
    readonly request: StepRequest;
    readonly answer: Timing & { readonly figures: StepFigures };
  };
}

export interface StepRequest {
  readonly pairs: readonly TrainingPair[];
  readonly loss: LossWeights;
  /** Attention implementation of PyTorch; the engine ignores it. */
  readonly attention: Attention;
}

export type Attention = "sdpa" | "eager";

/** Weights named as in the engine's LossSettings; 0 disables a term. */
export interface LossWeights {
  readonly lambda: number;
  readonly lmWeight: number;
  readonly rewardCentering: number;
}

/** Token indices, including the prompt: one in the chosen sequence, one in the sequence that contains the goal. */
export type SamplePair = readonly [source: number, goal: number];

export interface TrainingPair {
  /** Token ids of the prompt and completion. */
  readonly chosen: readonly number[];
  readonly rejected: readonly number[];
  /** Number of tokens in the prompt. */
  readonly prompt: number;
  readonly margin: number;
  /** Both states are in the chosen completion, the source before the goal. */
  readonly positive: readonly SamplePair[];
  /** The source is in the chosen completion and the goal in the rejected one. */
  readonly negative: readonly SamplePair[];
}

/** Figures from before the update. All losses except `loss` are unweighted; a disabled term is absent. */
export interface StepFigures {
  readonly loss: number;
  readonly ranking: number;
  readonly contrastive?: number;
  readonly lm?: number;
  /** Gradient norm of all trained parameters before clipping. */
  readonly gradNorm: number;
}
