/** Settings of a training run. Names and defaults follow the paper (arXiv 2407.13887) if it gives them. */

export const methods = ["head", "lora", "full"] as const;
/** What is trained: the reward head alone, a low-rank adapter and the head, or every weight. */
export type Method = (typeof methods)[number];

export const objectives = ["reward", "language-model"] as const;
/** `language-model` trains on chosen completions without a reward, to warm up a small model. */
export type Objective = (typeof objectives)[number];

export const heads = ["linear", "mlp"] as const;
/** Kind of a new reward head; `mlp` is the paper's, which decouples Q from the reward. */
export type HeadKind = (typeof heads)[number];

export const goalStateSources = ["single", "average", "random"] as const;
/** Goal state of a source: one of its own completion's (the paper's), the mean of the batch's, or another prompt's. */
export type TrainingGoal = (typeof goalStateSources)[number];

export const negativeRanges = ["anywhere", "after-divergence"] as const;
/** Where negatives are sampled: in the whole rejected completion, or only after it diverges from the chosen one. */
export type NegativeRange = (typeof negativeRanges)[number];

export const rankings = ["last", "from-divergence"] as const;
/**
 * Which rewards are ranked: those of the completions (the paper's), or of every token from the first that differs, as
 * in DeepSpeed-Chat, so that a wrong token is compared with the right one at its own position.
 */
export type Ranking = (typeof rankings)[number];

export const schedules = ["cosine", "linear", "constant"] as const;
export type Schedule = (typeof schedules)[number];

/** A share of the completion, counted from its start: [0, 1] is all of it, [0.9, 1] its last tenth. */
export type Window = readonly [from: number, to: number];

/** L = L_R + λ·L_C + μ·L_LM: paper eq. 6, to which the last term is added here. */
export interface LossSettings {
  readonly ranking: Ranking;
  /** λ, weight of the contrastive loss; 0 omits it. */
  readonly lambda: number;
  /** μ, weight of the language-model loss on chosen completions; 0 omits it. */
  readonly lmWeight: number;
  /** Weight of mean (chosen reward + rejected reward)², which keeps rewards around 0. */
  readonly rewardCentering: number;
  /** Positive and negative pairs of states sampled per preference pair. */
  readonly samples: number;
  readonly goal: TrainingGoal;
  readonly negatives: NegativeRange;
  /** Whether every source is compared with every goal, as in the paper's released code, or only with its own. */
  readonly allPairs: boolean;
  readonly sourceWindow: Window;
  readonly goalWindow: Window;
}

export interface LoraSettings {
  readonly rank: number;
  readonly alpha: number;
  /** Names of linear layers, such as `q_proj`; empty for all linear layers of the decoder. */
  readonly targets: readonly string[];
  /** Share of a layer's inputs that is hidden from the adapter in each step. */
  readonly dropout: number;
}

export interface TrainSettings {
  readonly method: Method;
  readonly objective: Objective;
  /** Used if the model has no reward head yet. */
  readonly head: HeadKind;
  readonly loss: LossSettings;
  readonly lora: LoraSettings;
  readonly epochs: number;
  /** Most steps; if absent, the run ends after its epochs. */
  readonly maxSteps?: number | undefined;
  /** Most pairs made from one prompt's labeled completions. */
  readonly pairsPerPrompt: number;
  /** Preference pairs per step. */
  readonly batchSize: number;
  /** Tokens per micro-batch, including padding; a step takes as many micro-batches as it needs. */
  readonly batchTokens: number;
  readonly learningRate: number;
  readonly schedule: Schedule;
  /** Share of the steps over which the learning rate rises from 0. */
  readonly warmup: number;
  readonly weightDecay: number;
  /** Largest norm of the gradient; longer gradients are clipped. */
  readonly maxGradNorm: number;
  /** Longest sequence in tokens, including the prompt. */
  readonly maxLength: number;
  /** Share of the prompts that is held out; 0 holds out none. */
  readonly evalShare: number;
  /** Most held-out pairs that are evaluated. */
  readonly evalPairs: number;
  /** Steps between evaluations. */
  readonly evalSteps: number;
  /** Evaluations without a lower loss before the run stops; 0 never stops it early. */
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

/** Default learning rates. They are higher for a head or an adapter, which start untrained. */
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

/** Lower bound of L_C: −2·ln σ(1), because cosines are in [-1,1]. The loss contains λ times this. */
export const contrastiveFloor = 2 * Math.log1p(Math.exp(-1));
