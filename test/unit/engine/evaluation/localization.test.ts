import { describe, expect, test } from "vitest";
import {
  firstLow,
  localization,
  type StepwiseTokens,
} from "../../../../extension/engine/evaluation/localization";
import { defaultLocalization } from "../../../../extension/protocol/evaluation";

/** Tokens of three characters each; steps start at 0, 9 and 18. */
function solution(q: readonly number[], firstWrong?: number): StepwiseTokens {
  return {
    q,
    starts: q.map((_, i) => 3 * i),
    ends: q.map((_, i) => 3 * i + 3),
    steps: [0, 9, 18],
    firstWrong,
  };
}

const rule = { threshold: 0, skip: 0 };
const high = [1, 1, 1, 1, 1, 1, 1, 1, 1];

function lowAt(...tokens: readonly number[]): number[] {
  return high.map((q, i) => (tokens.includes(i) ? -0.5 : q));
}

describe("the first low token", () => {
  test("is below the threshold and after the skipped tokens; NaN is not low", () => {
    expect(firstLow([-1, 0, Number.NaN, -0.1, -1], { threshold: 0, skip: 1 })).toBe(3);
    expect(firstLow([0.4, 0.2], { threshold: 0.3, skip: 0 })).toBe(1);
    expect(firstLow([0, Number.NaN], rule)).toBeUndefined();
    expect(firstLow([-1, -1, -1, -1, -1], defaultLocalization)).toBeUndefined();
    expect(firstLow([1, 1, 1, 1, 1, -1], defaultLocalization)).toBe(5);
  });

  test.each([
    [[3], "inside"],
    [[5, 8], "inside"],
    [[2, 4], "earlier"],
    [[6, 7], "later"],
    [[], "none"],
  ] as const)("at %o of a completion whose second step is wrong is %s", (tokens, place) => {
    const found = localization([solution(lowAt(...tokens), 1)], rule);
    const shares = { inside: 0, earlier: 0, later: 0, none: 0, [place]: 1 };
    expect(found).toMatchObject({ wrong: 1, right: 0, leftOut: 0, ...shares });
    expect(found.chance).toBeCloseTo(1 / 3, 12);
  });

  test("is in the wrong step if it reaches into it, or is between it and the next", () => {
    const tokens = { q: [1, -1, 1], starts: [0, 8, 10], ends: [8, 10, 20] };
    const steps = [0, 9, 15];
    expect(localization([{ ...tokens, steps, firstWrong: 1 }], rule).inside).toBe(1);
    const between = { q: [1, 1, -1, 1], starts: [0, 9, 17, 18], ends: [9, 17, 18, 20] };
    expect(localization([{ ...between, steps: [0, 9, 18], firstWrong: 1 }], rule).inside).toBe(1);
  });

  test.each([
    [5, "earlier"],
    [9, "inside"],
    [12, "inside"],
    [18, "later"],
  ] as const)("is at its offset if it has no text of its own: at %i %s", (at, place) => {
    const tokens = { q: [1, 1, 1, -1], starts: [0, 9, 18, at], ends: [9, 18, 20, at] };
    expect(localization([{ ...tokens, steps: [0, 9, 18], firstWrong: 1 }], rule)[place]).toBe(1);
  });

  test("is before the wrong step if it ends at the start of the step", () => {
    const tokens = { q: [1, -1, 1], starts: [0, 5, 9], ends: [5, 9, 12] };
    expect(localization([{ ...tokens, steps: [0, 9], firstWrong: 1 }], rule).earlier).toBe(1);
  });

  test("is not one whose Q-value is NaN, even if the threshold is above 0", () => {
    expect(firstLow([Number.NaN, 0.4], { threshold: 0.5, skip: 0 })).toBe(1);
  });

  test("may be the end-of-sequence token, which belongs to the last step", () => {
    const tokens = { q: [1, 1, -1], starts: [0, 9, 20], ends: [9, 20, 20] };
    expect(localization([{ ...tokens, steps: [0, 9], firstWrong: 1 }], rule).inside).toBe(1);
    expect(localization([{ ...tokens, steps: [0, 9], firstWrong: 0 }], rule).later).toBe(1);
  });
});

test("shares are of the wrong completions; right ones only raise false alarms", () => {
  const found = localization(
    [
      solution(lowAt(4), 1),
      solution(lowAt(0), 1),
      solution(lowAt(8), 0),
      solution(high, 2),
      solution(lowAt(1)),
      solution(high),
    ],
    rule,
  );
  expect(found).toMatchObject({ wrong: 4, inside: 0.25, earlier: 0.25, later: 0.25, none: 0.25 });
  expect(found).toMatchObject({ right: 2, alarms: 0.5, leftOut: 0 });
});

test("skipped tokens count neither as low nor for chance", () => {
  const found = localization([solution(lowAt(1, 7), 2)], { threshold: 0, skip: 5 });
  expect(found).toMatchObject({ inside: 1, chance: 0.75 });
});

test("completions cut off before the wrong step are left out", () => {
  const found = localization([solution([-1, 1, 1], 1)], rule);
  expect(found).toMatchObject({ wrong: 0, inside: undefined, none: undefined, leftOut: 1 });
});

test("without right completions there is no share of false alarms", () => {
  expect(localization([solution(high, 1)], rule)).toMatchObject({ right: 0, alarms: undefined });
  expect(localization([], rule)).toMatchObject({
    wrong: 0,
    chance: undefined,
    alarms: undefined,
    leftOut: 0,
  });
});
