/** The engine behind its process: the same requests, asked again after a crash for what was under way. */
import type { MessageConnection } from "vscode-jsonrpc";
import type { RunEvents } from "../engine";
import { InputError } from "../errors";
import type { Evaluation } from "../evaluation/evaluate";
import {
  devicesRequest,
  type EstimateTrainingRequest,
  type EvaluateRequest,
  estimateTrainingRequest,
  evaluateRequest,
  type GoalResult,
  inspectRequest,
  type MakeGoalRequest,
  type ModelRequest,
  makeGoalRequest,
  progressNotification,
  type ResumeRequest,
  rowsRequest,
  type ScoreDatasetRequest,
  type ScoreRequest,
  type ScoreResult,
  scoreDatasetRequest,
  scoreRequest,
  startedNotification,
  stopTrainingRequest,
  type TrainRequest,
  type TrainResult,
  trainMetricsNotification,
  trainStartedNotification,
} from "../protocol";
import type { DeviceReport } from "../runtime/probe";
import type { Inspection } from "../scoring/inspection";
import type { RunEstimate } from "../training/plan/run-estimate";
import type { TrainEvents } from "../training-runs";
import { type Call, type ClientOptions, call, EngineProcess } from "./engine-process";
import { FollowedTraining } from "./followed-training";

/** The same requests as the engine's own, answered by its process. */
export class EngineClient {
  readonly #process: EngineProcess;
  /** Who follows the runs under way, by run: those over datasets, and those that train. */
  readonly #runs = new Map<string, RunEvents>();
  readonly #trainings = new Map<string, FollowedTraining>();

  constructor(options: ClientOptions) {
    this.#process = new EngineProcess(options, (connection) => this.#attach(connection));
  }

  /** Process id of the engine; undefined before the first request. */
  get pid(): number | undefined {
    return this.#process.pid;
  }

  inspect(request: ModelRequest): Promise<Inspection> {
    return this.#process.ask({ next: () => call(inspectRequest, request) });
  }

  devices(refresh: boolean): Promise<readonly DeviceReport[]> {
    return this.#process.ask({ next: () => call(devicesRequest, { refresh }) });
  }

  score(request: ScoreRequest, signal?: AbortSignal): Promise<ScoreResult> {
    return this.#process.ask({ next: () => call(scoreRequest, request), signal });
  }

  /** After a crash the run goes on behind the last row that was handed over. Throws what `events.rows` throws. */
  async scoreDataset(request: ScoreDatasetRequest, events: RunEvents, signal?: AbortSignal): Promise<void> {
    const first = request.skipRows ?? 0;
    let done = 0;
    let isStarted = false;
    let handingOver = Promise.resolve();
    const watched: RunEvents = {
      // A restart is not a second start.
      started: (message) => {
        if (!isStarted) events.started(message);
        isStarted = true;
      },
      progress: (message) => events.progress(message),
      rows: (message) => {
        handingOver = events.rows(message).then(() => {
          done += message.rows.length;
        });
        return handingOver;
      },
    };
    const next = async (): Promise<Call<null>> => {
      // Rows that came before a crash may still be on their way to the disk.
      await handingOver;
      return call(scoreDatasetRequest, {
        ...request,
        skipRows: first + done,
        ...(request.limit === undefined ? {} : { limit: request.limit - done }),
      });
    };
    try {
      await during(this.#runs, request.run, watched, () =>
        this.#process.ask({ next, signal, progress: () => done }),
      );
    } catch (error) {
      await handingOver;
      throw error;
    }
  }

  makeGoal(request: MakeGoalRequest, events: RunEvents, signal?: AbortSignal): Promise<GoalResult> {
    const next = (): Call<GoalResult> => call(makeGoalRequest, request);
    return during(this.#runs, request.run, events, () => this.#process.ask({ next, signal }));
  }

  /** After a crash it starts over, and so do its events. */
  evaluate(request: EvaluateRequest, events: RunEvents, signal?: AbortSignal): Promise<Evaluation> {
    const next = (): Call<Evaluation> => call(evaluateRequest, request);
    return during(this.#runs, request.run, events, () => this.#process.ask({ next, signal }));
  }

  estimateTraining(request: EstimateTrainingRequest, signal?: AbortSignal): Promise<RunEstimate> {
    return this.#process.ask({ next: () => call(estimateTrainingRequest, request), signal });
  }

  /**
   * After a crash the run goes on from its last checkpoint; its events go on where they were. An aborted signal pauses
   * it, and the answer then is its record. Throws EngineCrash after two crashes without a step between that was new.
   */
  train(request: TrainRequest, events: TrainEvents, signal?: AbortSignal): Promise<TrainResult> {
    return this.#follow(request.run, FollowedTraining.train(request, events), signal);
  }

  /** As `train`, for a run that was paused, stopped or killed. */
  resume(request: ResumeRequest, events: TrainEvents, signal?: AbortSignal): Promise<TrainResult> {
    return this.#follow(request.run, FollowedTraining.resume(request, events), signal);
  }

  /** Ends a run as if its steps were done, also over a crash. Throws InputError where none of that name is under way. */
  async stopTraining(run: string): Promise<void> {
    const training = this.#trainings.get(run);
    if (!training) throw new InputError(run, "no training run of that name is under way");
    training.stop();
    // An engine that does not know the run, or dies now, is told when it is asked for the run.
    await this.#process.connection?.sendRequest(stopTrainingRequest, { run }).catch(() => undefined);
  }

  /** Ends the engine process, hung or not; the next request starts another, and requests under way are asked again. */
  restart(): void {
    this.#process.kill();
  }

  dispose(): void {
    this.#process.dispose();
  }

  async #follow(run: string, training: FollowedTraining, signal?: AbortSignal): Promise<TrainResult> {
    signal?.throwIfAborted();
    return during(this.#trainings, run, training, () =>
      this.#process.ask({
        next: () => training.next(),
        signal,
        progress: () => training.newSteps,
        pauses: true,
      }),
    );
  }

  #attach(connection: MessageConnection): void {
    connection.onNotification(startedNotification, (message) =>
      this.#runs.get(message.run)?.started(message),
    );
    connection.onNotification(progressNotification, (message) =>
      this.#runs.get(message.run)?.progress(message),
    );
    connection.onRequest(rowsRequest, async (message) => {
      await this.#runs.get(message.run)?.rows(message);
      return null;
    });
    connection.onNotification(trainStartedNotification, (message) =>
      this.#trainings.get(message.run)?.started(message),
    );
    connection.onNotification(trainMetricsNotification, (message) =>
      this.#trainings.get(message.run)?.metrics(message),
    );
  }
}

/** Keeps who follows a run among those under way, for as long as the work takes. */
async function during<F, T>(
  runs: Map<string, F>,
  run: string,
  follower: F,
  work: () => Promise<T>,
): Promise<T> {
  if (runs.has(run)) throw new Error(`a run called ${run} is under way already`);
  runs.set(run, follower);
  try {
    return await work();
  } finally {
    runs.delete(run);
  }
}
