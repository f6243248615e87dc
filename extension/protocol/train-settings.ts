/** What a training run is told. Names and defaults follow the paper (arXiv 2407.13887) where it gives them. */

export const methods = ["head", "lora", "full"] as const;
/** What is trained: the reward head alone, a low-rank adapter and the head, or every weight. */
export type Method = (typeof methods)[number];

export const objectives = ["reward", "language-model"] as const;
/** `language-model` trains on chosen completions only, without a reward: what a small model is warmed up with. */
export type Objective = (typeof objectives)[number];

export const heads = ["linear", "mlp"] as const;
/** Shape of a new reward head; `mlp` is the paper's, which decouples Q from the reward. */
export type HeadKind = (typeof heads)[number];

export const goalStateSources = ["single", "average", "random"] as const;
/** Goal state of a source: one of its own completion's (the paper's), the mean of the batch's, or another prompt's. */
export type TrainingGoal = (typeof goalStateSources)[number];

export const negativeRanges = ["anywhere", "after-divergence"] as const;
/** Where negatives are drawn: from the whole rejected completion, or from where it has left the chosen one. */
export type NegativeRange = (typeof negativeRanges)[number];

export const rankings = ["last", "from-divergence"] as const;
/**
 * Which rewards are ranked: those that are read for the completions (the paper's), or those of every token from where
 * the completions part, as DeepSpeed-Chat does: a wrong token is then told from the right one in its own place.
 */
export type Ranking = (typeof rankings)[number];

export const schedules = ["cosine", "linear", "constant"] as const;
export type Schedule = (typeof schedules)[number];

/** A share of the completion, counted from its start: [0, 1] is all of it, [0.9, 1] its last tenth. */
export type Window = readonly [from: number, to: number];

/** L = L_R + λ·L_C + μ·L_LM, paper eq. 6 with the last term ours. */
export interface LossSettings {
  readonly ranking: Ranking;
  /** λ, weight of the contrastive loss; 0 leaves it out. */
  readonly lambda: number;
  /** μ, weight of the language-model loss on chosen completions; 0 leaves it out. */
  readonly lmWeight: number;
  /** Weight of mean (chosen reward + rejected reward)², which keeps rewards around 0. */
  readonly rewardCentering: number;
  /** Positive and negative pairs of states drawn from a preference pair. */
  readonly samples: number;
  readonly goal: TrainingGoal;
  readonly negatives: NegativeRange;
  /** All samples × samples cross pairs are scored, as the paper's released code does; otherwise the ordered ones. */
  readonly allPairs: boolean;
  readonly sourceWindow: Window;
  readonly goalWindow: Window;
}

export interface LoraSettings {
  readonly rank: number;
  readonly alpha: number;
  /** Names of linear layers, as `q_proj`; empty: all linear layers of the decoder. */
  readonly targets: readonly string[];
  /** Share of a layer's inputs that the adapter does not see in a step. */
  readonly dropout: number;
}

export interface TrainSettings {
  readonly method: Method;
  readonly objective: Objective;
  /** Used where the model has no reward head yet. */
  readonly head: HeadKind;
  readonly loss: LossSettings;
  readonly lora: LoraSettings;
  readonly epochs: number;
  /** Ends the run early; absent: after the epochs. */
  readonly maxSteps?: number | undefined;
  /** Most pairs made of one prompt's labeled completions. */
  readonly pairsPerPrompt: number;
  /** Preference pairs of a step. */
  readonly batchSize: number;
  /** Tokens run at once, padding included; a step is cut into as many runs as that takes. */
  readonly batchTokens: number;
  readonly learningRate: number;
  readonly schedule: Schedule;
  /** Share of the steps over which the learning rate rises from 0. */
  readonly warmup: number;
  readonly weightDecay: number;
  /** Largest norm of the gradient; longer ones are shortened to it. */
  readonly maxGradNorm: number;
  /** Longest sequence in tokens, prompt included. */
  readonly maxLength: number;
  /** Share of the prompts that is held out; 0: none. */
  readonly evalShare: number;
  /** Most held-out pairs that are evaluated. */
  readonly evalPairs: number;
  /** Steps between evaluations. */
  readonly evalSteps: number;
  /** Evaluations without a better loss before the run ends; 0: never. */
  readonly patience: number;
  /** Steps between checkpoints. */
  readonly saveSteps: number;
  /** Checkpoints kept besides the best. */
  readonly keep: number;
  readonly seed: number;
}

export const defaultLoss: LossSettings = {
  ranking: "last",
  lambda: 0.5,
  lmWeight: 0,
  rewardCentering: 0,
  samples: 16,
  goal: "single",
  negatives: "anywhere",
  allPairs: false,
  sourceWindow: [0, 1],
  goalWindow: [0, 1],
};

export const defaultLora: LoraSettings = { rank: 16, alpha: 32, targets: [], dropout: 0 };

/** Learning rates that serve where none is given: a head or an adapter starts from nothing, weights do not. */
export const defaultLearningRate: Readonly<Record<Method, number>> = { head: 1e-3, lora: 2e-4, full: 1e-5 };

export const defaultSettings: TrainSettings = {
  method: "lora",
  objective: "reward",
  head: "linear",
  loss: defaultLoss,
  lora: defaultLora,
  epochs: 1,
  pairsPerPrompt: 8,
  batchSize: 16,
  batchTokens: 4096,
  learningRate: defaultLearningRate.lora,
  schedule: "cosine",
  warmup: 0.05,
  weightDecay: 0,
  maxGradNorm: 1,
  maxLength: 1024,
  evalShare: 0.05,
  evalPairs: 256,
  evalSteps: 100,
  patience: 0,
  saveSteps: 100,
  keep: 1,
  seed: 1,
};

/** L_C cannot fall below −2·ln σ(1): cosines end at ±1. Lines on loss charts: λ times this. */
export const contrastiveFloor = 2 * Math.log1p(Math.exp(-1));
