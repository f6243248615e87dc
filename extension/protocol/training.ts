/** Training: what the engine is asked to train, and what it tells while it does. */
import type { FieldNames } from "./datasets";
import type { MetricsRow } from "./metrics";
import type { ModelRequest, Provider } from "./models";
import type { RunRecord } from "./runs";
import type { TrainSettings } from "./train-settings";

/** Starts a training run. Give `model`, or `init` for a model of random weights. */
export interface TrainRequest extends Omit<ModelRequest, "model" | "maxLength" | "batchTokens"> {
  /** Names the run among those under way; chosen by the client. */
  readonly run: string;
  readonly dataset: string;
  readonly fields?: FieldNames;
  /** Most rows to read. */
  readonly limit?: number;
  readonly model?: string;
  /** A config.json with a tokenizer.json beside it. */
  readonly init?: string;
  /** Folder of the run: made anew. */
  readonly out: string;
  readonly settings: TrainSettings;
}

/** A run that may be started: what it would come to. */
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
  /** Why the device is not the one asked for, and the like. */
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
  /** Folder of the trained model; absent for a run that is paused. */
  readonly model?: string;
}

/** Bytes. */
export interface TrainingMemory {
  /** The model's weights as the runtime holds them. */
  readonly weights: number;
  /** Trained parameters here, with their gradients and the optimizer's two moments. */
  readonly optimizer: number;
  /** What the forward pass leaves for the backward one, for the tokens run at once. */
  readonly activations: number;
  readonly total: number;
  /** What the machine can give now. */
  readonly available: number;
}

export interface RunEstimate {
  readonly trainingPairs: number;
  readonly evaluationPairs: number;
  /** Rows of the data that gave no pair, by reason. */
  readonly leftOut: Readonly<Record<string, number>>;
  readonly parameters: number;
  readonly trainableParameters: number;
  readonly memory: TrainingMemory;
  readonly steps: number;
  /** Mean; what a pair's completions share counts once. */
  readonly tokensPerStep: number;
  /** Of all steps and evaluations, from a step that was tried; absent for models whose step is not quickly tried. */
  readonly seconds?: number;
}

/** What a training run tells while it continues. */
export interface TrainEvents {
  started(message: TrainStartedMessage): void;
  metrics(message: TrainMetricsMessage): void;
}

export interface StopTrainingRequest {
  readonly run: string;
}
