/** Rewards, Q-values, goal states and evaluation of one model follow the token that its config.json says is read. */
import { expect, test } from "vitest";
import { Checkpoint } from "../../../../extension/engine/checkpoint/reading/checkpoint";
import type { DatasetRow } from "../../../../extension/engine/data/rows/row";
import { Observations } from "../../../../extension/engine/evaluation/observations";
import { makeGoal } from "../../../../extension/engine/goals/goal-maker";
import { cpu } from "../../../../extension/engine/runtime/device";
import { inspectModel } from "../../../../extension/engine/scoring/inspection";
import { openModel, RewardModel } from "../../../../extension/engine/scoring/reward-model";
import { Goals } from "../../../../extension/engine/scoring/score";
import { scoreRows } from "../../../../extension/engine/scoring/stream";
import type { ScoredRow } from "../../../../extension/protocol/scores";
import { eos, type Padding, paddedCopy } from "../../../support/padded-copy";

const row: DatasetRow = {
  row: 0,
  place: "row",
  completions: ["= 2, says Zoe.", "= 3.<|end|><|end|>", "<|end|>"].map((completion, i) => ({
    role: i === 0 ? "chosen" : "completion",
    label: i === 0,
    prompt: "What is 1 + 1? ",
    completion,
  })),
};
const encoding = { maxLength: 512, chat: false, batchTokens: 1024 };

async function* rows(): AsyncGenerator<DatasetRow> {
  yield row;
}

async function opened(padding: Padding): Promise<RewardModel> {
  return RewardModel.load(await openModel(await Checkpoint.open(await paddedCopy(padding))), cpu);
}

async function scored(model: RewardModel, goals: Goals, reuse = false): Promise<ScoredRow> {
  const options = { ...encoding, goals, wantsTokens: true, reuse };
  for await (const [first] of scoreRows(model, rows(), options)) if (first && "scores" in first) return first;
  throw new Error("nothing was scored");
}

test("with the padding token at the end of sequences all is read before it", async () => {
  const model = await opened(eos);
  const inspection = await inspectModel(model.opened);
  expect(inspection.rewardToken).toBe(
    "last token that is not the padding token (<|end|>, pad_token_id 1; transformers' rule)",
  );

  const { state } = await makeGoal(model, rows(), {
    ...encoding,
    name: "good",
    strategy: "last",
    prototypes: 1,
    seed: 1,
    limit: 10,
    place: "data",
    onProgress: () => undefined,
    onBadRow: async () => undefined,
  });
  const goals = new Goals([state], model.hiddenSize);
  const batched = await scored(model, goals);
  for (const found of [batched, await scored(model, goals, true), await scored(model, goals, true)]) {
    const [chosen, other, nothing] = found.scores;
    // One EOS was added after the first, none after the second, which has two.
    expect(chosen?.rewardToken).toBe((chosen?.tokens ?? 0) - 2);
    expect(other?.rewardToken).toBe((other?.tokens ?? 0) - 3);
    for (const score of [chosen, other]) {
      const at = score?.rewardToken ?? -1;
      expect(score?.reward).toBe(score?.tokenScores?.partialRewards?.[at]);
      expect(score?.q.good?.last).toBe(score?.tokenScores?.q.good?.[at]);
    }
    // The goal state is the state of the only preferred completion, at the token that is read.
    expect(chosen?.q.good?.last).toBeCloseTo(1, 5);
    expect(chosen?.tokenScores?.q.good?.at(-1)).toBeLessThan(0.999);
    expect(nothing?.rewardToken).toBe(null);
    expect(nothing?.reward).not.toBe(null);
    expect(nothing?.reward).not.toBe(nothing?.tokenScores?.partialRewards?.at(-1));
    expect(nothing?.warnings).toContainEqual({ kind: "only-padding" });
  }

  const observations = new Observations([]);
  observations.add(row, batched);
  const [labeled] = observations.labeled;
  expect(labeled?.partial?.at(-1)).toBe(labeled?.reward);
  await model.release();
});

test("rewards are normalized, at every token, if config.json says so", async () => {
  const own = { architectures: ["RewardModel"], mean: 0.5, std: 4 };
  const [raw, normalized] = [
    await opened({ config: own }),
    await opened({ config: { ...own, normalize_reward: true } }),
  ];
  const none = new Goals([], raw.hiddenSize);
  const [before, after] = [await scored(raw, none), await scored(normalized, none)];
  before.scores.forEach((score, i) => {
    const changed = after.scores[i];
    expect(changed?.reward).toBeCloseTo(((score.reward ?? Number.NaN) - 0.5) / 4, 5);
    expect(score.tokenScores?.partialRewards).toBeDefined();
    score.tokenScores?.partialRewards?.forEach((partialReward, t) => {
      expect(changed?.tokenScores?.partialRewards?.[t]).toBeCloseTo((partialReward - 0.5) / 4, 5);
    });
  });
  expect(normalized.opened.notes).toEqual([expect.stringContaining("Rewards are normalized")]);
  expect((await inspectModel(raw.opened)).notes).toEqual([expect.stringContaining("not normalized")]);
  await Promise.all([raw.release(), normalized.release()]);
});
