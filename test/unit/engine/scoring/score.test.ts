/** From what a session gives to the scores of a completion. */

import { describe, expect, test } from "vitest";
import { listedTokens } from "../../../../extension/display/token-list";
import type { EncodedCompletion } from "../../../../extension/engine/scoring/encode";
import { completionScores, Goals, scoreBatch } from "../../../../extension/engine/scoring/score";
import { eosId, fakeModel, mixed } from "../../../support/fake-model";

const good = { name: "good", prototypes: 1, data: Float32Array.of(1, 2) };
const many = { name: "many", prototypes: 2, data: Float32Array.of(3, 4, 5, 6) };

/** Two tokens of prompt, the letters given, and the end-of-sequence token. */
function encoded(text: string, changed: Partial<EncodedCompletion> = {}): EncodedCompletion {
  const starts = Int32Array.from({ length: text.length + 1 }, (_, i) => i);
  return {
    ids: Int32Array.from([112, 112, ...Array.from(text, (letter) => letter.charCodeAt(0)), eosId]),
    firstToken: 2,
    rewardToken: text.length + 2,
    starts,
    ends: starts.map((start) => Math.min(start + 1, text.length)),
    text,
    truncated: 0,
    warnings: [],
    ...changed,
  };
}

/** Scores of "ab" whose tokens, from the first of the prompt on, have these Q-values and partial rewards. */
function scoresOf(
  q: readonly number[],
  rewards: readonly number[] | undefined,
  goals = new Goals([good], 2),
  completion = encoded("ab"),
) {
  const sequence = { q: Float32Array.from(q), partialReward: rewards && Float32Array.from(rewards) };
  return completionScores(fakeModel().model, completion, sequence, goals, true);
}

/** Token by token, as a reader sees them. */
function listed({ tokenScores }: ReturnType<typeof scoresOf>, text = "ab") {
  return tokenScores ? listedTokens(tokenScores, text) : [];
}

describe("goal states", () => {
  test("are stacked in their order, prototype by prototype", () => {
    const goals = new Goals([good, many], 2);
    expect(goals.names).toEqual(["good", "many"]);
    expect(goals.matrix).toEqual({ count: 3, data: Float32Array.of(1, 2, 3, 4, 5, 6) });
    expect(new Goals([], 2).matrix).toEqual({ count: 0, data: new Float32Array() });
  });

  test("of several prototypes are as near as the nearest of them", () => {
    const values = (...cosines: readonly number[]) =>
      new Goals([many, good], 2).columns(Float32Array.from(cosines));
    expect(values(0.25, 0.75, -0.5)).toEqual({ many: Float32Array.of(0.75), good: Float32Array.of(-0.5) });
    expect(values(-0.25, -0.75, 0.5)).toEqual({ many: Float32Array.of(-0.25), good: Float32Array.of(0.5) });
  });

  test("lead to NaN if a cosine is not a number", () => {
    expect(new Goals([many, good], 2).columns(Float32Array.of(0.5, Number.NaN, 1))).toEqual({
      many: Float32Array.of(Number.NaN),
      good: Float32Array.of(1),
    });
  });
});

