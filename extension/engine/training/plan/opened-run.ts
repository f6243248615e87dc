/** What a run trains, on what, and how large that is: known before any weight is loaded. */
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

/** As a run's record names them. */
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

/** Throws InputError where the model or the data cannot be trained on, or the signal's reason while rows are read. */
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

/** The model, its rewards read where those of the trained model will be, which may have another padding token. */
async function openToTrain({ model, settings: { method, head } }: RunInputs): Promise<OpenedModel> {
  const opened = await openModel(await Checkpoint.open(model));
  const newHead = head === "linear" ? "score.weight" : "value_head.{0,2,4,6}";
  const rewardToken = await publishedRule(opened.checkpoint, opened.head, newHead, method === "lora");
  return { ...opened, encoder: { ...opened.encoder, rewardToken } };
}

/** An adapter's change is folded into its base, which a new adapter or whole weights could not be told apart from. */
export function checkBase({ adapter, folder }: Checkpoint): void {
  if (!adapter) return;
  throw new InputError(
    folder,
    "is an adapter, which cannot be trained further; merge it into its base with peft first (merge_and_unload)",
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
