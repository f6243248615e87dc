/** How the default model is made: its shape, its data, and its runs. */
import {
  defaultLoss,
  defaultSettings,
  type LossSettings,
  type TrainSettings,
} from "../../extension/protocol/train-settings";

/** A decoder small enough to be trained on two cores, and to be shipped. */
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

/** At most this many; the words of the problems need fewer. */
export const vocabularySize = 1024;

/** Texts that the tokenizer is trained on: more bring no new word. */
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

/** First it learns to write solutions: until it knows the right result, it cannot tell a wrong one. */
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
 * Tokens are ranked, and negatives drawn, from where the wrong solution has left the right one: before, both are the
 * same text. The language-model loss keeps the arithmetic that the warm-up has taught.
 */
export const contrastive: LossSettings = {
  ...defaultLoss,
  ranking: "from-divergence",
  negatives: "after-divergence",
  lmWeight: 0.5,
};

/** Then to rank them. */
export const reward: TrainSettings = {
  ...common,
  loss: contrastive,
  batchSize: 48,
  learningRate: 8e-4,
  warmup: 0.05,
  evalSteps: 250,
  saveSteps: 250,
};

/** A second pass with smaller steps, over what the first one has come near to. */
export const secondPass: TrainSettings = { ...reward, learningRate: 4e-4, maxSteps: 2000 };

/** What the contrastive loss brings is measured over seeds, so with fewer steps: with it, and without. */
export const compared = {
  contrastive: { ...reward, maxSteps: 1000 },
  ranking: { ...reward, maxSteps: 1000, loss: { ...contrastive, lambda: 0 } },
} as const satisfies Record<string, TrainSettings>;
export type Compared = keyof typeof compared;
