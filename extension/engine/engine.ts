/** The reward-model engine: what its process serves, and what the command line uses in its own. */
import { basename } from "node:path";
import { writeGoalState } from "./checkpoint/goals/goal-store";
import { Checkpoint } from "./checkpoint/reading/checkpoint";
import { fingerprint } from "./checkpoint/reading/fingerprint";
import { InputError, messageOf } from "./errors";
import { type Evaluation, evaluate } from "./evaluation/evaluate";
import { makeGoal } from "./goals/goal-maker";
import type {
  EstimateTrainingRequest,
  EvaluateRequest,
  GoalResult,
  MakeGoalRequest,
  ModelRequest,
  ProgressMessage,
  ResumeRequest,
  RowsMessage,
  ScoreDatasetRequest,
  ScoreRequest,
  ScoreResult,
  StartedMessage,
  TrainRequest,
  TrainResult,
} from "./protocol";
import { cpu, type Device } from "./runtime/device";
import type { DeviceChoice, DeviceChooser } from "./runtime/device-choice";
import { defaultBatchTokens } from "./runtime/memory";
import type { DeviceReport } from "./runtime/probe";
import { type Inspection, inspectModel } from "./scoring/inspection";
import { ModelCache } from "./scoring/model-cache";
import { type OpenedModel, openModel, RewardModel } from "./scoring/reward-model";
import { scoreRows } from "./scoring/stream";
import {
  answered,
  openRequested,
  scoreOptions,
  settingsOf,
  startedMessage,
  withoutBad,
} from "./scoring-requests";
import type { RunEstimate } from "./training/plan/run-estimate";
import { type TrainEvents, TrainingRuns } from "./training-runs";

/** Of an evaluation's intervals. */
const bootstrapResamples = 1000;
/** Bytes of weights that the CPU loads sooner than devices are measured. */
const quickWeights = 512 * 2 ** 20;

/** What a run over a dataset tells while it goes on. */
export interface RunEvents {
  started(message: StartedMessage): void;
  progress(message: ProgressMessage): void;
  /** Resolves when the rows are safe; the run waits for it. */
  rows(message: RowsMessage): Promise<void>;
}

export class Engine {
  readonly #models = new ModelCache();
  readonly #training: TrainingRuns;

  constructor(private readonly chooser: DeviceChooser) {
    this.#training = new TrainingRuns(chooser);
  }

  async inspect(request: ModelRequest): Promise<Inspection> {
    return inspectModel(await openModel(await Checkpoint.open(request.model, request.base)));
  }

  devices(refresh: boolean): Promise<readonly DeviceReport[]> {
    return this.chooser.reports(refresh);
  }

