/** The recipe of the default model: architecture, data and training settings. */
import {
  defaultLoss,
  defaultSettings,
  type LossSettings,
  type TrainSettings,
} from "../../extension/protocol/train-settings";

/** A decoder small enough to train on two CPU cores and to ship with the extension. */
export const architecture = {
  architectures: ["LlamaForCausalLM"],
  model_type: "llama",
  hidden_size: 192,
  intermediate_size: 512,
  num_hidden_layers: 4,
  num_attention_heads: 6,
  num_key_value_heads: 6,
  head_dim: 32,
  max_position_embeddings: 512,
  rms_norm_eps: 1e-5,
  rope_theta: 10000,
  hidden_act: "silu",
  tie_word_embeddings: true,
  pad_token_id: 0,
  eos_token_id: 1,
  initializer_range: 0.02,
} as const;

export const specialTokens = { pad: "<|pad|>", eos: "<|endoftext|>" } as const;

/** Upper limit; the words of the problems need fewer tokens. */
export const vocabularySize = 1024;

/** Number of examples that the tokenizer is trained on; more contain no new words. */
export const tokenizerExamples = 20_000;

export const sizes = { pairs: 120_000, test: 2000 } as const;

const common: TrainSettings = {
  ...defaultSettings,
  method: "full",
  weightDecay: 0.01,
  batchTokens: 8192,
  maxLength: architecture.max_position_embeddings,
  evalShare: 0.005,
  evalPairs: 500,
};

/** First stage: learn to write solutions. A model that cannot compute a result cannot recognize an incorrect one. */
export const warmUp: TrainSettings = {
  ...common,
  objective: "language-model",
  maxSteps: 1200,
  batchSize: 48,
  learningRate: 2e-3,
  warmup: 0.03,
  evalSteps: 200,
  saveSteps: 200,
};

/**
 * Tokens are ranked, and negatives drawn, from the token at which the two solutions diverge, because the text before it
 * is the same. The language-model loss preserves the arithmetic learned in the warm-up.
 */
export const contrastive: LossSettings = {
  ...defaultLoss,
  ranking: "from-divergence",
  negatives: "after-divergence",
  lmWeight: 0.5,
};

/** Second stage: the model learns to rank solutions. */
export const reward: TrainSettings = {
  ...common,
  loss: contrastive,
  batchSize: 48,
  learningRate: 8e-4,
  warmup: 0.05,
  evalSteps: 250,
  saveSteps: 250,
};

/** Third stage: more steps with a lower learning rate. */
export const secondPass: TrainSettings = { ...reward, learningRate: 4e-4, maxSteps: 2000 };

/** The settings compared with and without the contrastive loss. Fewer steps, because there are several seeds. */
export const compared = {
  contrastive: { ...reward, maxSteps: 1000 },
  ranking: { ...reward, maxSteps: 1000, loss: { ...contrastive, lambda: 0 } },
} as const satisfies Record<string, TrainSettings>;
export type Compared = keyof typeof compared;
