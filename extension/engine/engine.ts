/** The reward-model engine: what its process serves, and what the command line uses in its own. */
import { basename } from "node:path";
import { Checkpoint } from "./checkpoint/checkpoint";
import { fingerprint } from "./checkpoint/fingerprint";
import { type Dataset, openDataset } from "./data/dataset";
import type { BadRow, DatasetRow } from "./data/row";
import { InputError, messageOf } from "./errors";
import { type Evaluation, evaluate } from "./evaluation/evaluate";
import type {
  DatasetRequest,
  EvaluateRequest,
  GoalResult,
  MakeGoalRequest,
  ModelRequest,
  ProgressMessage,
  RowsMessage,
  RunSettings,
  ScoreDatasetRequest,
  ScoreRequest,
  ScoreResult,
  StartedMessage,
} from "./protocol";
import { cpu, type Device } from "./runtime/device";
import type { DeviceChooser } from "./runtime/device-choice";
import { defaultBatchTokens } from "./runtime/memory";
import type { DeviceReport } from "./runtime/probe";
import { makeGoal } from "./scoring/goal-maker";
import { fitting } from "./scoring/goal-state";
import { listGoalStates, readGoalState, writeGoalState } from "./scoring/goal-store";
import { type Inspection, inspectModel } from "./scoring/inspection";
import { ModelCache } from "./scoring/model-cache";
import { openModel, RewardModel } from "./scoring/reward-model";
import { Goals } from "./scoring/score";
import { type ScoreOptions, scoreRows } from "./scoring/stream";
import { TrainingRuns } from "./training-runs";

/** Of an evaluation's intervals. */
const bootstrapResamples = 1000;

/** What a run over a dataset tells while it goes on. */
export interface RunEvents {
  started(message: StartedMessage): void;
  progress(message: ProgressMessage): void;
  /** Resolves when the rows are safe; the run waits for it. */
  rows(message: RowsMessage): Promise<void>;
}

export class Engine {
  readonly #models = new ModelCache();
  readonly training: TrainingRuns;

  constructor(private readonly chooser: DeviceChooser) {
    this.training = new TrainingRuns(chooser);
  }

  async inspect(request: ModelRequest): Promise<Inspection> {
    return inspectModel(await openModel(await Checkpoint.open(request.model, request.base)));
  }

  devices(refresh: boolean): Promise<readonly DeviceReport[]> {
    return this.chooser.reports(refresh);
  }

  /** Scores rows that the caller holds. Throws InputError, or the signal's reason. */
  score(request: ScoreRequest, signal?: AbortSignal): Promise<ScoreResult> {
    return this.#withModel(request, async (model, notes) => {
      const options = await scoreOptions(model, request, signal);
      const rows: ScoreResult["rows"][number][] = [];
      for await (const scored of scoreRows(model, each(request.rows), options)) rows.push(...scored);
      return { settings: settingsOf(model, options, notes), rows };
    });
  }

  /** Scores a dataset; rows leave through `events` in their order as they are done. */
  async scoreDataset(request: ScoreDatasetRequest, events: RunEvents, signal?: AbortSignal): Promise<void> {
    const { run, strict } = request;
    const dataset = await open(request);
    await this.#withModel(request, async (model, notes) => {
      const options = await scoreOptions(model, request, signal);
      events.started(started(run, dataset, model, options, notes));
      const source = strict ? withoutBad(dataset.rows()) : dataset.rows();
      for await (const rows of scoreRows(model, source, options)) {
        await events.rows({ run, rows });
        events.progress({ run, fraction: dataset.fraction });
      }
    });
  }

  /** Makes a goal state from a dataset's preferred completions and stores it beside the checkpoint. */
  async makeGoal(request: MakeGoalRequest, events: RunEvents, signal?: AbortSignal): Promise<GoalResult> {
    const dataset = await open(request);
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
    const dataset = await open(request);
    return this.#withModel(request, async (model, notes) => {
      const options = await scoreOptions(model, { ...request, tokens: true }, signal);
      events.started(started(run, dataset, model, options, notes));
      return evaluate(model, dataset.rows(), {
        ...options,
        localisation: { threshold, skip },
        bootstrap: { seed, resamples: bootstrapResamples },
        place: basename(request.dataset),
        onProgress: () => events.progress({ run, fraction: dataset.fraction }),
        onBadRow: (row) => events.rows({ run, rows: [row] }),
      });
    });
  }

  dispose(): Promise<void> {
    return this.#models.dispose();
  }

  async #withModel<T>(
    request: ModelRequest,
    work: (model: RewardModel, notes: readonly string[]) => Promise<T>,
  ): Promise<T> {
    const { device, notes } = await this.chooser.choose(request.device);
    const checkpoint = await Checkpoint.open(request.model, request.base);
    const key = `${device.provider} ${device.kernels} ${await fingerprint(checkpoint)}`;
    return this.#models.use(
      key,
      () => load(checkpoint, device),
      (model) => work(model, [...notes, ...model.notes]),
    );
  }
}

