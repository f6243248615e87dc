/** The engine in this process. The command line uses it directly; the editor uses it in a process of its own. */
import { basename } from "node:path";
import type { RewardEngine } from "../protocol/engine";
import type { EvaluateRequest, Evaluation } from "../protocol/evaluation";
import type { GoalResult, ListGoalsRequest, MakeGoalRequest, StoredGoal } from "../protocol/goals";
import type { MetricsRow } from "../protocol/metrics";
import type {
  DeviceReport,
  DevicesRequest,
  Inspection,
  ListModelsRequest,
  ModelRequest,
  PlacesRequest,
} from "../protocol/models";
import type { BrokenRun, ListedRun, ListRunsRequest, RunFolderRequest } from "../protocol/runs";
import type { RunEvents, ScoreDatasetRequest, ScoreRequest, ScoreResult } from "../protocol/scoring";
import type {
  EstimateTrainingRequest,
  ResumeRequest,
  RunEstimate,
  StopTrainingRequest,
  TrainEvents,
  TrainRequest,
  TrainResult,
} from "../protocol/training";
import { storedGoals } from "./checkpoint/goals/goal-list";
import { writeGoalState } from "./checkpoint/goals/goal-store";
import { Checkpoint } from "./checkpoint/reading/checkpoint";
import { fingerprint } from "./checkpoint/reading/fingerprint";
import { evaluate } from "./evaluation/evaluate";
import { makeGoal } from "./goals/goal-maker";
import { findModelFolder, foldersWithModels } from "./model-folder/folder";
import { placesOfModel, placesOfRun } from "./places";
import { checkEvaluation, checkModel } from "./request-checks";
import type { DeviceChoice, DeviceChooser } from "./runtime/device-choice";
import { defaultBatchTokens, type ScoringUse } from "./runtime/memory";
import { inspectModel } from "./scoring/inspection";
import { ModelCache } from "./scoring/model-cache";
import { ModelLoader } from "./scoring/model-loader";
import { openModel, type RewardModel } from "./scoring/reward-model";
import { scoreRows } from "./scoring/stream";
import {
  answered,
  openRequested,
  scoreOptions,
  scoringSettings,
  startedMessage,
  withoutBad,
} from "./scoring-requests";
import { trainedOn } from "./training/outcome/trained-on";
import { readMetrics } from "./training/store/metrics-file";
import { findRun, listRuns } from "./training/store/run-list";
import { TrainingRuns } from "./training-runs";

/** Number of bootstrap resamples for an evaluation's confidence intervals. */
const bootstrapResamples = 1000;
/** Largest size of weights, in bytes, that the CPU loads faster than devices can be measured. */
const quickWeights = 512 * 2 ** 20;

export class LocalEngine implements RewardEngine {
  readonly #models = new ModelCache();
  readonly #loader: ModelLoader;
  readonly #training: TrainingRuns;

  /** @param available returns the bytes of memory that a model may take; replaced in tests */
  constructor(
    private readonly chooser: DeviceChooser,
    available?: () => Promise<number>,
  ) {
    this.#training = new TrainingRuns(chooser);
    this.#loader = new ModelLoader(() => this.#models.releaseIdle(), available);
  }

  async inspect(request: ModelRequest): Promise<Inspection> {
    return inspectModel(await openModel(await Checkpoint.open(request.model, request.base)));
  }

  devices({ refresh }: DevicesRequest): Promise<readonly DeviceReport[]> {
    return this.chooser.reports(refresh);
  }

