/** Models as the engine is asked about them, and the devices they run on. */

/** Execution providers of the runtime, by the names users give them. */
export const providers = ["cpu", "webgpu", "cuda", "dml", "coreml"] as const;
export type Provider = (typeof providers)[number];

/** A model and how to run it. Paths are absolute, or names of models in the local Hugging Face cache. */
export interface ModelRequest {
  readonly model: string;
  /** Base model of an adapter, if it is not where the adapter says. */
  readonly base?: string;
  readonly device: "auto" | Provider;
  /** Longest sequence in tokens, prompt included, at least 1; never above what the model was made for. */
  readonly maxLength?: number;
  /** Tokens per batch, padding included, at least 1. */
  readonly batchTokens?: number;
  /** Plain text is taken as a conversation and goes through the checkpoint's chat template. */
  readonly chat?: boolean;
}

/** Bytes. */
export interface MemoryEstimate {
  /** Weights as they are held: matrices in float32, embeddings as they are in their files. */
  readonly weights: number;
  /** What widening weights of half precision takes in addition, until the model is loaded. */
  readonly loading: number;
  /** Activations of the batch that takes most. */
  readonly batch: number;
  /** Keys and values kept for sequences that will begin alike. */
  readonly kept: number;
  /** The most at one time: loading is over when the first batch is run. */
  readonly total: number;
}

/** Value i is the (i·5)th percentile of the rewards of the completions that the model was trained on: 21 values. */
export type RewardQuantiles = readonly number[];

/** What `inspect` tells of a model without loading its weights. */
export interface Inspection {
  readonly folder: string;
  /** `model_type` of config.json. */
  readonly family: string;
  readonly layers: number;
  /** Width of a hidden state. */
  readonly width: number;
  /** Parameters of the decoder and its reward head, adapter included. */
  readonly parameters: number;
  /** Tensors of the reward head; null if the model gives Q-values only. */
  readonly head: string | null;
  /** Which token the reward is read at, and by whose rule. */
  readonly rewardToken: string;
  /** Element types of the weights, the commonest first. */
  readonly dtype: string;
  readonly vocabulary: number;
  readonly maxPositions: number;
  readonly tokenizer: string;
  /** Whether conversations can be rendered. */
  readonly template: boolean;
  readonly eos: string;
  readonly adapter: { readonly rank: number; readonly alpha: number; readonly base: string } | null;
  readonly goalStates: readonly string[];
  /** What is assumed of the model. */
  readonly notes: readonly string[];
  readonly memory: MemoryEstimate;
  /** Absent if the model does not say. */
  readonly rewardQuantiles?: RewardQuantiles | undefined;
}

export interface ListModelsRequest {
  /** Absolute paths of folders that may hold a model. */
  readonly folders: readonly string[];
}

export interface DevicesRequest {
  /** Whether devices are measured again instead of remembered. */
  readonly refresh: boolean;
}

export type DeviceReport =
  | {
      readonly provider: Provider;
      readonly works: true;
      /** `primitive` if the provider's fused operators fail or give wrong numbers. */
      readonly kernels: "fused" | "primitive";
      /** Measured with a small decoder in batches of 4 × 256. */
      readonly tokensPerSecond: number;
    }
  | { readonly provider: Provider; readonly works: false; readonly problem: string };

/** What will be opened: a model with the base it needs, or a training run with the model it started from. */
export type PlacesRequest = Pick<ModelRequest, "model" | "base"> | { readonly run: string };
