/** What the bench asks of a peer that trains, in the manner of protocol.ts. */
import type { Timing } from "./protocol";

export const trainedMethods = ["full", "lora"] as const;
/** All weights, or an adapter of rank 16 on all linear layers and the reward head. */
export type TrainedMethod = (typeof trainedMethods)[number];

export interface TrainingRequests {
  /** Goes back to the weights that the peer began with, and a fresh AdamW (betas 0.9 and 0.999, epsilon 1e-8). */
  readonly start: {
    readonly request: {
      readonly learningRate: number;
      readonly weightDecay: number;
      readonly maxGradNorm: number;
    };
    readonly answer: object;
  };
  /** From ids to updated weights; `seconds` counts all of it, not this protocol. */
  readonly step: {
    readonly request: StepRequest;
    readonly answer: Timing & { readonly figures: StepFigures };
  };
}

export interface StepRequest {
  readonly pairs: readonly TrainingPair[];
  readonly loss: LossWeights;
  /** Of PyTorch. */
  readonly attention: Attention;
}

export type Attention = "sdpa" | "eager";

/** By the names of the engine's LossSettings; 0 leaves a term out. */
export interface LossWeights {
  readonly lambda: number;
  readonly lmWeight: number;
  readonly rewardCentering: number;
}

/** Indices of tokens, in the chosen sequence and in the one that the goal is of, prompt included. */
export type SamplePair = readonly [source: number, goal: number];

export interface TrainingPair {
  /** Token ids, prompt and completion. */
  readonly chosen: readonly number[];
  readonly rejected: readonly number[];
  /** Tokens of the prompt. */
  readonly prompt: number;
  readonly margin: number;
  /** Both in the chosen completion, the source first. */
  readonly positive: readonly SamplePair[];
  /** The source in the chosen completion, the goal in the rejected one. */
  readonly negative: readonly SamplePair[];
}

/** Of before the update. Losses are unweighted but for `loss`; a term that is left out is absent. */
export interface StepFigures {
  readonly loss: number;
  readonly ranking: number;
  readonly contrastive?: number;
  readonly lm?: number;
  /** Of everything that is trained, before it is clipped. */
  readonly gradNorm: number;
}
