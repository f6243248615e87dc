/** Writes what a run produces: the model, its goal state, the quantiles of its rewards and its model card. */
import { mkdir, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import type { RewardQuantiles } from "../../../protocol/models";
import { writeGoalState } from "../../checkpoint/goals/goal-store";
import { Checkpoint } from "../../checkpoint/reading/checkpoint";
import type { BadRow, DatasetRow } from "../../data/rows/row";
import { quantiles } from "../../evaluation/quantiles";
import { writeWhole } from "../../files";
import { makeGoal } from "../../goals/goal-maker";
import type { Device } from "../../runtime/device";
import { defaultBatchTokens } from "../../runtime/memory";
import type { Encoder } from "../../scoring/encode";
import { rewardTokenText } from "../../scoring/inspection";
import { type OpenedModel, openModel, RewardModel } from "../../scoring/reward-model";
import { writeRewardQuantiles } from "../../scoring/reward-quantiles";
import { Goals } from "../../scoring/score";
import { scoreRows } from "../../scoring/stream";
import { exportModel } from "../export";
import type { TrainedTensor } from "../optimizer";
import { readMetrics } from "../store/metrics-file";
import type { RunChanges, RunFolder } from "../store/run-folder";
import { modelCard } from "./model-card";
import type { Usage } from "./model-usage";

/** Most completions that the goal state and the quantiles are computed from; more hardly change them. */
const mostCompletions = 2000;

/**
 * Writes `model/` from the tensors, whole or not at all. Returns the quantiles of the rewards, or undefined for a
 * language model.
 *
 * @param step step after which the tensors were taken
 * @param ending changes that the run's record is about to get
 * @param rows reads the rows of the training set from the start on each call
 */
export async function finishRun(
  run: RunFolder,
  opened: OpenedModel,
  tensors: readonly TrainedTensor[],
  step: number,
  ending: RunChanges,
  rows: () => AsyncIterable<DatasetRow | BadRow>,
  device: Device,
): Promise<RewardQuantiles | undefined> {
  const { settings, chat } = run.record;
  const folder = join(run.folder, ".model.partial");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  await exportModel(folder, opened, tensors, settings, run.record.model);
  const model = await RewardModel.load(await openModel(await Checkpoint.open(folder)), device);
  const encoding = { maxLength: model.maxLength(settings.maxLength), chat, batchTokens: defaultBatchTokens };
  let rewardQuantiles: RewardQuantiles | undefined;
  try {
    if (settings.objective === "reward") {
      await storeGoal(folder, run, model, rows(), encoding);
      rewardQuantiles = await quantilesOfRewards(model, rows(), encoding);
      if (rewardQuantiles.length > 0) await writeRewardQuantiles(folder, rewardQuantiles);
    }
  } finally {
    await model.release();
  }
  const card = modelCard({ ...run.record, ...ending }, await readMetrics(run.folder), {
    step,
    hasPlainHead: tensors.some(({ name }) => name === "score.weight"),
    usesTemplate: chat,
    rewardToken: rewardTokenText(model.opened.encoder),
    padding: paddingOf(model.opened.encoder),
    appendsEos: opened.encoder.eos.append === "always" || opened.encoder.eos.append === "plain-text",
  });
  await writeWhole(join(folder, "README.md"), (file) => file.write(card));
  await rm(run.model, { recursive: true, force: true });
  await rename(folder, run.model);
  return rewardQuantiles;
}

function paddingOf({ rewardToken, tokenizer }: Encoder): Usage["padding"] {
  if (rewardToken.padId === undefined) return "none";
  return rewardToken.padId === tokenizer.config.eosToken?.id ? "eos" : "own";
}

interface Encoding {
  readonly maxLength: number;
  readonly chat: boolean;
  readonly batchTokens: number;
}

/** Stores the goal state of paper eq. 7, computed from the preferred completions of the training set. */
async function storeGoal(
  folder: string,
  { record }: RunFolder,
  model: RewardModel,
  rows: AsyncIterable<DatasetRow | BadRow>,
  encoding: Encoding,
): Promise<void> {
  const { seed } = record.settings;
  const dataset = basename(record.data.path);
  const { state, completions } = await makeGoal(model, rows, {
    ...encoding,
    name: "preferred",
    strategy: "last",
    prototypes: 1,
    seed,
    limit: mostCompletions,
    place: dataset,
    onProgress: () => undefined,
    onBadRow: async () => undefined,
  });
  await writeGoalState(folder, state, {
    model: record.name,
    dataset,
    strategy: "last",
    completions,
    seed,
    created: new Date().toISOString(),
  });
}

/** Returns the 0, 5, …, 100% quantiles of the rewards. */
async function quantilesOfRewards(
  model: RewardModel,
  rows: AsyncIterable<DatasetRow | BadRow>,
  encoding: Encoding,
): Promise<RewardQuantiles> {
  const rewards: number[] = [];
  const options = { ...encoding, goals: new Goals([], model.hiddenSize), wantsTokens: false };
  for await (const scored of scoreRows(model, rows, options)) {
    for (const row of scored) {
      if ("scores" in row) for (const { reward } of row.scores) if (reward !== null) rewards.push(reward);
    }
    if (rewards.length >= mostCompletions) break;
  }
  const shares = Array.from({ length: 21 }, (_, i) => i / 20);
  return quantiles(rewards, shares).map((value) => Number(value.toPrecision(7)));
}
