/** The colors of the 21 buckets as CSS rules, made anew for every theme. */
import { buckets, middle, strengthOf } from "../../../extension/display/color";
import { css, strongestFill } from "../contrast";
import type { Theme } from "../theme";

/** Fills stronger than this hide the text's own color. */
const limit = 0.6;

/** Fill of a bucket; text in the foreground color keeps a contrast of 4.5 on it. */
export function bucketFill(bucket: number, theme: Theme): string {
  const color = bucket < middle ? theme.low : theme.high;
  const strongest = strongestFill(theme.foreground, theme.card, color, limit);
  return css(color, strongest * strengthOf(bucket) ** 1.2);
}

/**
 * Rules for `[data-bucket]`, and for `.low`, which is underlined: color is never the only sign. High contrast has no
 * faint fills: there a line under the text tells, solid below the threshold and dotted above, thicker with strength.
 */
export function shadingRules(theme: Theme): string {
  const rules = Array.from({ length: buckets }, (_, bucket) =>
    theme.isHighContrast ? lineRule(bucket, theme) : fillRule(bucket, theme),
  );
  const low = [`.low{border-bottom-color:${css(theme.low)}}`];
  // There the line's color tells the bucket, and its style what is low.
  if (theme.isHighContrast) low.push(".unit.low{border-bottom-style:solid}");
  return [...rules, ...low].join("\n");
}

function fillRule(bucket: number, theme: Theme): string {
  return `[data-bucket="${bucket}"]{background-color:${bucketFill(bucket, theme)}}`;
}

function lineRule(bucket: number, theme: Theme): string {
  const isLow = bucket < middle;
  const width = Math.ceil(strengthOf(bucket) * (isLow ? 3 : 2));
  const line = `${width}px dotted ${css(isLow ? theme.low : theme.high)}`;
  const swatch = `background-color:${css(isLow ? theme.low : theme.high, strengthOf(bucket))}`;
  return `.unit[data-bucket="${bucket}"]{border-bottom:${line}}\n.swatch[data-bucket="${bucket}"]{${swatch}}`;
}