/** A device that takes the probe's model may still refuse this one, for its size as a rule. */
async function load(checkpoint: Checkpoint, device: Device): Promise<RewardModel> {
  const opened = await openModel(checkpoint);
  try {
    return await RewardModel.load(opened, device);
  } catch (error) {
    if (device.provider === "cpu" || error instanceof InputError) throw error;
    const note = `${device.provider} cannot load this model (${messageOf(error)}); running on the CPU.`;
    return RewardModel.load(opened, cpu, [note]);
  }
}

async function scoreOptions(
  model: RewardModel,
  request: ModelRequest & { readonly goals?: readonly string[]; readonly tokens: boolean },
  signal: AbortSignal | undefined,
): Promise<ScoreOptions> {
  const { folder } = model.opened.checkpoint;
  const names = request.goals ?? (await listGoalStates(folder));
  const states = await Promise.all(
    names.map(async (name) => fitting(await readGoalState(name, folder), model.hiddenSize, name)),
  );
  if (states.length === 0 && model.opened.head === undefined) {
    throw new InputError(
      folder,
      "has neither a reward head nor a goal state, so there is nothing to score; " +
        "make a goal state with `reward-lens goal`, or name one with --goal",
    );
  }
  return {
    goals: new Goals(states, model.hiddenSize),
    wantsTokens: request.tokens,
    batchTokens: request.batchTokens ?? defaultBatchTokens,
    maxLength: model.maxLength(request.maxLength),
    chat: request.chat ?? false,
    signal,
  };
}

function started(
  run: string,
  dataset: Dataset,
  model: RewardModel,
  options: ScoreOptions,
  notes: readonly string[],
): StartedMessage {
  return {
    run,
    settings: settingsOf(model, options, notes),
    ...(dataset.shape === undefined ? {} : { shape: dataset.shape }),
    leavesTemplate: model.opened.encoder.template !== undefined && dataset.isPlainText && !options.chat,
  };
}

function settingsOf(model: RewardModel, options: ScoreOptions, notes: readonly string[]): RunSettings {
  const { head, encoder } = model.opened;
  return {
    device: model.device.provider,
    notes,
    goals: options.goals.names,
    eos: encoder.eos.reason,
    maxLength: options.maxLength,
    ...(head ? { head: head.name } : {}),
  };
}

function open({ dataset, fields, skipRows, limit }: DatasetRequest): Promise<Dataset> {
  return openDataset(dataset, {
    ...(fields ? { fields } : {}),
    ...(skipRows === undefined ? {} : { skipRows }),
    ...(limit === undefined ? {} : { limit }),
  });
}

/** Ends the run at the first bad row. */
async function* withoutBad(rows: AsyncIterable<DatasetRow | BadRow>): AsyncGenerator<DatasetRow> {
  for await (const row of rows) {
    if ("problem" in row) throw new InputError(row.place, row.problem);
    yield row;
  }
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
