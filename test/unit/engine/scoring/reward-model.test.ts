import { expect, test } from "vitest";
import { Checkpoint } from "../../../../extension/engine/checkpoint/reading/checkpoint";
import { cpu } from "../../../../extension/engine/runtime/device";
import { openModel, RewardModel } from "../../../../extension/engine/scoring/reward-model";
import { checkpoint } from "../../../support/fixture";

test("a loaded model has its width, maximum length and notes, and forgets prefixes when released", async () => {
  const opened = await openModel(await Checkpoint.open(checkpoint));
  const model = await RewardModel.load(opened, cpu, ["the CPU is all there is"]);
  expect([model.hiddenSize, model.device, model.notes]).toEqual([48, cpu, ["the CPU is all there is"]]);
  expect([10, 512, 513, 100_000].map((length) => model.maxLength(length))).toEqual([10, 512, 512, 512]);
  expect(model.maxLength()).toBeLessThanOrEqual(512);
  const ids = Int32Array.of(5, 6, 7);
  const goals = { count: 0, data: new Float32Array() };
  const scores = { q: new Float32Array(), partialReward: new Float32Array(3) };
  model.prefixes.add({ ids, goals, scores, keyValues: { tensors: [], bytes: 1 } });
  expect(model.prefixes.find(ids, goals)?.length).toBe(3);
  await model.release();
  expect(model.prefixes.find(ids, goals)).toBeUndefined();
  const plain = await RewardModel.load(opened, cpu);
  expect(plain.notes).toEqual([]);
  await plain.release();
});
