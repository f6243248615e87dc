/** Follows a training run across crashes of the engine process, without repeating or losing events. */

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
import { type EngineCall, engineCall } from "./engine-process";

/** The requests that read a run's progress. */
type RunReader = Pick<RewardEngine, "findRun" | "readMetrics">;

export class FollowedTraining implements TrainEvents {
  #isStarted = false;
  #isStopped = false;
  /** Whether a run found in the folder is this one; undefined before the first attempt. */
  #isOwn: boolean | undefined;
  #newSteps = 0;
  /** Step of the last row that was reported, by kind. */
  readonly #reported: Record<MetricsRow["kind"], number> = { step: 0, evaluation: 0 };

  private constructor(
    private readonly first: EngineCall<TrainResult>,
    private readonly resumption: ResumeRequest,
    private readonly events: TrainEvents,
    private readonly engine: RunReader,
  ) {}

  static train(request: TrainRequest, events: TrainEvents, engine: RunReader): FollowedTraining {
    const { run, out, device } = request;
    const resumption = { run, folder: out, device };
    return new FollowedTraining(engineCall(requests.train, request), resumption, events, engine);
  }

  static resume(request: ResumeRequest, events: TrainEvents, engine: RunReader): FollowedTraining {
    return new FollowedTraining(engineCall(requests.resume, request), request, events, engine);
  }

  /** Number of steps reported. */
  get newSteps(): number {
    return this.#newSteps;
  }

  started(message: TrainStartedMessage): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    // Steps before the resumed checkpoint were reported earlier.
    this.#reported.step = this.#reported.evaluation = message.record.step;
    this.events.started(message);
  }

  metrics(message: TrainMetricsMessage): void {
    const { kind, step } = message.row;
    if (step <= this.#reported[kind]) return;
    this.#reported[kind] = step;
    if (kind === "step") this.#newSteps++;
    this.events.metrics(message);
  }

  /** Makes every later attempt end the run as if it had reached its last step. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Creates the next call, which starts the run, or resumes it after a crash. */
  async next(): Promise<EngineCall<TrainResult>> {
    const { run, folder } = this.resumption;
    const found = await this.engine.findRun({ folder });
    // If the folder contains a run before the first attempt, it is another run, and the engine rejects the call.
    this.#isOwn ??= found === null;
    if (this.#isStarted) {
      await this.#reportWritten();
      const result = found && ending(found);
      if (result) return async () => result;
    }
    const wanted = this.#isOwn && found ? engineCall(requests.resume, this.resumption) : this.first;
    return (connection, token) => {
      const answer = wanted(connection, token);
      if (this.#isStopped) connection.sendRequest(requests.stopTraining, { run }).catch(() => undefined);
      return answer;
    };
  }

  /** Reports rows that were written but whose messages were lost; a resumed run does not send them again. */
  async #reportWritten(): Promise<void> {
    const { run, folder } = this.resumption;
    for (const row of await this.engine.readMetrics({ folder })) this.metrics({ run, row });
  }
}

/** The result of a run whose process ended after its last write, so that the run cannot be resumed. */
function ending(found: ListedRun | BrokenRun): TrainResult | undefined {
  if ("problem" in found || found.status !== "finished" || found.model === undefined) return undefined;
  const { folder, record, model } = found;
  return { folder, record, model };
}
