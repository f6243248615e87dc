import { expect, test } from "vitest";
import type { StepMetrics } from "../../../extension/protocol/metrics";
import { evaluationText, Follower, stepText } from "../../../extension/reports/metrics-text";

function stepRow(parts: Partial<StepMetrics>): StepMetrics {
  return {
    kind: "step",
    step: 1,
    epoch: 0.1,
    loss: 1,
    gradNorm: 1,
    learningRate: 1e-4,
    tokens: 100,
    tokensPerSecond: 5120.4,
    ...parts,
  };
}

test("a step shows the progress of the run and every loss", () => {
  const row = stepRow({
    step: 120,
    loss: 1.1974,
    rankingLoss: 0.68349,
    contrastiveLoss: 1.00855,
    accuracy: 0.5,
  });
  expect(stepText(row, { steps: 500, accuracy: 0.7125, secondsLeft: 190 })).toBe(
    "step 120/500, 3 min left  accuracy ~71.3%  loss 1.197  ranking 0.683  contrastive 1.009  5,120 tokens/s",
  );
});

test("quantities without a value are not shown", () => {
  const row = stepRow({ loss: 2.5, lmLoss: 2.5 });
  expect(stepText(row, { steps: 9, accuracy: undefined, secondsLeft: undefined })).toBe(
    "step 1/9  loss 2.500  language model 2.500  5,120 tokens/s",
  );
});

test("an evaluation shows its number of pairs, and whether it is the best", () => {
  const row = {
    kind: "evaluation",
    step: 100,
    pairs: 1,
    loss: 0.5,
    rankingLoss: 0.5,
    accuracy: 1,
    margin: -0.25,
  } as const;
  expect(evaluationText({ ...row, isBest: true })).toBe(
    "evaluation after step 100, 1 pair:  accuracy 100.0%  loss 0.500  ranking 0.500  margin -0.250  best so far",
  );
  expect(evaluationText({ ...row, isBest: false })).not.toContain("best");
});

test("accuracy is an exponential mean over the last steps with decay 0.9", () => {
  const follower = new Follower(100, () => 0);
  expect(follower.after(stepRow({ accuracy: 1 })).accuracy).toBeCloseTo(1, 12);
  expect(follower.after(stepRow({ accuracy: 0 })).accuracy).toBeCloseTo(0.9 / 1.9, 12);
  expect(follower.after(stepRow({ accuracy: 0 })).accuracy).toBeCloseTo(0.81 / 2.71, 12);
});

test("the time left follows the pace since the process started, without the first step", () => {
  let time = 60;
  const follower = new Follower(100, () => time);
  expect(follower.after(stepRow({ step: 41 })).secondsLeft).toBeUndefined();
  time = 64;
  expect(follower.after(stepRow({ step: 43 })).secondsLeft).toBe(114);
  time = 183;
  expect(follower.after(stepRow({ step: 82 })).secondsLeft).toBe(54);
  expect(follower.after(stepRow({ step: 100 })).secondsLeft).toBeUndefined();
});
