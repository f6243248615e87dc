/** Rewards are read at the same token as in transformers, even if the padding token also ends sequences. */
import { expect, it } from "vitest";
import { rewardHeadOf } from "../../extension/engine/checkpoint/heads/reward-head";
import { rewardToken, rewardTokenRule } from "../../extension/engine/checkpoint/heads/reward-token";
import { Checkpoint } from "../../extension/engine/checkpoint/reading/checkpoint";
import { fixtureFolder, openSession, readExpected } from "./fixture";

it.each(["llama-pad-is-eos", "gpt2-pad-is-eos"])("%s gives the rewards of transformers", async (name) => {
  const checkpoint = await Checkpoint.open(fixtureFolder(name));
  const rule = rewardTokenRule(checkpoint, rewardHeadOf(checkpoint, 32));
  const { sequences } = await readExpected(name);
  const session = await openSession(fixtureFolder(name), { provider: "cpu", kernels: "fused" });
  const noGoals = { count: 0, data: new Float32Array() };
  const { partialReward, length } = await session.run(
    sequences.map(({ ids }) => ids),
    noGoals,
  );
  await session.release();
  let isLast = true;
  sequences.forEach(({ ids, reward }, b) => {
    const at = rewardToken(ids, rule);
    isLast &&= at === ids.length - 1;
    expect(partialReward?.[b * length + at]).toBeCloseTo(reward ?? Number.NaN, 4);
  });
  expect(isLast).toBe(false);
});
