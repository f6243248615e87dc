import { expect, test } from "vitest";
import {
  partialAuroc,
  partialRewards,
  partialShares,
  partialToken,
} from "../../../../extension/engine/evaluation/partial";
import { reference } from "./reference";

test("AUROC by share of the completion is what the paper's rule gives in Python", () => {
  const { labels, tokens, aurocs } = reference.partial;
  const completions = tokens.map((row, i) => ({
    label: labels[i] === true,
    rewards: partialRewards(row) ?? [],
  }));
  const found = partialAuroc(completions);
  expect(found.map(({ share }) => share)).toEqual([...partialShares]);
  found.forEach(({ auroc }, i) => {
    expect(auroc).toBeCloseTo(aurocs[i] ?? Number.NaN, 12);
  });
});

test("the first token counts as 0% of the completion, and the last as 100%", () => {
  expect([0, 0.1, 0.5, 1].map((share) => partialToken(10, share))).toEqual([0, 0, 4, 9]);
  expect(partialToken(1, 1)).toBe(0);
  expect(partialRewards([5])).toEqual(Array(11).fill(5));
});

test("completions without tokens, or with a reward wanted that is no number, have no partial rewards", () => {
  expect(partialRewards([])).toBeUndefined();
  expect(partialRewards([1, Number.NaN])).toBeUndefined();
});