  /** Scores rows that the caller holds, and soon: see `DeviceChooser.chooseNow`. Throws InputError, or the signal's reason. */
  async score(request: ScoreRequest, signal?: AbortSignal): Promise<ScoreResult> {
    const checkpoint = await Checkpoint.open(request.model, request.base);
    const isQuick = weightBytes(checkpoint) <= quickWeights;
    const choice = await (isQuick
      ? this.chooser.chooseNow(request.device)
      : this.chooser.choose(request.device));
    const result = await this.#withLoaded(checkpoint, choice, async (model, notes) => {
      const options = await scoreOptions(model, request, signal);
      const asked = new Map(request.rows.map((row) => [row.row, row]));
      const rows: ScoreResult["rows"][number][] = [];
      for await (const scored of scoreRows(model, each(request.rows), options))
        rows.push(...scored.map((row) => answered(row, asked)));
      return { settings: settingsOf(model, options, notes), rows };
    });
    // Behind the answer, which measuring would slow. A request that finds no device tells what is wrong.
    if (choice.isProvisional) void this.chooser.reports().catch(() => undefined);
    return result;
  }

  /** Scores a dataset; rows leave through `events` in their order as they are done. */
  async scoreDataset(request: ScoreDatasetRequest, events: RunEvents, signal?: AbortSignal): Promise<void> {
    const { run, strict } = request;
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

  /** Makes a goal state from a dataset's preferred completions and stores it beside the checkpoint. */
  async makeGoal(request: MakeGoalRequest, events: RunEvents, signal?: AbortSignal): Promise<GoalResult> {
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

  /** Measures a model on a dataset: how it ranks pairs, tells right from wrong, and finds the first wrong step. */
  async evaluate(request: EvaluateRequest, events: RunEvents, signal?: AbortSignal): Promise<Evaluation> {
    const { run, threshold, skip, seed } = request;
    const dataset = await openRequested(request);
    return this.#withModel(request, async (model, notes) => {
      const options = await scoreOptions(model, { ...request, tokens: true }, signal);
      events.started(startedMessage(run, dataset, model, options, notes));
      return evaluate(model, dataset.rows(), {
        ...options,
        localization: { threshold, skip },
        bootstrap: { seed, resamples: bootstrapResamples },
        place: basename(request.dataset),
        onProgress: () => events.progress({ run, fraction: dataset.fraction }),
        onBadRow: (row) => events.rows({ run, rows: [row] }),
      });
    });
  }

  /** What a training run would come to. Throws InputError for whatever the run would refuse. */
  estimateTraining(request: EstimateTrainingRequest, signal?: AbortSignal): Promise<RunEstimate> {
    return this.#training.estimate(request, signal);
  }

  /** Trains a model; an aborted signal pauses the run, and the answer is then its record. Throws InputError. */
  train(request: TrainRequest, events: TrainEvents, signal?: AbortSignal): Promise<TrainResult> {
    return this.#training.train(request, events, signal);
  }

  /** Goes on with a run that was paused, stopped or killed. */
  resume(request: ResumeRequest, events: TrainEvents, signal?: AbortSignal): Promise<TrainResult> {
    return this.#training.resume(request, events, signal);
  }

  /** Ends a run as if its steps were done. Throws InputError where none of that name is under way. */
  async stopTraining(run: string): Promise<void> {
    this.#training.stop(run);
  }

  dispose(): Promise<void> {
    return this.#models.dispose();
  }

  async #withModel<T>(
    request: ModelRequest,
    work: (model: RewardModel, notes: readonly string[]) => Promise<T>,
  ): Promise<T> {
    const choice = await this.chooser.choose(request.device);
    return this.#withLoaded(await Checkpoint.open(request.model, request.base), choice, work);
  }

  async #withLoaded<T>(
    { folder, baseFolder }: Checkpoint,
    { device, notes }: DeviceChoice,
    work: (model: RewardModel, notes: readonly string[]) => Promise<T>,
  ): Promise<T> {
    const stamp = await fingerprint({ folder, baseFolder });
    return this.#models.use(
      `${device.provider} ${device.kernels} ${stamp}`,
      async () => loadUnchanged(await openModel(await Checkpoint.open(folder, baseFolder)), device, stamp),
      (model) => work(model, [...notes, ...model.notes]),
    );
  }
}

/** Loads a model whose files had this fingerprint. Throws InputError if they change meanwhile: it would be half of each. */
async function loadUnchanged(opened: OpenedModel, device: Device, stamp: string): Promise<RewardModel> {
  const model = await load(opened, device);
  if (opened.fingerprint === stamp && (await fingerprint(opened.checkpoint)) === stamp) return model;
  await model.release();
  throw new InputError(
    opened.checkpoint.folder,
    "changed while it was loaded; try again when its files are written",
  );
}

/** A device that takes the probe's model may still refuse this one, for its size as a rule. */
async function load(opened: OpenedModel, device: Device): Promise<RewardModel> {
  try {
    return await RewardModel.load(opened, device);
  } catch (error) {
    if (device.provider === "cpu" || error instanceof InputError) throw error;
    const note = `${device.provider} cannot load this model (${messageOf(error)}); running on the CPU.`;
    return RewardModel.load(opened, cpu, [note]);
  }
}

function weightBytes({ tensors }: Checkpoint): number {
  return [...tensors.values()].reduce((total, { length }) => total + length, 0);
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
