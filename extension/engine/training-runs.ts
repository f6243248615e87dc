/** The training runs of an engine. A running one can be paused by its signal, or stopped by its name. */
import { join } from "node:path";
import { version } from "../../package.json";
import type { RunRecord } from "../protocol/runs";
import type {
  EstimateTrainingRequest,
  ResumeRequest,
  RunEstimate,
  TrainEvents,
  TrainRequest,
  TrainResult,
} from "../protocol/training";
import { InputError } from "./errors";
import type { Device } from "./runtime/device";
import type { DeviceChooser } from "./runtime/device-choice";
import { env } from "./runtime/onnxruntime";
import { estimateRun } from "./training/plan/run-estimate";
import { type RunSignals, type RunWatcher, resumeRun, startRun } from "./training/training-run";

export class TrainingRuns {
  readonly #stops = new Map<string, AbortController>();

  constructor(private readonly chooser: DeviceChooser) {}

  /**
   * Estimates a run. Throws InputError for anything that the run would refuse before its first step, or the signal's
   * reason if it is aborted.
   */
  async estimate(request: EstimateTrainingRequest, signal?: AbortSignal): Promise<RunEstimate> {
    const { dataset, fields, limit, chat = false, model, settings } = request;
    const { device } = await this.chooser.choose(request.device);
    return estimateRun({ model, data: { path: dataset }, fields, limit, chat, settings }, device, signal);
  }

  /** Starts a run. Aborting the signal pauses it; the result is then its record at the checkpoint that was written. */
  async train(request: TrainRequest, events: TrainEvents, pause?: AbortSignal): Promise<TrainResult> {
    const { run, dataset, fields, limit, chat = false, model, init, out, settings } = request;
    if ((model === undefined) === (init === undefined))
      throw new InputError(out, "needs either a model to start from or the config.json of a new one");
    const start = init === undefined ? { model: model ?? "" } : { init };
    const versions = {
      rewardInspector: version,
      onnxruntime: env.versions.node ?? "",
      node: process.versions.node,
    };
    const plan = { dataset, fields, limit, chat, start, folder: out, settings, versions };
    return this.#during(run, out, request.device, events, pause, (device, watcher, signals) =>
      startRun(plan, device, watcher, signals),
    );
  }

  async resume(request: ResumeRequest, events: TrainEvents, pause?: AbortSignal): Promise<TrainResult> {
    const { run, folder, device } = request;
    return this.#during(run, folder, device, events, pause, (chosen, watcher, signals) =>
      resumeRun(folder, chosen, watcher, signals),
    );
  }

  /** Ends a run as if its steps were done. Throws InputError if no run with that name is running. */
  stop(run: string): void {
    const stop = this.#stops.get(run);
    if (!stop) throw new InputError(run, "no training run of that name is running");
    stop.abort();
  }

  /** Runs `work` as the run with this name, which `stop` can end. */
  async #during(
    run: string,
    folder: string,
    wanted: TrainRequest["device"],
    events: TrainEvents,
    pause: AbortSignal | undefined,
    work: (device: Device, watcher: RunWatcher, signals: RunSignals) => Promise<RunRecord>,
  ): Promise<TrainResult> {
    if (this.#stops.has(run)) throw new Error(`a training run named ${run} is already running`);
    const stop = new AbortController();
    this.#stops.set(run, stop);
    try {
      const choice = await this.chooser.choose(wanted);
      const watcher: RunWatcher = {
        started: (record, memory, notes) =>
          events.started({ run, folder, record, notes: [...choice.notes, ...notes], memory }),
        metrics: (row) => events.metrics({ run, row }),
      };
      const record = await work(choice.device, watcher, { pause, stop: stop.signal });
      return { folder, record, ...(record.status !== "paused" && { model: join(folder, "model") }) };
    } finally {
      this.#stops.delete(run);
    }
  }
}
