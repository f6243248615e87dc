/** Values, units and texts derived from the columns of token scores. */
import { describe, expect, test } from "vitest";
import { metricValues } from "../../../extension/display/metric";
import { divergence } from "../../../extension/display/spans";
import { listedToken } from "../../../extension/display/token-list";
import { unitsOf } from "../../../extension/display/units";
import { tokensAt } from "../../support/scores";

const tokens = {
  ...tokensAt([0, 2, 0.5], [2, 4, -0.25], [4, 4, null], [4, 4, 1]),
  partialRewards: Float32Array.of(1, 2, Number.NaN, 4),
};

describe("values by metric", () => {
  test.each([
    ["q", "good", [0.5, -0.25, undefined, 1]],
    ["q", "bad", [undefined, undefined, undefined, undefined]],
    ["q", undefined, [undefined, undefined, undefined, undefined]],
    ["q-change", "good", [undefined, -0.75, undefined, undefined]],
    ["partial-reward", undefined, [1, 2, undefined, 4]],
  ] as const)("%s for goal %s", (metric, goal, values) => {
    expect(metricValues(tokens, metric, goal)).toEqual(values);
  });
});

test("tokens of the text are units, tokens added after it are not", () => {
  const values = metricValues(tokens, "q", "good");
  expect(unitsOf("no 3", tokens, values, { granularity: "token" })).toEqual([
    { start: 0, end: 2, firstToken: 0, lastToken: 0, value: 0.5 },
    { start: 2, end: 4, firstToken: 1, lastToken: 1, value: -0.25 },
  ]);
});

test("two completions diverge at the first id that differs", () => {
  expect(divergence(Int32Array.of(1, 2, 3), Int32Array.of(1, 2, 4))).toBe(2);
  expect(divergence(Int32Array.of(1, 2), Int32Array.of(1, 2, 4))).toBe(2);
  expect(divergence(Int32Array.of(1, 2), Int32Array.of(1, 2))).toBeUndefined();
  expect(divergence(Int32Array.of(), Int32Array.of(1))).toBeUndefined();
});

test("a token after the last one is a RangeError", () => {
  expect(() => listedToken(tokens, "no 3", 4)).toThrow(RangeError);
});
