import { expect, test } from "vitest";
import type { Side } from "../../../../../extension/protocol/panels/compare";
import { lackOfGoal } from "../../../../../webview/compare/view/lack-of-goal";

const side = (tokens: number, goal: string): Side => ({
  ...{ label: "", model: "", text: "a", reward: 0, percentile: null, truncated: 0, steps: [], warnings: [] },
  tokens: {
    ids: new Int32Array(tokens),
    starts: new Int32Array(tokens),
    ends: new Int32Array(tokens),
    q: { [goal]: new Float32Array(tokens) },
    ownTexts: {},
  },
});

test("a model without the goal state says so", () => {
  expect(lackOfGoal(side(1, "mine"), "mine")).toEqual([]);
  expect(lackOfGoal(side(1, "mine"), "")).toEqual([]);
  expect(lackOfGoal(side(0, "mine"), "preferred")).toEqual([]);
  expect(lackOfGoal(side(1, "mine"), "preferred")).toEqual([
    "this model has no goal state preferred, so it has no Q-values for it",
  ]);
});
