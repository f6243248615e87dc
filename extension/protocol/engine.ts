/** What a reward-model engine does, in this process, in one of its own, or on another machine. */
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
 * Every method takes one request first, then where its events go, then a signal. A request that the user's input keeps
 * from being answered rejects with an InputError; an aborted one with the signal's reason.
 */
export interface RewardEngine {
  inspect(request: ModelRequest): Promise<Inspection>;

  /** Every device that the runtime supports on this machine, as remembered or as measured now. */
  devices(request: DevicesRequest): Promise<readonly DeviceReport[]>;

  /** Scores rows that the caller holds. */
  score(request: ScoreRequest, signal?: AbortSignal): Promise<ScoreResult>;

  /** Scores a dataset; rows leave through `events` in their order as they are done. */
  scoreDataset(request: ScoreDatasetRequest, events: RunEvents, signal?: AbortSignal): Promise<void>;

  /** Makes a goal state from a dataset's preferred completions and stores it beside the checkpoint. */
  makeGoal(request: MakeGoalRequest, events: RunEvents, signal?: AbortSignal): Promise<GoalResult>;

  /** Measures how a model ranks pairs, tells correct from incorrect, and finds the first wrong step. */
  evaluate(request: EvaluateRequest, events: RunEvents, signal?: AbortSignal): Promise<Evaluation>;

  /** What a training run would take and give. Rejects with InputError for whatever the run would refuse. */
  estimateTraining(request: EstimateTrainingRequest, signal?: AbortSignal): Promise<RunEstimate>;

  /** Trains a model. An aborted signal pauses the run, and the answer is then its record. */
  train(request: TrainRequest, events: TrainEvents, signal?: AbortSignal): Promise<TrainResult>;

  /** Continues a run that was paused, stopped or killed. */
  resume(request: ResumeRequest, events: TrainEvents, signal?: AbortSignal): Promise<TrainResult>;

  /** Ends a running training run as if its steps were done. */
  stopTraining(request: StopTrainingRequest): Promise<void>;

  /** Those of the folders that hold a model, in their order. No model is opened. */
  listModels(request: ListModelsRequest): Promise<readonly string[]>;

  /** The goal states beside a model, by name. */
  listGoals(request: ListGoalsRequest): Promise<readonly StoredGoal[]>;

  /** The training runs of some folders, the newest first, broken ones last. */
  listRuns(request: ListRunsRequest): Promise<readonly (ListedRun | BrokenRun)[]>;

  /** The training run in a folder; null if there is none. */
  findRun(request: RunFolderRequest): Promise<ListedRun | BrokenRun | null>;

  /** The metrics of a run, in the order in which they were written. */
  readMetrics(request: RunFolderRequest): Promise<readonly MetricsRow[]>;

  /**
   * Real paths of the folders that opening a model, or resuming a run, reads, links followed. Only configurations and
   * directories are read for it, so that it can be asked before a model is trusted.
   */
  places(request: PlacesRequest): Promise<readonly string[]>;
}

export type EngineMethod = keyof RewardEngine;
/** What a method is asked. */
export type Asked<M extends EngineMethod> = Parameters<RewardEngine[M]>[0];
/** What a method answers. */
export type Answered<M extends EngineMethod> = Awaited<ReturnType<RewardEngine[M]>>;
