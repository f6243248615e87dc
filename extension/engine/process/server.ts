/** Serves an engine over a JSON-RPC connection. */
import {
  type CancellationToken,
  ErrorCodes,
  type MessageConnection,
  type RequestType,
  ResponseError,
} from "vscode-jsonrpc";
import { signalOf } from "../abort";
import type { Engine, RunEvents } from "../engine";
import { InputError, messageOf } from "../errors";
import {
  devicesRequest,
  type ErrorData,
  estimateTrainingRequest,
  evaluateRequest,
  inspectRequest,
  makeGoalRequest,
  progressNotification,
  resumeRequest,
  rowsRequest,
  scoreDatasetRequest,
  scoreRequest,
  startedNotification,
  stopTrainingRequest,
  trainMetricsNotification,
  trainRequest,
  trainStartedNotification,
} from "../protocol";
import type { TrainEvents } from "../training-runs";

export function serve(engine: Engine, connection: MessageConnection): void {
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
  answer(inspectRequest, (request) => engine.inspect(request));
  answer(devicesRequest, ({ refresh }) => engine.devices(refresh));
  answer(scoreRequest, (request, signal) => engine.score(request, signal));
  answer(makeGoalRequest, (request, signal) => engine.makeGoal(request, events, signal));
  answer(evaluateRequest, (request, signal) => engine.evaluate(request, events, signal));
  answer(scoreDatasetRequest, async (request, signal) => {
    await engine.scoreDataset(request, events, signal);
    return null;
  });
  answer(estimateTrainingRequest, (request, signal) => engine.estimateTraining(request, signal));
  answer(trainRequest, (request, signal) => engine.train(request, trainEvents, signal));
  answer(resumeRequest, (request, signal) => engine.resume(request, trainEvents, signal));
  answer(stopTrainingRequest, async ({ run }) => {
    await engine.stopTraining(run);
    return null;
  });

  function answer<P, R>(
    type: RequestType<P, R, ErrorData>,
    handle: (request: P, signal: AbortSignal) => Promise<R>,
  ): void {
    connection.onRequest(type.method, async (request: P, token: CancellationToken): Promise<unknown> => {
      const signal = signalOf([token], () => new Error("canceled"));
      try {
        return await handle(request, signal);
      } catch (error) {
        // A fault of ours is wanted with its stack in the log.
        if (!(error instanceof InputError) && !signal.aborted) console.error(error);
        return new ResponseError<ErrorData>(ErrorCodes.InternalError, messageOf(error), errorData(error));
      }
    });
  }
}

function errorData(error: unknown): ErrorData {
  if (!(error instanceof InputError)) return { isInput: false };
  return { isInput: true, place: error.place, problem: error.problem };
}
