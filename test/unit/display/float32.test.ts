/** Numbers in files identify their float32 with as few digits as possible. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { shortestFloat32, shortestOrNull } from "../../../extension/display/float32";
import { scoredJson } from "../../../extension/display/scored-json";
import { scored, tokensAt } from "../../support/scores";

const float = fc.float({ noNaN: true, noDefaultInfinity: true });

describe("the shortest decimal of a float32", () => {
  test("restores it, bit for bit", () => {
    fc.assert(
      fc.property(float, (value) => {
        expect(Math.fround(shortestFloat32(value))).toBe(value);
      }),
    );
  });

  test("has no unnecessary digit", () => {
    fc.assert(
      fc.property(float, (value) => {
        const digits = shortestFloat32(value)
          .toExponential()
          .replace(/e.*|\D/g, "").length;
        if (digits > 1) expect(Math.fround(Number(value.toPrecision(digits - 1)))).not.toBe(value);
      }),
    );
  });

  test.each([0.1, -0.35, 1e-40, 16777216, 3.4028235e38, 0.30000001, 1 / 3])("reads %s", (value) => {
    const float32 = Math.fround(value);
    expect(String(shortestFloat32(float32)).length).toBeLessThanOrEqual(String(float32).length);
    expect(Math.fround(shortestFloat32(float32))).toBe(float32);
  });

  test("distinguishes neighbors that seven digits do not", () => {
    const neighbors = new Float32Array(new Int32Array([0x3f7ffffe, 0x3f7fffff]).buffer);
    const [a = 0, b = 0] = neighbors;
    expect(shortestFloat32(a)).not.toBe(shortestFloat32(b));
    expect(shortestOrNull(Number.NaN)).toBeNull();
    expect(shortestOrNull(undefined)).toBeNull();
  });
});

test("a scored completion is written with or without numbers per token", () => {
  const completion = scored({
    reward: Math.fround(0.1),
    q: { good: { min: Math.fround(-0.7), mean: null, last: Math.fround(0.2) } },
    tokens: 2,
    tokenScores: {
      ...tokensAt([0, 2, -0.7], [2, 2, null]),
      ids: Int32Array.of(5, 6),
      ownTexts: { 6: "<eos>" },
    },
  });
  const written = {
    row: 0,
    role: "completion",
    reward: 0.1,
    rewardToken: 1,
    q: { good: { min: -0.7, mean: null, last: 0.2 } },
    tokens: 2,
    truncated: 0,
    warnings: [],
  };
  expect(scoredJson(completion, undefined)).toEqual(written);
  expect(JSON.parse(JSON.stringify(scoredJson(completion, "no")))).toEqual({
    ...written,
    tokenScores: [
      { id: 5, text: "no", start: 0, end: 2, q: { good: -0.7 }, partialReward: null },
      { id: 6, text: "<eos>", start: 2, end: 2, q: { good: null }, partialReward: null },
    ],
  });
});
