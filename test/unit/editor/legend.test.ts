import { expect, test } from "vitest";
import { legend } from "../../../extension/editor/legend";

const scale = { low: -1, threshold: -0.2, high: 1 };
/** The only HTML that VS Code's tooltips let through, from its Markdown renderer. */
const allowed = /^background-color:var\(--vscode(-[a-zA-Z0-9]+)+\);$/;

test("the legend says metric, goal state, granularity, threshold and mode", () => {
  const text = legend({ metric: "q", granularity: "word", shading: "low", scale, goal: "preferred" });
  expect(text).toContain("**Q-value** for goal preferred, by word");
  expect(text).toContain("Underlined below −0.2; only what is below the threshold is shaded.");
});

test("five swatches span the scale in the theme's colours", () => {
  const text = legend({ metric: "q", granularity: "token", shading: "heat", scale, goal: "g" });
  const swatches = [...text.matchAll(/<span style="([^"]*)">&nbsp;([^&]*)&nbsp;<\/span>/g)];
  expect(swatches.map(([, , value]) => value)).toEqual(["−1", "−0.6", "−0.2", "0.4", "1"]);
  for (const [, style] of swatches) expect(style).toMatch(allowed);
  expect(swatches[0]?.[1]).toContain("--vscode-rewardLens-token0)");
});

test("a goal state is named only where it counts, and as text", () => {
  const partial = legend({
    metric: "partial-reward",
    granularity: "token",
    shading: "off",
    scale,
    goal: "g",
  });
  expect(partial).not.toContain("goal");
  const hostile = legend({ metric: "q", granularity: "token", shading: "off", scale, goal: "<img src=x>" });
  expect(hostile).not.toContain("<img");
});
