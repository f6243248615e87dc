/** Explains the shading, as Markdown for tooltips. Pure. */
import { buckets, middle } from "../../display/color";
import { metricNames, type Scale } from "../../display/metric";
import { short } from "../../display/wording";
import type { Shading } from "../../platform/settings/setting-values";
import type { ColorScale, Granularity, Metric } from "../../protocol/choices";
import { literal } from "../annotations/literal-markdown";
import { bucketColor } from "../annotations/shading/theme-colors";

export interface LegendOptions {
  readonly metric: Metric;
  readonly granularity: Granularity;
  readonly shading: Shading;
  readonly scale: Scale;
  readonly colors: ColorScale;
  /** Goal state of the Q-values; undefined if the model has none. */
  readonly goal: string | undefined;
  /** Whether the theme has high contrast, and so lines instead of colors. */
  readonly isHighContrast: boolean;
}

const shadingNames: Readonly<Record<Shading, string>> = {
  low: "Only what is below the threshold is shaded",
  heat: "Everything is shaded",
  off: "Shading is off",
};

/** Returns Markdown that needs `supportHtml`; VS Code's tooltips accept only colored spans. */
export function legend(options: LegendOptions): string {
  const { metric, granularity, shading, scale, colors, goal, isHighContrast } = options;
  const ofGoal = goal === undefined || metric === "partial-reward" ? "" : ` for goal ${literal(goal)}`;
  return [
    `**${metricNames[metric]}**${ofGoal}, by ${granularity}`,
    ...(isHighContrast
      ? [lines(scale)]
      : [fills(scale, colors), `Underlined below ${short(scale.threshold)}.`]),
    `${shadingNames[shading]}.`,
  ].join("\n\n");
}

function lines({ threshold }: Scale): string {
  return `A line under what is below ${short(threshold)}, dots under what is above; thicker farther from it.`;
}

function fills({ low, threshold, high }: Scale, colors: ColorScale): string {
  const highest = buckets - 1;
  if (colors === "range")
    return `Colors span only the range of each row: ${swatches([
      [0, "its lowest"],
      [middle, ""],
      [highest, "its highest"],
    ])}`;
  return swatches([
    [0, short(low)],
    [middle / 2, short((low + threshold) / 2)],
    [middle, short(threshold)],
    [middle + middle / 2, short((threshold + high) / 2)],
    [highest, short(high)],
  ]);
}

function swatches(stops: readonly (readonly [bucket: number, text: string])[]): string {
  return stops
    .map(([bucket, text]) => {
      const variable = `--vscode-${bucketColor(bucket).replace(".", "-")}`;
      return `<span style="background-color:var(${variable});">&nbsp;${text}&nbsp;</span>`;
    })
    .join("");
}