describe("the scores of a completion", () => {
  test("have the reward of its last token, and Q over its own tokens without the prompt's", () => {
    expect(scoresOf([-1, -1, 0.5, -0.25, 1.25], [9, 9, 1, 2, 3])).toMatchObject({
      reward: 3,
      q: { good: { min: -0.25, mean: 0.5, last: 1.25 } },
      tokens: 3,
      truncated: 0,
      warnings: [],
    });
  });

  test("have each token's text, place, Q-values and partial reward", () => {
    expect(listed(scoresOf([0, 0, 0.5, -0.25, 0.75], [9, 9, 1, 2, 3]))).toEqual([
      { id: 97, text: "a", start: 0, end: 1, q: { good: 0.5 }, partialReward: 1 },
      { id: 98, text: "b", start: 1, end: 2, q: { good: -0.25 }, partialReward: 2 },
      { id: eosId, text: "<eos>", start: 2, end: 2, q: { good: 0.75 }, partialReward: 3 },
    ]);
  });

  test("of a model without a head have no rewards, which is nothing to warn of", () => {
    const scores = scoresOf([0, 0, 0.5, -0.25, 0.75], undefined);
    expect(scores).toMatchObject({ reward: null, warnings: [], q: { good: { last: 0.75 } } });
    expect(listed(scores).map(({ partialReward }) => partialReward)).toEqual([null, null, null]);
  });

  test("without goal states have no Q-values", () => {
    const scores = scoresOf([], [9, 9, 1, 2, 3], new Goals([], 2));
    expect(scores).toMatchObject({ reward: 3, q: {}, tokens: 3, warnings: [] });
    expect(listed(scores).map(({ q }) => q)).toEqual([{}, {}, {}]);
  });

  test("that are not numbers are null, left out of the mean and the minimum, and told", () => {
    const scores = scoresOf([0, 0, Number.NaN, -0.25, 0.75], [9, 9, 1, Number.POSITIVE_INFINITY, Number.NaN]);
    expect(scores).toMatchObject({
      reward: null,
      q: { good: { min: -0.25, mean: 0.25, last: 0.75 } },
      warnings: [{ kind: "nan", tokens: 3 }],
    });
    expect(listed(scores).map(({ q, partialReward }) => [q.good, partialReward])).toEqual([
      [null, 1],
      [-0.25, null],
      [0.75, null],
    ]);
  });

  test("of which none is a number have neither mean nor minimum", () => {
    const nan = Number.NaN;
    expect(scoresOf([0, 0, nan, nan, nan], [9, 9, 1, 2, 3])).toMatchObject({
      reward: 3,
      q: { good: { min: null, mean: null, last: null } },
      warnings: [{ kind: "nan", tokens: 3 }],
    });
    expect(scoresOf([0, 0, 1, 0.5, nan], [9, 9, 1, 2, 3]).q).toEqual({
      good: { min: 0.5, mean: 0.75, last: null },
    });
  });

  test("of what is not the completion's own are not told as no numbers", () => {
    const scores = scoresOf([Number.NaN, 0, 0.5, 0.5, 0.5], [Number.NaN, 9, 1, 2, 3]);
    expect(scores.warnings).toEqual([]);
  });

  test("keep the warnings of its encoding, before their own", () => {
    const completion = encoded("ab", { truncated: 4, warnings: [{ kind: "truncated", tokens: 4 }] });
    const scores = scoresOf([0, 0, 1, 1, 1], [9, 9, 1, 2, Number.NaN], undefined, completion);
    expect(scores.truncated).toBe(4);
    expect(scores.warnings).toEqual([
      { kind: "truncated", tokens: 4 },
      { kind: "nan", tokens: 1 },
    ]);
  });

  test("have the reward of the last token even if truncation left nothing of the completion", () => {
    const cut = {
      ids: Int32Array.of(112, 112),
      firstToken: 2,
      rewardToken: 1,
      starts: new Int32Array(),
      ends: new Int32Array(),
    };
    expect(scoresOf([1, 1], [8, 9], undefined, encoded("", cut))).toEqual({
      reward: 9,
      rewardToken: null,
      q: { good: { min: null, mean: null, last: 1 } },
      tokens: 0,
      truncated: 0,
      warnings: [],
      tokenScores: {
        ids: new Int32Array(),
        starts: new Int32Array(),
        ends: new Int32Array(),
        partialRewards: new Float32Array(),
        q: { good: new Float32Array() },
        ownTexts: {},
      },
    });
  });

  test("of an empty sequence have no reward", () => {
    const none = { ids: new Int32Array(), firstToken: 0, starts: new Int32Array(), ends: new Int32Array() };
    expect(scoresOf([], [], undefined, encoded("", none)).reward).toBeNull();
  });

  test("are float32 values in full precision", () => {
    expect(scoresOf([0, 0, 0.1, 0.1, 0.1], [9, 9, 1, 2, 12.345678])).toMatchObject({
      reward: Math.fround(12.345678),
      q: { good: { min: Math.fround(0.1), last: Math.fround(0.1) } },
    });
  });
});

test("completions of a batch have their own scores, whatever their lengths", async () => {
  const { model } = fakeModel();
  const batch = [encoded("abc"), encoded("x"), encoded("abd")];
  const scores = await scoreBatch(model, batch, new Goals([good, many], 2), false);
  expect(scores.map(({ reward }) => reward)).toEqual(batch.map(({ ids }) => mixed([...ids])));
  expect(scores.map(({ tokens }) => tokens)).toEqual([4, 2, 4]);
  expect(scores[0]).not.toHaveProperty("tokenScores");
  const q = (ids: readonly number[], goal: number): number => ((mixed(ids) + 5 * goal) % 64) / 64;
  batch.forEach(({ ids, firstToken }, i) => {
    const prefixes = Array.from(ids, (_, t) => [...ids.subarray(0, t + 1)]).slice(firstToken);
    const one = prefixes.map((prefix) => q(prefix, 0));
    const nearest = prefixes.map((prefix) => Math.max(q(prefix, 1), q(prefix, 2)));
    expect(scores[i]?.q).toMatchObject({
      good: { min: Math.min(...one), last: one.at(-1) },
      many: { min: Math.min(...nearest), last: nearest.at(-1) },
    });
  });
  for (const { warnings, q } of scores) {
    expect(warnings).toEqual([]);
    expect(Object.keys(q)).toEqual(["good", "many"]);
  }
});
