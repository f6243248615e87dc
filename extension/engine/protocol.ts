/** The one contract between the engine process and everyone else. Messages are JSON-RPC over Node IPC, as structured clones. */
import { NotificationType, RequestType } from "vscode-jsonrpc";
import type { GoalStrategy } from "./checkpoint/goals/goal-state";
import type { FieldNames } from "./data/rows/fields";
import type { BadRow, DatasetRow } from "./data/rows/row";
import type { Evaluation } from "./evaluation/evaluate";
import type { Provider } from "./runtime/device";
import type { DeviceReport } from "./runtime/probe";
import type { Inspection } from "./scoring/inspection";
import type { ScoredRow } from "./scoring/stream";
import type { MetricsRow } from "./training/metrics";
import type { TrainingMemory } from "./training/plan/memory";
import type { RunEstimate } from "./training/plan/run-estimate";
import type { TrainSettings } from "./training/settings";
import type { RunRecord } from "./training/store/run";

/** A model and how to run it. Paths are absolute, or names of models in the local Hugging Face cache. */
export interface ModelRequest {
  readonly model: string;
  /** Base model of an adapter, where it is not where the adapter says. */
  readonly base?: string;
  readonly device: "auto" | Provider;
  /** Longest sequence in tokens, prompt included; never above what the model was made for. */
  readonly maxLength?: number;
  /** Tokens of a batch, padding included. */
  readonly batchTokens?: number;
  /** Plain text is taken as a conversation and goes through the checkpoint's chat template. */
  readonly chat?: boolean;
}

export interface ScoreRequest extends ModelRequest {
  readonly rows: readonly DatasetRow[];
  /** Names or files of goal states; absent: all that are stored beside the checkpoint. */
  readonly goals?: readonly string[];
  readonly tokens: boolean;
  /**
   * Keys and values of what was scored last are kept, and a sequence that begins like one of them is computed from where
   * it parts: for texts that are edited, and samples that share a prompt. The scores are the same.
   */
  readonly reuse?: boolean;
}

export interface DatasetRequest extends ModelRequest {
  /** Names one run among those under way; chosen by the client. */
  readonly run: string;
  readonly dataset: string;
  readonly fields?: FieldNames;
  /** Rows at the start of the dataset to pass over. */
  readonly skipRows?: number;
  /** Most rows to read. */
  readonly limit?: number;
}

export interface ScoreDatasetRequest extends DatasetRequest {
  readonly goals?: readonly string[];
  readonly tokens: boolean;
  /** A bad row ends the run. */
  readonly strict: boolean;
}

export interface MakeGoalRequest extends DatasetRequest {
  readonly name: string;
  readonly strategy: GoalStrategy;
  readonly prototypes: number;
  readonly seed: number;
  readonly completions: number;
}

export interface EvaluateRequest extends DatasetRequest {
  /** Names or files of goal states; absent: all that are stored beside the checkpoint. */
  readonly goals?: readonly string[];
  /** A token is low where its Q-value is below this. */
  readonly threshold: number;
  /** Tokens at the start of a completion that are not looked at for low Q-values. */
  readonly skip: number;
  /** Of the bootstrap. */
  readonly seed: number;
}

/** What a run settled on before its first row. */
export interface RunSettings {
  /** Of the model's files and its goal states: equal fingerprints, equal scores. */
  readonly fingerprint: string;
  readonly device: Provider;
  /** Why the device is not the one asked for, and the like. */
  readonly notes: readonly string[];
  readonly goals: readonly string[];
  readonly eos: string;
  readonly maxLength: number;
  /** Name of the reward head's tensors; absent where the model has none. */
  readonly head?: string;
}

/** A scored row on its way back to who asked for it and has its texts. */
export interface AnsweredRow extends Omit<ScoredRow, "texts"> {
  /** The completions' own texts, by which token offsets count. null: as it was asked. */
  readonly texts: readonly (string | null)[];
}

export interface ScoreResult {
  readonly settings: RunSettings;
  readonly rows: readonly (AnsweredRow | BadRow)[];
}

export interface GoalResult {
  readonly file: string;
  readonly completions: number;
  readonly device: Provider;
  readonly notes: readonly string[];
}

/** Rows of a dataset run, in order; of a goal state or an evaluation only the bad ones. Answered when they are safe, which also paces the engine. */
export interface RowsMessage {
  readonly run: string;
  readonly rows: readonly (ScoredRow | BadRow)[];
}

export interface ProgressMessage {
  readonly run: string;
  /** Share of the dataset that is done, in [0,1]. */
  readonly fraction: number;
}

export interface StartedMessage {
  readonly run: string;
  readonly settings: RunSettings;
  /** What the rows look like, as `preference pairs (prompt, chosen, rejected)`; absent for an empty dataset. */
  readonly shape?: string;
  /** The model has a chat template, but rows are scored as the plain text they are. */
  readonly leavesTemplate: boolean;
}

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

/** What an error answer carries beside its message: the parts of an InputError, where the user's input is at fault. */
export type ErrorData =
  | { readonly isInput: true; readonly place: string; readonly problem: string }
  | { readonly isInput: false };

export const inspectRequest = new RequestType<ModelRequest, Inspection, ErrorData>("inspect");
export const scoreRequest = new RequestType<ScoreRequest, ScoreResult, ErrorData>("score");
export const scoreDatasetRequest = new RequestType<ScoreDatasetRequest, null, ErrorData>("scoreDataset");
export const makeGoalRequest = new RequestType<MakeGoalRequest, GoalResult, ErrorData>("makeGoal");
export const evaluateRequest = new RequestType<EvaluateRequest, Evaluation, ErrorData>("evaluate");
export const devicesRequest = new RequestType<
  { readonly refresh: boolean },
  readonly DeviceReport[],
  ErrorData
>("devices");

export const estimateTrainingRequest = new RequestType<EstimateTrainingRequest, RunEstimate, ErrorData>(
  "estimateTraining",
);
/** Canceling either pauses the run: it writes a checkpoint, and can be resumed. */
export const trainRequest = new RequestType<TrainRequest, TrainResult, ErrorData>("train");
export const resumeRequest = new RequestType<ResumeRequest, TrainResult, ErrorData>("resume");
/** Ends a run under way as if its steps were done. */
export const stopTrainingRequest = new RequestType<{ readonly run: string }, null, ErrorData>("stopTraining");

/** Engine to client. */
export const trainStartedNotification = new NotificationType<TrainStartedMessage>("trainStarted");
export const trainMetricsNotification = new NotificationType<TrainMetricsMessage>("trainMetrics");
export const rowsRequest = new RequestType<RowsMessage, null, ErrorData>("rows");
export const startedNotification = new NotificationType<StartedMessage>("started");
export const progressNotification = new NotificationType<ProgressMessage>("progress");
