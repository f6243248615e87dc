import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { auroc, RankedRewards, withinGroups } from "../../../../extension/engine/evaluation/auroc";
import { reference } from "./reference";

/** Few values, so that there are ties. */
const rewards = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 30 });

describe("AUROC", () => {
  test.each(reference.auroc)(
    "$rewards.length rewards as scikit-learn has it",
    ({ labels, rewards, ...expected }) => {
      const of = (wanted: boolean) => rewards.filter((_, i) => labels[i] === wanted);
      expect(auroc(of(true), of(false))).toBeCloseTo(expected.auroc, 12);
      const ranked = new RankedRewards(
        rewards.map((reward, prompt) => ({ reward, label: labels[prompt] === true, prompt })),
      );
      expect(ranked.auroc(expected.weights)).toBeCloseTo(expected.weighted, 12);
    },
  );

  test("of a class without members is undefined", () => {
    expect(auroc([], [1])).toBeUndefined();
    expect(auroc([1], [])).toBeUndefined();
    expect(auroc([], [])).toBeUndefined();
  });

  test("is the share of right-wrong pairs ranked right, ties half", () => {
    fc.assert(
      fc.property(rewards, rewards, (right, wrong) => {
        const wins = right.flatMap((r) => wrong.map((w) => (r > w ? 1 : r === w ? 0.5 : 0) as number));
        const share = wins.reduce((total, win) => total + win, 0) / wins.length;
        expect(auroc(right, wrong)).toBeCloseTo(share, 12);
      }),
    );
  });

  test("does not change under a monotone map, and turns round when the labels swap", () => {
    fc.assert(
      fc.property(rewards, rewards, (right, wrong) => {
        const value = auroc(right, wrong) ?? Number.NaN;
        const map = (reward: number) => Math.exp(reward / 2) - 3;
        expect(auroc(right.map(map), wrong.map(map))).toBe(value);
        expect(auroc(wrong, right)).toBeCloseTo(1 - value, 12);
      }),
    );
  });

  test("of 200,000 rewards is quick", () => {
    const many = Array.from({ length: 100_000 }, (_, i) => (i * 7919) % 100_003);
    const start = performance.now();
    expect(auroc(many, many)).toBe(0.5);
    expect(performance.now() - start).toBeLessThan(3000);
  });
});

describe("AUROC within groups", () => {
  test("is the mean over groups with both classes, as scikit-learn's numbers give it", () => {
    const { labels, rewards, groups, ...expected } = reference.groups;
    const rows = rewards.map((reward, i) => ({
      reward,
      label: labels[i] === true,
      group: groups[i] ?? "",
    }));
    const found = withinGroups(rows);
    expect(found.auroc).toBeCloseTo(expected.auroc, 12);
    expect(found.groups).toBe(expected.count);
  });

  test("does not see that one group has higher rewards than another", () => {
    const row = (group: string, label: boolean, reward: number) => ({ group, label, reward });
    const rows = [row("a", true, 1), row("a", false, 0), row("b", true, 11), row("b", false, 10)];
    const shifted = rows.map((r) => (r.group === "b" ? { ...r, reward: r.reward - 100 } : r));
    expect(withinGroups(rows)).toEqual({ auroc: 1, groups: 2 });
    expect(withinGroups(shifted)).toEqual({ auroc: 1, groups: 2 });
    expect(withinGroups(rows.filter(({ label }) => label))).toEqual({ auroc: undefined, groups: 0 });
  });
});
