/** Serves an engine over a JSON-RPC connection. */

import { type CancellationToken, ErrorCodes, type MessageConnection, ResponseError } from "vscode-jsonrpc";
import type { Answered, Asked, EngineMethod, RewardEngine } from "../../protocol/engine";
import type { ErrorData } from "../../protocol/errors";
import {
  progressNotification,
  requests,
  rowsRequest,
  startedNotification,
  trainMetricsNotification,
  trainStartedNotification,
} from "../../protocol/messages";
import type { RunEvents } from "../../protocol/scoring";
import type { TrainEvents } from "../../protocol/training";
import { signalOf } from "../abort";
import { messageOf } from "../errors";
import { errorData } from "./error-data";

/** The handler of each request; a request without a handler does not compile. */
type Handlers = {
  readonly [M in EngineMethod]: (request: Asked<M>, signal: AbortSignal) => Promise<Answered<M>>;
};

export function serve(engine: RewardEngine, connection: MessageConnection): void {
  const events: RunEvents = {
    started: (message) => void connection.sendNotification(startedNotification, message),
    progress: (message) => void connection.sendNotification(progressNotification, message),
    rows: async (message) => {
      await connection.sendRequest(rowsRequest, message);
    },
  };
  const trainEvents: TrainEvents = {
    started: (message) => void connection.sendNotification(trainStartedNotification, message),
    metrics: (message) => void connection.sendNotification(trainMetricsNotification, message),
  };
  const handlers: Handlers = {
    inspect: (request) => engine.inspect(request),
    devices: (request) => engine.devices(request),
    score: (request, signal) => engine.score(request, signal),
    scoreDataset: (request, signal) => engine.scoreDataset(request, events, signal),
    makeGoal: (request, signal) => engine.makeGoal(request, events, signal),
    evaluate: (request, signal) => engine.evaluate(request, events, signal),
    estimateTraining: (request, signal) => engine.estimateTraining(request, signal),
    train: (request, signal) => engine.train(request, trainEvents, signal),
    resume: (request, signal) => engine.resume(request, trainEvents, signal),
    stopTraining: (request) => engine.stopTraining(request),
    listModels: (request) => engine.listModels(request),
    listGoals: (request) => engine.listGoals(request),
    listRuns: (request) => engine.listRuns(request),
    findRun: (request) => engine.findRun(request),
    readMetrics: (request) => engine.readMetrics(request),
    places: (request) => engine.places(request),
  };
  for (const method of Object.keys(handlers) as EngineMethod[]) answer(method, handlers[method]);

  function answer<M extends EngineMethod>(method: M, handle: Handlers[M]): void {
    const { method: name } = requests[method];
    connection.onRequest(name, async (request: Asked<M>, token: CancellationToken): Promise<unknown> => {
      const signal = signalOf([token], () => new Error("canceled"));
      try {
        return await handle(request, signal);
      } catch (error) {
        const data = errorData(error);
        // Logs the stack trace of an internal error.
        if (data.kind === "fault" && !signal.aborted) console.error(error);
        return new ResponseError<ErrorData>(ErrorCodes.InternalError, messageOf(error), data);
      }
    });
  }
}
