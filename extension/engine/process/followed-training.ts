/** A training run as the client follows it: across crashes of the engine process nothing is told twice or lost. */

import type { RewardEngine } from "../../protocol/engine";
import { requests } from "../../protocol/messages";
import type { MetricsRow } from "../../protocol/metrics";
import type { BrokenRun, ListedRun } from "../../protocol/runs";
import type {
  ResumeRequest,
  TrainEvents,
  TrainMetricsMessage,
  TrainRequest,
  TrainResult,
  TrainStartedMessage,
} from "../../protocol/training";
import { type Call, call } from "./engine-process";

/** What tells how far a run got. */
type RunReader = Pick<RewardEngine, "findRun" | "readMetrics">;

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
    private readonly engine: RunReader,
  ) {}

  static train(request: TrainRequest, events: TrainEvents, engine: RunReader): FollowedTraining {
    const { run, out, device } = request;
    const resumption = { run, folder: out, device };
    return new FollowedTraining(call(requests.train, request), resumption, events, engine);
  }

  static resume(request: ResumeRequest, events: TrainEvents, engine: RunReader): FollowedTraining {
    return new FollowedTraining(call(requests.resume, request), request, events, engine);
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

  /** What to ask: the run's start, and after a crash that it continues. */
  async next(): Promise<Call<TrainResult>> {
    const { run, folder } = this.resumption;
    const found = await this.engine.findRun({ folder });
    // A folder that held a run before this one was asked for holds another's, and the engine will refuse it.
    this.#isOwn ??= found === null;
    if (this.#isStarted) {
      await this.#tellWritten();
      const result = found && ending(found);
      if (result) return async () => result;
    }
    const wanted = this.#isOwn && found ? call(requests.resume, this.resumption) : this.first;
    return (connection, token) => {
      const answer = wanted(connection, token);
      if (this.#isStopped) connection.sendRequest(requests.stopTraining, { run }).catch(() => undefined);
      return answer;
    };
  }

  /** Rows that were written may have been lost on their way here, and a checkpoint holds their steps. */
  async #tellWritten(): Promise<void> {
    const { run, folder } = this.resumption;
    for (const row of await this.engine.readMetrics({ folder })) this.metrics({ run, row });
  }
}

/** The result of a run whose process ended between its last write and its answer: it cannot be resumed. */
function ending(found: ListedRun | BrokenRun): TrainResult | undefined {
  if ("problem" in found || found.status !== "finished" || found.model === undefined) return undefined;
  const { folder, record, model } = found;
  return { folder, record, model };
}
