/** CSS rules for the colors of the 21 buckets, computed for the current theme. */
import { buckets, middle, strengthOf } from "../../../extension/display/color";
import { css, strongestFill } from "../contrast";
import type { Theme } from "../theme";

/** Maximum alpha of a fill: stronger fills hide the color of the text. */
const limit = 0.6;

/** Fill of a bucket, on which text in the foreground color keeps its contrast (see `strongestFill`). */
export function bucketFill(bucket: number, theme: Theme): string {
  const color = bucket < middle ? theme.low : theme.high;
  const strongest = strongestFill(theme.foreground, theme.card, color, limit);
  return css(color, strongest * strengthOf(bucket) ** 1.2);
}

/**
 * Rules for `[data-bucket]`, and for `.low`, which is underlined so that color is never the only sign. High-contrast
 * themes use a line under the text instead of a faint fill: solid below the threshold, dotted above, and thicker the
 * stronger the value.
 */
export function shadingRules(theme: Theme): string {
  const rules = Array.from({ length: buckets }, (_, bucket) =>
    theme.isHighContrast ? lineRule(bucket, theme) : fillRule(bucket, theme),
  );
  const low = [`.low{border-bottom-color:${css(theme.low)}}`];
  // The color of the line shows the bucket, and its style shows whether the unit is low.
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
