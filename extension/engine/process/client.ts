/** Runs the engine in a separate process, and repeats unanswered requests after a crash of it. */
import type { MessageConnection } from "vscode-jsonrpc";
import type { Answered, Asked, EngineMethod, RewardEngine } from "../../protocol/engine";
import type { EvaluateRequest, Evaluation } from "../../protocol/evaluation";
import type { GoalResult, ListGoalsRequest, MakeGoalRequest, StoredGoal } from "../../protocol/goals";
import {
  progressNotification,
  requests,
  rowsRequest,
  startedNotification,
  trainMetricsNotification,
  trainStartedNotification,
} from "../../protocol/messages";
import type { MetricsRow } from "../../protocol/metrics";
import type {
  DeviceReport,
  DevicesRequest,
  Inspection,
  ListModelsRequest,
  ModelRequest,
  PlacesRequest,
} from "../../protocol/models";
import type { BrokenRun, ListedRun, ListRunsRequest, RunFolderRequest } from "../../protocol/runs";
import type { RunEvents, ScoreDatasetRequest, ScoreRequest, ScoreResult } from "../../protocol/scoring";
import type {
  EstimateTrainingRequest,
  ResumeRequest,
  RunEstimate,
  StopTrainingRequest,
  TrainEvents,
  TrainRequest,
  TrainResult,
} from "../../protocol/training";
import { InputError } from "../errors";
import { type ClientOptions, type EngineCall, EngineProcess, engineCall } from "./engine-process";
import { FollowedTraining } from "./followed-training";

export class EngineClient implements RewardEngine {
  readonly #process: EngineProcess;
  /** Event handlers of the requests in progress, by id: dataset requests, then training runs. */
  readonly #runs = new Map<string, RunEvents>();
  readonly #trainings = new Map<string, FollowedTraining>();

  constructor(options: ClientOptions) {
    this.#process = new EngineProcess(options, (connection) => this.#attach(connection));
  }

  /** Process id of the engine, or undefined before the first request. */
  get pid(): number | undefined {
    return this.#process.pid;
  }

  inspect(request: ModelRequest): Promise<Inspection> {
    return this.#ask("inspect", request);
  }

  devices(request: DevicesRequest): Promise<readonly DeviceReport[]> {
    return this.#ask("devices", request);
  }

  score(request: ScoreRequest, signal?: AbortSignal): Promise<ScoreResult> {
    return this.#ask("score", request, signal);
  }

  /** After a crash, continues after the last row that `events.rows` accepted. Throws what `events.rows` throws. */
  async scoreDataset(request: ScoreDatasetRequest, events: RunEvents, signal?: AbortSignal): Promise<void> {
    const first = request.skipRows ?? 0;
    let done = 0;
    let isStarted = false;
    let handingOver = Promise.resolve();
    const watched: RunEvents = {
      // Reports only the first start, not one after a crash.
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
    const next = async (): Promise<EngineCall<void>> => {
      // Rows that arrived before a crash may still be being written.
      await handingOver;
      return engineCall(requests.scoreDataset, {
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
    return during(this.#runs, request.run, events, () => this.#ask("makeGoal", request, signal));
  }

  /** Starts over after a crash, and sends its events again. */
  evaluate(request: EvaluateRequest, events: RunEvents, signal?: AbortSignal): Promise<Evaluation> {
    return during(this.#runs, request.run, events, () => this.#ask("evaluate", request, signal));
  }

  estimateTraining(request: EstimateTrainingRequest, signal?: AbortSignal): Promise<RunEstimate> {
    return this.#ask("estimateTraining", request, signal);
  }

  /**
   * Resumes the run from its last checkpoint after a crash, without repeating events. An aborted signal pauses the run,
   * and the result then contains its record. Throws EngineCrash after two crashes without a new step between them.
   */
  train(request: TrainRequest, events: TrainEvents, signal?: AbortSignal): Promise<TrainResult> {
    return this.#follow(request.run, FollowedTraining.train(request, events, this), signal);
  }

  /** Like `train`, for a run that was paused, stopped or killed. */
  resume(request: ResumeRequest, events: TrainEvents, signal?: AbortSignal): Promise<TrainResult> {
    return this.#follow(request.run, FollowedTraining.resume(request, events, this), signal);
  }

  /** Ends a run as if it had reached its last step, also after a crash. Throws InputError if the run is not running. */
  async stopTraining(request: StopTrainingRequest): Promise<void> {
    const training = this.#trainings.get(request.run);
    if (!training) throw new InputError(request.run, "no training run of that name is running");
    training.stop();
    // If the engine does not know the run yet or crashes now, it gets this request again with the run's next request.
    await this.#process.connection?.sendRequest(requests.stopTraining, request).catch(() => undefined);
  }

  listModels(request: ListModelsRequest): Promise<readonly string[]> {
    return this.#ask("listModels", request);
  }

  listGoals(request: ListGoalsRequest): Promise<readonly StoredGoal[]> {
    return this.#ask("listGoals", request);
  }

  listRuns(request: ListRunsRequest): Promise<readonly (ListedRun | BrokenRun)[]> {
    return this.#ask("listRuns", request);
  }

  findRun(request: RunFolderRequest): Promise<ListedRun | BrokenRun | null> {
    return this.#ask("findRun", request);
  }

  readMetrics(request: RunFolderRequest): Promise<readonly MetricsRow[]> {
    return this.#ask("readMetrics", request);
  }

  places(request: PlacesRequest): Promise<readonly string[]> {
    return this.#ask("places", request);
  }

  /** Kills the engine process. The next request starts another, and unanswered requests are repeated. */
  restart(): void {
    this.#process.kill();
  }

  dispose(): void {
    this.#process.dispose();
  }

  #ask<M extends EngineMethod>(method: M, request: Asked<M>, signal?: AbortSignal): Promise<Answered<M>> {
    return this.#process.ask({ next: () => engineCall(requests[method], request), signal });
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

/** Registers the follower of a run while the work is in progress. */
async function during<F, T>(
  runs: Map<string, F>,
  run: string,
  follower: F,
  work: () => Promise<T>,
): Promise<T> {
  if (runs.has(run)) throw new Error(`a request called ${run} is already in progress`);
  runs.set(run, follower);
  try {
    return await work();
  } finally {
    runs.delete(run);
  }
}
