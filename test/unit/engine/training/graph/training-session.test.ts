/** Tests on the tiny checkpoint that packing, padding and order do not change results. */
import { beforeAll, describe, expect, test } from "vitest";
import { Checkpoint } from "../../../../../extension/engine/checkpoint/reading/checkpoint";
import { randomSequence } from "../../../../../extension/engine/random";
import { cpu } from "../../../../../extension/engine/runtime/device";
import { openModel, RewardModel } from "../../../../../extension/engine/scoring/reward-model";
import { makeBatch, widthOf } from "../../../../../extension/engine/training/graph/batch";
import {
  type BatchGradients,
  type SessionSettings,
  TrainingSession,
} from "../../../../../extension/engine/training/graph/training-session";
import {
  type PackedPair,
  packPair,
  rejectedPlace,
} from "../../../../../extension/engine/training/pairs/packed-pair";
import type {
  SampledStates,
  StatePairs,
} from "../../../../../extension/engine/training/pairs/state-sampling";
import { defaultLora, defaultLoss } from "../../../../../extension/protocol/train-settings";
import { checkpoint } from "../../../../support/fixture";
import { pairOf } from "../../../../support/pairs";

const settings: SessionSettings = {
  objective: "reward",
  method: "full",
  head: "linear",
  lora: defaultLora,
  loss: { ...defaultLoss, lambda: 0.5, lmWeight: 0.3, rewardCentering: 0.1 },
};

/** Pairs whose sequences share a prompt, part of one, or nothing, and completions that begin alike. */
const pairs = [
  { ...pairOf([5, 9, 33, 70], [12, 13, 14, 15, 16], [12, 13, 40]), margin: 0.5 },
  { ...pairOf([5, 9, 33], [200, 201], [100, 101, 102, 103, 104, 105, 106]), margin: 0 },
  { ...pairOf([7], [8, 9, 10, 11, 300, 301, 302, 303], [8, 9, 10, 11, 300, 301, 302, 400]), margin: 1 },
];

/** A state pair given by row and token, so that it is the same however rows are packed. */
interface TokenPair {
  readonly pair: (typeof pairs)[number];
  readonly source: number;
  readonly goal: number;
}

const random = randomSequence(4);
const draw = (from: number, to: number): number => from + Math.floor(random() * (to - from));
const tokenPairs = (side: "chosen" | "rejected"): TokenPair[] =>
  pairs.flatMap((pair) =>
    Array.from({ length: 6 }, () => ({
      pair,
      source: draw(pair.chosen.firstToken, pair.chosen.ids.length),
      goal: draw(pair[side].firstToken, pair[side].ids.length),
    })),
  );
const drawn = { positive: tokenPairs("chosen"), negative: tokenPairs("rejected") };

let session: TrainingSession;
let scoring: RewardModel;
beforeAll(async () => {
  const model = await openModel(await Checkpoint.open(checkpoint));
  session = await TrainingSession.create(model, settings, "cpu", 1);
  scoring = await RewardModel.load(model, cpu);
  return async () => {
    await session.release();
    await scoring.release();
  };
});

function step(rows: readonly PackedPair[]): Promise<BatchGradients> {
  const width = widthOf(rows);
  const places = (drawnPairs: readonly TokenPair[], isRejected: boolean): StatePairs => {
    const found = drawnPairs.flatMap(({ pair, source, goal }) => {
      const b = rows.findIndex((row) => row.pair === pair);
      const row = rows[b];
      if (!row) return [];
      const start = b * width;
      return [{ source: start + source, goal: start + (isRejected ? rejectedPlace(row, goal) : goal) }];
    });
    return { sources: found.map(({ source }) => source), goals: found.map(({ goal }) => goal) };
  };
  const states: SampledStates = {
    positive: places(drawn.positive, false),
    negative: places(drawn.negative, true),
  };
  return session.step(makeBatch(rows, states), () => 0);
}

/** Packs without a trunk, so that shared tokens are computed once for each side. */
function unshared(pair: (typeof pairs)[number]): PackedPair {
  return { pair, trunk: 0, length: pair.chosen.ids.length + pair.rejected.ids.length };
}

function expectSame(a: BatchGradients, b: BatchGradients): void {
  for (const part of ["loss", "rankingLoss", "contrastiveLoss", "lmLoss"] as const) {
    expect(a[part]).toBeGreaterThan(0);
    expect(a[part]).toBeCloseTo(b[part] ?? Number.NaN, 5);
  }
  expect(a.gradients.length).toBe(b.gradients.length);
  a.gradients.forEach((gradient, i) => {
    const other = b.gradients[i] ?? new Float32Array();
    const largest = gradient.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    const worst = gradient.reduce((most, x, k) => Math.max(most, Math.abs(x - (other[k] ?? Number.NaN))), 0);
    expect(largest).toBeGreaterThan(0);
    expect(worst / largest).toBeLessThan(2e-4);
  });
}

const packed = pairs.map((pair) => packPair(pair, true));

describe("losses, rewards and gradients are the same", () => {
  test("whether shared tokens are computed once or twice", async () => {
    expect(packed.map(({ trunk }) => trunk)).toEqual([6, 3, 8]);
    const [shared, alone] = [await step(packed), await step(pairs.map(unshared))];
    expectSame(shared, alone);
    shared.rewards?.forEach((reward, i) => {
      expect(reward).toBeCloseTo(alone.rewards?.[i] ?? Number.NaN, 4);
    });
  });

  test("in any order of rows", async () => {
    const [forwards, backwards] = [await step(packed), await step([...packed].reverse())];
    expectSame(forwards, backwards);
    const sides = Array.from(forwards.rewards ?? []);
    expect(sides.length).toBe(6);
    [sides.slice(4), sides.slice(2, 4), sides.slice(0, 2)].flat().forEach((reward, i) => {
      expect(backwards.rewards?.[i]).toBeCloseTo(reward, 4);
    });
  });

  test("with padding or without", async () => {
    const together = await step(packed);
    for (const [b, row] of packed.entries()) {
      const { rewards } = await step([row]);
      expect(rewards?.[0]).toBeCloseTo(together.rewards?.[2 * b] ?? Number.NaN, 4);
      expect(rewards?.[1]).toBeCloseTo(together.rewards?.[2 * b + 1] ?? Number.NaN, 4);
    }
  });
});

test("rewards of a packed batch equal those of scoring each completion alone", async () => {
  const { rewards } = await step(packed);
  const goals = { count: 0, data: new Float32Array() };
  for (const [b, { chosen, rejected }] of pairs.entries()) {
    for (const [side, { ids }] of [chosen, rejected].entries()) {
      const { partialReward } = await scoring.session.run([ids], goals, false);
      expect(rewards?.[2 * b + side]).toBeCloseTo(partialReward?.[ids.length - 1] ?? Number.NaN, 4);
    }
  }
});

test("an evaluation has the losses of a step and changes nothing", async () => {
  const batch = makeBatch(packed, {
    positive: { sources: [4], goals: [5] },
    negative: { sources: [4], goals: [9] },
  });
  const before = session.tensors.map(({ data }) => data.slice());
  const [evaluated, stepped] = [await session.evaluate(batch), await session.step(batch, () => 0)];
  expect(evaluated.loss).toBeCloseTo(stepped.loss, 5);
  expect(evaluated.contrastiveLoss).toBeCloseTo(stepped.contrastiveLoss ?? Number.NaN, 5);
  expect(session.tensors.map(({ data }) => data)).toEqual(before);
});
