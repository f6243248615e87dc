/** Training requests, their events and their results. */
import type { FieldNames } from "./datasets";
import type { MetricsRow } from "./metrics";
import type { ModelRequest, Provider } from "./models";
import type { RunRecord } from "./runs";
import type { TrainSettings } from "./train-settings";

/** Starts a training run. Give `model`, or `init` for a model of random weights. */
export interface TrainRequest extends Omit<ModelRequest, "model" | "maxLength" | "batchTokens"> {
  /** Identifies the request among those in progress; chosen by the client. */
  readonly run: string;
  readonly dataset: string;
  readonly fields?: FieldNames;
  /** Most rows to read. */
  readonly limit?: number;
  readonly model?: string;
  /** A config.json with a tokenizer.json beside it. */
  readonly init?: string;
  /** New folder for the run. */
  readonly out: string;
  readonly settings: TrainSettings;
}

/** A run that could be started, whose size and duration are wanted. */
export interface EstimateTrainingRequest extends Omit<TrainRequest, "run" | "model" | "init" | "out"> {
  readonly model: string;
}

export interface ResumeRequest {
  readonly run: string;
  /** Folder of the run. */
  readonly folder: string;
  readonly device: "auto" | Provider;
}

export interface TrainStartedMessage {
  readonly run: string;
  readonly folder: string;
  readonly record: RunRecord;
  /** For example, why the device is not the requested one. */
  readonly notes: readonly string[];
  readonly memory: TrainingMemory;
}

export interface TrainMetricsMessage {
  readonly run: string;
  readonly row: MetricsRow;
}

export interface TrainResult {
  readonly folder: string;
  readonly record: RunRecord;
  /** Folder of the trained model; absent if the run is paused. */
  readonly model?: string;
}

/** Bytes. */
export interface TrainingMemory {
  /** The model's weights in the runtime. */
  readonly weights: number;
  /** Trained parameters in this process, with their gradients and the optimizer's two moments. */
  readonly optimizer: number;
  /** Activations that the forward pass keeps for the backward pass of one micro-batch. */
  readonly activations: number;
  readonly total: number;
  /** Memory that is available now. */
  readonly available: number;
}

export interface RunEstimate {
  readonly trainingPairs: number;
  readonly evaluationPairs: number;
  /** Number of rows of the data that gave no pair, by reason. */
  readonly leftOut: Readonly<Record<string, number>>;
  readonly parameters: number;
  readonly trainableParameters: number;
  readonly memory: TrainingMemory;
  readonly steps: number;
  /** Mean; a prefix shared by a pair's completions counts once. */
  readonly tokensPerStep: number;
  /** Duration of all steps and evaluations, from a measured step; absent if measuring one would take too long. */
  readonly seconds?: number;
}

/** Events of a training run. */
export interface TrainEvents {
  started(message: TrainStartedMessage): void;
  metrics(message: TrainMetricsMessage): void;
}

export interface StopTrainingRequest {
  readonly run: string;
}
