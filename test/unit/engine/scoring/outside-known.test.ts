/** A reward beyond those that a model is known to give is a warning, as an edge of them is not. */
import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { warningText } from "../../../../extension/display/warning-text";
import { Checkpoint } from "../../../../extension/engine/checkpoint/reading/checkpoint";
import type { DatasetRow } from "../../../../extension/engine/data/rows/row";
import { cpu } from "../../../../extension/engine/runtime/device";
import { openModel, RewardModel } from "../../../../extension/engine/scoring/reward-model";
import { writeRewardQuantiles } from "../../../../extension/engine/scoring/reward-quantiles";
import { Goals } from "../../../../extension/engine/scoring/score";
import { scoreRows } from "../../../../extension/engine/scoring/stream";
import type { ScoredCompletion } from "../../../../extension/protocol/scores";
import { checkpoint } from "../../../support/fixture";
import { temporaryFolder } from "../../../support/temp-folder";

let folder: string;
let model: RewardModel | undefined;
beforeEach(async () => {
  folder = await temporaryFolder();
  await cp(checkpoint, folder, { recursive: true });
});
afterEach(() => model?.release());

const row: DatasetRow = {
  row: 0,
  place: "a",
  completions: [{ role: "completion", prompt: "What is 2 + 3? ", completion: "2 + 3 = 5." }],
};

async function scored(): Promise<ScoredCompletion> {
  model = await RewardModel.load(await openModel(await Checkpoint.open(folder)), cpu);
  async function* rows(): AsyncGenerator<DatasetRow> {
    yield row;
  }
  const options = {
    goals: new Goals([], model.hiddenSize),
    wantsTokens: false,
    batchTokens: 1024,
    maxLength: 99,
    chat: false,
  };
  for await (const [first] of scoreRows(model, rows(), options))
    if (first && "scores" in first && first.scores[0]) return first.scores[0];
  throw new Error("nothing was scored");
}

/** Quantiles from `low` to `high` in equal steps. */
const between = (low: number, high: number) =>
  Array.from({ length: 21 }, (_, i) => low + ((high - low) * i) / 20);
const outside = ({ warnings }: ScoredCompletion) =>
  warnings.filter(({ kind }) => kind === "outside-known-rewards");

test("is warned of above and below, in words that are no praise", async () => {
  const { reward } = await scored();
  await model?.release();
  if (reward === null) throw new Error("the checkpoint gives rewards");
  for (const [low, high] of [
    [reward + 1, reward + 2],
    [reward - 2, reward - 1],
  ] as const) {
    await writeRewardQuantiles(folder, between(low, high));
    const [warning] = outside(await scored());
    await model?.release();
    expect(warning).toEqual({ kind: "outside-known-rewards", lowest: low, highest: expect.closeTo(high) });
    expect(warning && warningText(warning)).toMatch(/outside this model's known rewards.*may be unlike/);
  }
  model = undefined;
});

test("is not within them, nor without any, nor if their file cannot be read", async () => {
  expect(outside(await scored())).toEqual([]);
  await model?.release();
  await writeRewardQuantiles(folder, between(-1000, 1000));
  expect(outside(await scored())).toEqual([]);
  await model?.release();
  await writeFile(join(folder, "reward_quantiles.json"), "{");
  expect(outside(await scored())).toEqual([]);
});
