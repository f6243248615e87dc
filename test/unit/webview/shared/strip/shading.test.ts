import { expect, test } from "vitest";
import { buckets, middle } from "../../../../../extension/display/color";
import { blend, contrast, type Rgb } from "../../../../../webview/shared/contrast";
import { bucketFill, shadingRules } from "../../../../../webview/shared/strip/shading";
import type { Theme } from "../../../../../webview/shared/theme";

const gray = (level: number): Rgb => ({ r: level, g: level, b: level });
const dark: Theme = {
  isHighContrast: false,
  background: gray(31),
  card: gray(24),
  foreground: gray(204),
  dim: gray(157),
  line: gray(60),
  low: { r: 244, g: 93, b: 72 },
  high: { r: 77, g: 148, b: 255 },
  good: { r: 137, g: 209, b: 133 },
  first: { r: 55, g: 148, b: 255 },
  second: { r: 204, g: 167, b: 0 },
  font: "sans-serif",
  monoFont: "monospace",
};

/** Alpha of `rgb(r g b / alpha)`. */
const alphaOf = (fill: string): number => Number(/\/ ([\d.]+)\)/.exec(fill)?.[1] ?? 1);

test("fills are red below the middle, blue above, stronger to both ends, none in the middle", () => {
  const fills = Array.from({ length: buckets }, (_, bucket) => bucketFill(bucket, dark));
  expect(fills.slice(0, middle).every((fill) => fill.startsWith("rgb(244 93 72 /"))).toBe(true);
  expect(fills.slice(middle).every((fill) => fill.startsWith("rgb(77 148 255 /"))).toBe(true);
  const alphas = fills.map(alphaOf);
  expect(alphas[middle]).toBe(0);
  for (let i = middle; i + 1 < buckets; i++) {
    expect(alphas[i + 1]).toBeGreaterThan(alphas[i] ?? 1);
    expect(alphas[2 * middle - i - 1]).toBeGreaterThan(alphas[2 * middle - i] ?? 1);
  }
});

test("text is readable on the strongest fills", () => {
  for (const [bucket, color] of [
    [0, dark.low],
    [buckets - 1, dark.high],
  ] as const) {
    const ground = blend(color, alphaOf(bucketFill(bucket, dark)), dark.card);
    expect(contrast(dark.foreground, ground)).toBeGreaterThanOrEqual(4.5);
  }
});

test("every bucket has a rule, and low is underlined", () => {
  const rules = shadingRules(dark).split("\n");
  expect(rules).toHaveLength(buckets + 1);
  rules.slice(0, buckets).forEach((rule, bucket) => {
    expect(rule).toContain(`[data-bucket="${bucket}"]{background-color:`);
  });
  expect(rules.at(-1)).toBe(".low{border-bottom-color:rgb(244 93 72)}");
});

test("high contrast has lines under the text in place of fills", () => {
  const rules = shadingRules({ ...dark, isHighContrast: true });
  expect(rules).not.toMatch(/^\[data-bucket/m);
  expect(rules).toContain('.unit[data-bucket="0"]{border-bottom:3px dotted rgb(244 93 72)}');
  expect(rules).toContain('.unit[data-bucket="9"]{border-bottom:1px dotted rgb(244 93 72)}');
  expect(rules).toContain('.unit[data-bucket="20"]{border-bottom:2px dotted rgb(77 148 255)}');
  expect(rules.endsWith(".unit.low{border-bottom-style:solid}")).toBe(true);
  expect(rules).toContain('.swatch[data-bucket="20"]{background-color:rgb(77 148 255)}');
});
