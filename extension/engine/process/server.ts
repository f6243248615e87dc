/** Serves an engine over a JSON-RPC connection. */
import {
  type CancellationToken,
  ErrorCodes,
  type MessageConnection,
  type RequestType,
  ResponseError,
} from "vscode-jsonrpc";
import type { RewardEngine } from "../../protocol/engine";
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
import { messageOf } from "../errors";
import { errorData } from "./error-data";

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
  answer(requests.inspect, (request) => engine.inspect(request));
  answer(requests.devices, (request) => engine.devices(request));
  answer(requests.score, (request, signal) => engine.score(request, signal));
  answer(requests.makeGoal, (request, signal) => engine.makeGoal(request, events, signal));
  answer(requests.evaluate, (request, signal) => engine.evaluate(request, events, signal));
  answer(requests.scoreDataset, (request, signal) => engine.scoreDataset(request, events, signal));
  answer(requests.estimateTraining, (request, signal) => engine.estimateTraining(request, signal));
  answer(requests.train, (request, signal) => engine.train(request, trainEvents, signal));
  answer(requests.resume, (request, signal) => engine.resume(request, trainEvents, signal));
  answer(requests.stopTraining, (request) => engine.stopTraining(request));
  answer(requests.listModels, (request) => engine.listModels(request));
  answer(requests.listGoals, (request) => engine.listGoals(request));
  answer(requests.listRuns, (request) => engine.listRuns(request));
  answer(requests.findRun, (request) => engine.findRun(request));
  answer(requests.readMetrics, (request) => engine.readMetrics(request));
  answer(requests.places, (request) => engine.places(request));

  function answer<P, R>(
    type: RequestType<P, R, ErrorData>,
    handle: (request: P, signal: AbortSignal) => Promise<R>,
  ): void {
    connection.onRequest(type.method, async (request: P, token: CancellationToken): Promise<unknown> => {
      const abort = new AbortController();
      // A token that was canceled before it came here tells no one.
      if (token.isCancellationRequested) abort.abort();
      token.onCancellationRequested(() => abort.abort());
      try {
        return await handle(request, abort.signal);
      } catch (error) {
        const data = errorData(error);
        // The log gets the stack of a fault of ours.
        if (data.kind === "fault" && !abort.signal.aborted) console.error(error);
        return new ResponseError<ErrorData>(ErrorCodes.InternalError, messageOf(error), data);
      }
    });
  }
}
