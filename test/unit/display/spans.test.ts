import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { divergence, lowSpans } from "../../../extension/display/spans";
import type { Unit } from "../../../extension/display/units";

const scale = { low: -1, threshold: 0, high: 1 };

/** Units of two tokens and four characters each. */
function units(...values: readonly (number | undefined)[]): Unit[] {
  return values.map((value, i) => ({
    start: 4 * i,
    end: 4 * i + 4,
    firstToken: 2 * i,
    lastToken: 2 * i + 1,
    value,
  }));
}

describe("low runs", () => {
  test("join units that follow one another, and keep the lowest value", () => {
    expect(lowSpans(units(0.5, -0.1, -0.7, -0.3, 0.2), scale)).toEqual([
      { start: 4, end: 16, firstToken: 2, lastToken: 7, lowest: -0.7 },
    ]);
  });

  test("are parted by a unit that is not low, or has no value", () => {
    const expected = [
      { start: 0, end: 4, firstToken: 0, lastToken: 1, lowest: -0.2 },
      { start: 8, end: 12, firstToken: 4, lastToken: 5, lowest: -0.4 },
    ];
    expect(lowSpans(units(-0.2, 0.1, -0.4), scale)).toEqual(expected);
    expect(lowSpans(units(-0.2, undefined, -0.4), scale)).toEqual(expected);
    expect(lowSpans(units(-0.2, 0, -0.4), scale)).toEqual(expected);
  });

  test("hold every low unit and no other, and never touch", () => {
    const value = fc.option(fc.integer({ min: -5, max: 5 }), { nil: undefined });
    fc.assert(
      fc.property(fc.array(value, { maxLength: 30 }), (values) => {
        const all = units(...values);
        const found = lowSpans(all, scale);
        for (const unit of all) {
          const holding = found.filter((run) => run.start <= unit.start && unit.end <= run.end);
          expect(holding).toHaveLength(unit.value !== undefined && unit.value < 0 ? 1 : 0);
        }
        found.slice(1).forEach((run, i) => {
          expect(run.start).toBeGreaterThan(found[i]?.end ?? Number.NaN);
        });
      }),
    );
  });

  test("are none without low units", () => {
    expect(lowSpans([], scale)).toEqual([]);
    expect(lowSpans(units(0, 0.4, undefined), scale)).toEqual([]);
  });

  test("follow the threshold of the scale", () => {
    expect(lowSpans(units(0.3, 0.1), { ...scale, threshold: 0.2 })).toMatchObject([
      { firstToken: 2, lowest: 0.1 },
    ]);
  });
});

const tokens = (...ids: readonly number[]) => Int32Array.from(ids);

describe("two completions part", () => {
  test("at the first token that differs", () => {
    expect(divergence(tokens(1, 2, 3), tokens(1, 5, 3))).toBe(1);
    expect(divergence(tokens(1, 2, 3), tokens(9, 2, 3))).toBe(0);
    expect(divergence(tokens(1, 2, 3), tokens(1, 2, 4))).toBe(2);
  });

  test("where the shorter one ends, if it begins the longer one", () => {
    expect(divergence(tokens(1, 2), tokens(1, 2, 3))).toBe(2);
    expect(divergence(tokens(1, 2, 3), tokens(1))).toBe(1);
  });

  test("nowhere if both are the same, or one has no tokens", () => {
    expect(divergence(tokens(1, 2), tokens(1, 2))).toBeUndefined();
    expect(divergence([], tokens(1))).toBeUndefined();
    expect(divergence(tokens(1), [])).toBeUndefined();
    expect(divergence([], [])).toBeUndefined();
  });
});
