import { expect, test } from "vitest";
import { type LegendOptions, legend } from "../../../../extension/editor/status/legend";

const scale = { low: -1, threshold: -0.2, high: 1 };
const options: LegendOptions = {
  metric: "q",
  granularity: "token",
  shading: "heat",
  scale,
  colors: "full",
  goal: "g",
  isHighContrast: false,
};
/** The only HTML that VS Code's Markdown renderer keeps in tooltips. */
const allowed = /^background-color:var\(--vscode(-[a-zA-Z0-9]+)+\);$/;

test("the legend says metric, goal state, granularity, threshold and mode", () => {
  const text = legend({ ...options, granularity: "word", shading: "low", goal: "preferred" });
  expect(text).toContain("**Q-value** for goal preferred, by word");
  expect(text).toContain("Underlined below −0.2.\n\nOnly what is below the threshold is shaded.");
});

test("in high contrast it describes lines instead of colors", () => {
  const text = legend({ ...options, isHighContrast: true });
  expect(text).toContain("A line under what is below −0.2, dots under what is above");
  expect(text).not.toContain("<span");
});

test("five swatches span the scale in the theme's colors", () => {
  const text = legend(options);
  const swatches = [...text.matchAll(/<span style="([^"]*)">&nbsp;([^&]*)&nbsp;<\/span>/g)];
  expect(swatches.map(([, , value]) => value)).toEqual(["−1", "−0.6", "−0.2", "0.4", "1"]);
  for (const [, style] of swatches) expect(style).toMatch(allowed);
  expect(swatches[0]?.[1]).toContain("--vscode-rewardInspector-token0)");
});

test("a goal state is named only if it matters, as literal text", () => {
  const partial = legend({ ...options, metric: "partial-reward" });
  expect(partial).not.toContain("goal");
  const hostile = legend({ ...options, goal: "<img src=x>" });
  expect(hostile).not.toContain("<img");
});

test("colors that span a row's range have no values", () => {
  const text = legend({ ...options, colors: "range" });
  expect(text).toContain("Colors span only the range of each row");
  expect(text).toContain("its lowest");
  expect(text.match(/<span/g)).toHaveLength(3);
  expect(text).toContain("Underlined below −0.2");
});
