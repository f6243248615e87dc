/** A training run as the client follows it: over crashes of the engine process nothing is told twice or left out. */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import {
  type ResumeRequest,
  resumeRequest,
  stopTrainingRequest,
  type TrainMetricsMessage,
  type TrainRequest,
  type TrainResult,
  type TrainStartedMessage,
  trainRequest,
} from "../protocol";
import type { MetricsRow } from "../training/metrics";
import { readMetrics } from "../training/store/metrics-file";
import { RunFolder, recordFile } from "../training/store/run-folder";
import type { TrainEvents } from "../training-runs";
import { type Call, call } from "./engine-process";

export class FollowedTraining implements TrainEvents {
  #isStarted = false;
  #isStopped = false;
  /** Whether the run in the folder, if there is one, is this one; unknown before the first attempt. */
  #isOwn: boolean | undefined;
  #newSteps = 0;
  /** Step of the last row that was told, by kind. */
  readonly #told: Record<MetricsRow["kind"], number> = { step: 0, evaluation: 0 };

  private constructor(
    private readonly first: Call<TrainResult>,
    private readonly resumption: ResumeRequest,
    private readonly events: TrainEvents,
  ) {}

  static train(request: TrainRequest, events: TrainEvents): FollowedTraining {
    const { run, out, device } = request;
    return new FollowedTraining(call(trainRequest, request), { run, folder: out, device }, events);
  }

  static resume(request: ResumeRequest, events: TrainEvents): FollowedTraining {
    return new FollowedTraining(call(resumeRequest, request), request, events);
  }

  /** Steps that were told. */
  get newSteps(): number {
    return this.#newSteps;
  }

  started(message: TrainStartedMessage): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    // Steps of an earlier process are none of this run's news.
    this.#told.step = this.#told.evaluation = message.record.step;
    this.events.started(message);
  }

  metrics(message: TrainMetricsMessage): void {
    const { kind, step } = message.row;
    if (step <= this.#told[kind]) return;
    this.#told[kind] = step;
    if (kind === "step") this.#newSteps++;
    this.events.metrics(message);
  }

  /** From now on every attempt ends the run as if its steps were done. */
  stop(): void {
    this.#isStopped = true;
  }

  /** What to ask: the run's start, and after a crash that it goes on. */
  async next(): Promise<Call<TrainResult>> {
    const { run, folder } = this.resumption;
    const isThere = await exists(join(folder, recordFile));
    // A folder that held a run before this one was asked for holds another's, and the engine will refuse it.
    this.#isOwn ??= !isThere;
    if (this.#isStarted) {
      await this.#tellWritten();
      const result = await ending(folder);
      if (result) return async () => result;
    }
    const wanted = this.#isOwn && isThere ? call(resumeRequest, this.resumption) : this.first;
    return (connection, token) => {
      const answer = wanted(connection, token);
      if (this.#isStopped) connection.sendRequest(stopTrainingRequest, { run }).catch(() => undefined);
      return answer;
    };
  }

  /** Rows that were written may have been lost on their way here, and a checkpoint holds their steps. */
  async #tellWritten(): Promise<void> {
    const { run, folder } = this.resumption;
    for (const row of await readMetrics(folder)) this.metrics({ run, row });
  }
}

/** The result of a run whose process ended between its last write and its answer: it cannot be resumed. */
async function ending(folder: string): Promise<TrainResult | undefined> {
  const { record, model } = await RunFolder.open(folder);
  return record.status === "finished" && (await exists(model)) ? { folder, record, model } : undefined;
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
