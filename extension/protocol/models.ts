/** Requests about models, and the devices they run on. */

/** Execution providers of the runtime, by the names users give them. */
export const providers = ["cpu", "webgpu", "cuda", "dml", "coreml"] as const;
export type Provider = (typeof providers)[number];

/** A model and how to run it. Paths are absolute, or names of models in the local Hugging Face cache. */
export interface ModelRequest {
  readonly model: string;
  /** Base model of an adapter, if it is not where the adapter says. */
  readonly base?: string;
  readonly device: "auto" | Provider;
  /** Longest sequence in tokens, including the prompt, at least 1; limited to what the model supports. */
  readonly maxLength?: number;
  /** Tokens per batch, including padding, at least 1. */
  readonly batchTokens?: number;
  /** Whether plain text is treated as a conversation, to which the checkpoint's chat template is applied. */
  readonly chat?: boolean;
}

/** Bytes. */
export interface MemoryEstimate {
  /** Weights in memory: matrices in float32, embeddings in the type of their files. */
  readonly weights: number;
  /** Additional memory for converting half-precision weights while the model is loaded. */
  readonly loading: number;
  /** Activations of the largest batch. */
  readonly batch: number;
  /** Keys and values kept for sequences with equal beginnings. */
  readonly kept: number;
  /** The process, ONNX Runtime and the tokenizer. */
  readonly runtime: number;
  /** Peak: loading has finished when the first batch starts. */
  readonly total: number;
}

/** Value i is the (i·5)th percentile of the rewards of the completions that the model was trained on: 21 values. */
export type RewardQuantiles = readonly number[];

/** Facts about a model that are known without loading its weights. */
export interface Inspection {
  readonly folder: string;
  /** `model_type` of config.json. */
  readonly family: string;
  readonly layers: number;
  /** Width of a hidden state. */
  readonly width: number;
  /** Parameters of the decoder and its reward head, including an adapter's. */
  readonly parameters: number;
  /** Tensors of the reward head; null if the model gives Q-values only. */
  readonly head: string | null;
  /** Which token the reward is read at, and which rule says so. */
  readonly rewardToken: string;
  /** Element types of the weights, most common first. */
  readonly dtype: string;
  readonly vocabulary: number;
  readonly maxPositions: number;
  readonly tokenizer: string;
  /** Whether conversations can be rendered. */
  readonly template: boolean;
  readonly eos: string;
  readonly adapter: { readonly rank: number; readonly alpha: number; readonly base: string } | null;
  readonly goalStates: readonly string[];
  /** Assumptions about the model. */
  readonly notes: readonly string[];
  readonly memory: MemoryEstimate;
  /** Absent if the model does not record them. */
  readonly rewardQuantiles?: RewardQuantiles | undefined;
}

export interface ListModelsRequest {
  /** Absolute paths of folders that may hold a model. */
  readonly folders: readonly string[];
}

export interface DevicesRequest {
  /** Whether devices are measured again instead of using earlier results. */
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

/** A model with its base, or a training run with the model it started from. */
export type PlacesRequest = Pick<ModelRequest, "model" | "base"> | { readonly run: string };
