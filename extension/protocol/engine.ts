/** The interface of a reward-model engine in this process, in another process, or on another machine. */
import type { EvaluateRequest, Evaluation } from "./evaluation";
import type { GoalResult, ListGoalsRequest, MakeGoalRequest, StoredGoal } from "./goals";
import type { MetricsRow } from "./metrics";
import type {
  DeviceReport,
  DevicesRequest,
  Inspection,
  ListModelsRequest,
  ModelRequest,
  PlacesRequest,
} from "./models";
import type { BrokenRun, ListedRun, ListRunsRequest, RunFolderRequest } from "./runs";
import type { RunEvents, ScoreDatasetRequest, ScoreRequest, ScoreResult } from "./scoring";
import type {
  EstimateTrainingRequest,
  ResumeRequest,
  RunEstimate,
  StopTrainingRequest,
  TrainEvents,
  TrainRequest,
  TrainResult,
} from "./training";

/**
 * Every method takes a request, then a listener for events if it has any, then a signal. It rejects with an InputError
 * if the user's input is at fault, and with the signal's reason if it is aborted.
 */
export interface RewardEngine {
  inspect(request: ModelRequest): Promise<Inspection>;

  /** Every device that the runtime supports on this machine, with an earlier or a new measurement. */
  devices(request: DevicesRequest): Promise<readonly DeviceReport[]>;

  /** Scores rows that the caller holds. */
  score(request: ScoreRequest, signal?: AbortSignal): Promise<ScoreResult>;

  /** Scores a dataset and sends rows to `events` in their order, as soon as they are scored. */
  scoreDataset(request: ScoreDatasetRequest, events: RunEvents, signal?: AbortSignal): Promise<void>;

  /** Makes a goal state from a dataset's preferred completions and stores it with the checkpoint. */
  makeGoal(request: MakeGoalRequest, events: RunEvents, signal?: AbortSignal): Promise<GoalResult>;

  /** Measures how a model ranks pairs, tells correct from incorrect, and finds the first wrong step. */
  evaluate(request: EvaluateRequest, events: RunEvents, signal?: AbortSignal): Promise<Evaluation>;

  /** Size and duration of a training run. Rejects with InputError if the run would be refused. */
  estimateTraining(request: EstimateTrainingRequest, signal?: AbortSignal): Promise<RunEstimate>;

  /** Trains a model. An aborted signal pauses the run; the result is then without a model. */
  train(request: TrainRequest, events: TrainEvents, signal?: AbortSignal): Promise<TrainResult>;

  /** Continues a run that was paused, stopped or killed. */
  resume(request: ResumeRequest, events: TrainEvents, signal?: AbortSignal): Promise<TrainResult>;

  /** Ends a training run early, as if its last step were done. */
  stopTraining(request: StopTrainingRequest): Promise<void>;

  /** The folders among these that hold a model, in their order. No model is opened. */
  listModels(request: ListModelsRequest): Promise<readonly string[]>;

  /** The goal states stored with a model, by name. */
  listGoals(request: ListGoalsRequest): Promise<readonly StoredGoal[]>;

  /** The training runs in some folders, newest first, broken ones last. */
  listRuns(request: ListRunsRequest): Promise<readonly (ListedRun | BrokenRun)[]>;

  /** The training run in a folder; null if there is none. */
  findRun(request: RunFolderRequest): Promise<ListedRun | BrokenRun | null>;

  /** The metrics of a run, in the order in which they were written. */
  readMetrics(request: RunFolderRequest): Promise<readonly MetricsRow[]>;

  /**
   * Real paths of the folders that would be read to open a model or to resume a run, with links resolved. Only
   * configurations and directories are read, so that this is safe before a model is trusted.
   */
  places(request: PlacesRequest): Promise<readonly string[]>;
}

export type EngineMethod = keyof RewardEngine;
/** The request of a method. */
export type Asked<M extends EngineMethod> = Parameters<RewardEngine[M]>[0];
/** The result of a method. */
export type Answered<M extends EngineMethod> = Awaited<ReturnType<RewardEngine[M]>>;