  /**
   * Scores the rows of a request. For small models it does not wait until devices are measured: see
   * `DeviceChooser.chooseNow`. Throws InputError, or the signal's reason if it is aborted.
   */
  async score(request: ScoreRequest, signal?: AbortSignal): Promise<ScoreResult> {
    checkModel(request);
    const checkpoint = await Checkpoint.open(request.model, request.base);
    const isQuick = weightBytes(checkpoint) <= quickWeights;
    const choice = await (isQuick
      ? this.chooser.chooseNow(request.device)
      : this.chooser.choose(request.device));
    const result = await this.#withLoaded(checkpoint, choice, request, async (model, notes) => {
      const options = await scoreOptions(model, request, signal);
      const asked = new Map(request.rows.map((row) => [row.row, row]));
      const rows: ScoreResult["rows"][number][] = [];
      for await (const scored of scoreRows(model, each(request.rows), options))
        rows.push(...scored.map((row) => answered(row, asked)));
      return { settings: scoringSettings(model, options, notes), rows };
    });
    // Devices are measured after the response, which measuring would slow down. Errors are reported by later requests.
    if (choice.isProvisional) void this.chooser.reports().catch(() => undefined);
    return result;
  }

  /** Scores a dataset; sends rows through `events` in order, as they are scored. */
  async scoreDataset(request: ScoreDatasetRequest, events: RunEvents, signal?: AbortSignal): Promise<void> {
    const { run, strict } = request;
    checkModel(request);
    const dataset = await openRequested(request);
    await this.#withModel(request, async (model, notes) => {
      const options = await scoreOptions(model, request, signal);
      events.started(startedMessage(run, dataset, model, options, notes));
      const source = strict ? withoutBad(dataset.rows()) : dataset.rows();
      for await (const rows of scoreRows(model, source, options)) {
        await events.rows({ run, rows });
        events.progress({ run, fraction: dataset.fraction });
      }
    });
  }

  /** Computes a goal state from a dataset's preferred completions and stores it in the model's folder. */
  async makeGoal(request: MakeGoalRequest, events: RunEvents, signal?: AbortSignal): Promise<GoalResult> {
    checkModel(request);
    const dataset = await openRequested(request);
    return this.#withModel(request, async (model, notes) => {
      const { run, name, strategy, prototypes, seed } = request;
      const { state, completions } = await makeGoal(model, dataset.rows(), {
        name,
        strategy,
        prototypes,
        seed,
        limit: request.completions,
        batchTokens: request.batchTokens ?? defaultBatchTokens,
        maxLength: model.maxLength(request.maxLength),
        chat: request.chat ?? false,
        signal,
        place: basename(request.dataset),
        onProgress: () => events.progress({ run, fraction: dataset.fraction }),
        onBadRow: (row) => events.rows({ run, rows: [row] }),
      });
      const { folder } = model.opened.checkpoint;
      const provenance = {
        model: basename(folder),
        dataset: basename(request.dataset),
        strategy,
        completions,
        seed,
        created: new Date().toISOString(),
      };
      const file = await writeGoalState(folder, state, provenance);
      return { file, completions, device: model.device.provider, notes };
    });
  }

  /**
   * Evaluates a model: how it ranks pairs, tells correct from incorrect answers, and finds the first incorrect step.
   */
  async evaluate(request: EvaluateRequest, events: RunEvents, signal?: AbortSignal): Promise<Evaluation> {
    const { run, threshold, skip, seed } = request;
    checkModel(request);
    checkEvaluation(request);
    const dataset = await openRequested(request);
    return this.#withModel(request, async (model, notes) => {
      const options = await scoreOptions(model, { ...request, tokens: true }, signal);
      events.started(startedMessage(run, dataset, model, options, notes));
      const known = await trainedOn(model.opened.checkpoint.folder, request.dataset);
      const evaluation = await evaluate(model, dataset.rows(), {
        ...options,
        localization: { threshold, skip },
        bootstrap: { seed, resamples: bootstrapResamples },
        place: basename(request.dataset),
        onProgress: () => events.progress({ run, fraction: dataset.fraction }),
        onBadRow: (row) => events.rows({ run, rows: [row] }),
      });
      return { ...evaluation, ...(known ? { trainedOn: known } : {}) };
    });
  }

  /** Estimates a training run. Throws InputError for anything that the run would refuse before its first step. */
  estimateTraining(request: EstimateTrainingRequest, signal?: AbortSignal): Promise<RunEstimate> {
    return this.#training.estimate(request, signal);
  }

  /** Trains a model. If the signal is aborted, the run is paused and its record is returned. Throws InputError. */
  train(request: TrainRequest, events: TrainEvents, signal?: AbortSignal): Promise<TrainResult> {
    return this.#training.train(request, events, signal);
  }

  /** Continues a run that was paused, stopped or killed. */
  resume(request: ResumeRequest, events: TrainEvents, signal?: AbortSignal): Promise<TrainResult> {
    return this.#training.resume(request, events, signal);
  }

  /** Ends a run as if its steps were done. Throws InputError if no run of that name is running. */
  async stopTraining({ run }: StopTrainingRequest): Promise<void> {
    this.#training.stop(run);
  }

  async listModels({ folders }: ListModelsRequest): Promise<readonly string[]> {
    return foldersWithModels(folders);
  }

  async listGoals({ model }: ListGoalsRequest): Promise<readonly StoredGoal[]> {
    return storedGoals(await findModelFolder(model));
  }

  listRuns({ folders }: ListRunsRequest): Promise<readonly (ListedRun | BrokenRun)[]> {
    return listRuns(folders);
  }

  findRun({ folder }: RunFolderRequest): Promise<ListedRun | BrokenRun | null> {
    return findRun(folder);
  }

  readMetrics({ folder }: RunFolderRequest): Promise<readonly MetricsRow[]> {
    return readMetrics(folder);
  }

  places(request: PlacesRequest): Promise<readonly string[]> {
    return "run" in request ? placesOfRun(request.run) : placesOfModel(request.model, request.base);
  }

  dispose(): Promise<void> {
    return this.#models.dispose();
  }

  async #withModel<T>(
    request: ModelRequest,
    work: (model: RewardModel, notes: readonly string[]) => Promise<T>,
  ): Promise<T> {
    const choice = await this.chooser.choose(request.device);
    return this.#withLoaded(await Checkpoint.open(request.model, request.base), choice, request, work);
  }

  async #withLoaded<T>(
    { folder, baseFolder }: Checkpoint,
    { device, notes }: DeviceChoice,
    request: ModelRequest & Pick<ScoreRequest, "reuse">,
    work: (model: RewardModel, notes: readonly string[]) => Promise<T>,
  ): Promise<T> {
    const stamp = await fingerprint({ folder, baseFolder });
    return this.#models.use(
      `${device.provider} ${device.kernels} ${stamp}`,
      () => this.#loader.load({ folder, baseFolder, stamp }, device, useOf(request)),
      (model) => work(model, [...notes, ...model.opened.notes, ...model.notes]),
    );
  }
}

function useOf({
  batchTokens,
  maxLength,
  reuse,
}: ModelRequest & Pick<ScoreRequest, "reuse">): Partial<ScoringUse> {
  return {
    ...(batchTokens === undefined ? {} : { batchTokens }),
    ...(maxLength === undefined ? {} : { maxLength }),
    keeps: reuse ?? false,
  };
}

function weightBytes({ tensors }: Checkpoint): number {
  return [...tensors.values()].reduce((total, { length }) => total + length, 0);
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
