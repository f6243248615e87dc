/** The messages between an engine's process and its client: JSON-RPC over Node IPC. */
import { NotificationType, RequestType } from "vscode-jsonrpc";
import type { Answered, Asked, EngineMethod } from "./engine";
import type { ErrorData } from "./errors";
import type { ProgressMessage, RowsMessage, StartedMessage } from "./scoring";
import type { TrainMetricsMessage, TrainStartedMessage } from "./training";

export type EngineRequest<M extends EngineMethod> = RequestType<Asked<M>, Answered<M>, ErrorData>;

/** Requests to the engine, by method. Canceling `train` or `resume` pauses the run, which writes a checkpoint. */
export const requests: { readonly [M in EngineMethod]: EngineRequest<M> } = {
  inspect: new RequestType("inspect"),
  devices: new RequestType("devices"),
  score: new RequestType("score"),
  scoreDataset: new RequestType("scoreDataset"),
  makeGoal: new RequestType("makeGoal"),
  evaluate: new RequestType("evaluate"),
  estimateTraining: new RequestType("estimateTraining"),
  train: new RequestType("train"),
  resume: new RequestType("resume"),
  stopTraining: new RequestType("stopTraining"),
  listModels: new RequestType("listModels"),
  listGoals: new RequestType("listGoals"),
  listRuns: new RequestType("listRuns"),
  findRun: new RequestType("findRun"),
  readMetrics: new RequestType("readMetrics"),
  places: new RequestType("places"),
};

/** Messages from the engine to its client follow. */
export const trainStartedNotification = new NotificationType<TrainStartedMessage>("trainStarted");
export const trainMetricsNotification = new NotificationType<TrainMetricsMessage>("trainMetrics");
export const rowsRequest = new RequestType<RowsMessage, null, ErrorData>("rows");
export const startedNotification = new NotificationType<StartedMessage>("started");
export const progressNotification = new NotificationType<ProgressMessage>("progress");
