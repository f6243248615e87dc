/** Opens a run's model and data, and computes its steps and size, before any weights are loaded. */
import { basename } from "node:path";
import type { TrainSettings } from "../../../protocol/train-settings";
import { publishedRule } from "../../checkpoint/publishing/published-padding";
import { Checkpoint } from "../../checkpoint/reading/checkpoint";
import type { BadRow, DatasetRow } from "../../data/rows/row";
import { InputError } from "../../errors";
import { type OpenedModel, openModel } from "../../scoring/reward-model";
import { stepsPerEpoch } from "../pairs/order";
import { type PairSet, readPairs } from "../pairs/pairs";
import { datasetRows, type RunData } from "./run-rows";
import { type RunSize, runSize } from "./run-size";

/** Model, data and settings of a run, named as in its record. */
export interface RunInputs extends RunData {
  readonly model: string;
  readonly chat: boolean;
  readonly settings: TrainSettings;
}

export interface OpenedRun {
  readonly model: OpenedModel;
  readonly pairs: PairSet;
  readonly steps: number;
  readonly size: RunSize;
}

/** Throws InputError if the model or the data cannot be used for training, or the signal's reason if it is aborted. */
export async function openRun(inputs: RunInputs, signal?: AbortSignal): Promise<OpenedRun> {
  const { settings, chat } = inputs;
  const model = await openToTrain(inputs);
  const maxLength = Math.min(settings.maxLength, model.decoder.shape.maxPositions);
  const pairs = await readPairs(
    until(datasetRows(inputs), signal),
    model.encoder,
    { ...settings, maxLength, chat },
    basename(inputs.data.path),
  );
  const perEpoch = stepsPerEpoch(pairs.training.length, settings.batchSize);
  const steps = Math.min(
    Math.ceil(settings.epochs * perEpoch),
    settings.maxSteps ?? Number.POSITIVE_INFINITY,
  );
  return { model, pairs, steps, size: await runSize(model, pairs, settings) };
}

/**
 * Opens the model with the reward-token rule of the trained model. That model may have another padding token, and its
 * rewards would then be read at other tokens.
 */
async function openToTrain({ model, settings: { method, head } }: RunInputs): Promise<OpenedModel> {
  const opened = await openModel(await Checkpoint.open(model));
  const newHead = head === "linear" ? "score.weight" : "value_head.{0,2,4,6}";
  const rewardToken = await publishedRule(opened.checkpoint, opened.head, newHead, method === "lora");
  return { ...opened, encoder: { ...opened.encoder, rewardToken } };
}

/** Throws InputError for an adapter: its update and a newly trained one could not be told apart. */
export function checkBase({ adapter, folder }: Checkpoint): void {
  if (!adapter) return;
  throw new InputError(
    folder,
    "is an adapter, which cannot be trained further; merge it into its base with PEFT first (merge_and_unload)",
  );
}

async function* until(
  rows: AsyncIterable<DatasetRow | BadRow>,
  signal: AbortSignal | undefined,
): AsyncGenerator<DatasetRow | BadRow> {
  for await (const row of rows) {
    signal?.throwIfAborted();
    yield row;
  }
}
