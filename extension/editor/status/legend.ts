/** How to read the shading, as Markdown for tooltips. Pure. */

import { buckets, middle } from "../../display/color";
import { metricNames, type Scale } from "../../display/metric";
import { short } from "../../display/wording";
import type { Shading } from "../../platform/setting-values";
import type { Granularity, Metric } from "../../protocol/choices";
import { literal } from "../annotations/literal-markdown";
import { bucketColor } from "../annotations/shading/theme-colors";

export interface LegendOptions {
  readonly metric: Metric;
  readonly granularity: Granularity;
  readonly shading: Shading;
  readonly scale: Scale;
  /** undefined: the model has none. */
  readonly goal: string | undefined;
  /** Themes of high contrast have lines in the place of colors. */
  readonly isHighContrast: boolean;
}

const shadingNames: Readonly<Record<Shading, string>> = {
  low: "Only what is below the threshold is shaded",
  heat: "Everything is shaded",
  off: "Shading is off",
};

/** Needs `supportHtml`. Of HTML, VS Code's tooltips take spans with colors, and nothing else. */
export function legend(options: LegendOptions): string {
  const { metric, granularity, shading, scale, goal, isHighContrast } = options;
  const ofGoal = goal === undefined || metric === "partial-reward" ? "" : ` for goal ${literal(goal)}`;
  return [
    `**${metricNames[metric]}**${ofGoal}, by ${granularity}`,
    ...(isHighContrast ? [lines(scale)] : [swatches(scale), `Underlined below ${short(scale.threshold)}.`]),
    `${shadingNames[shading]}.`,
  ].join("\n\n");
}

function lines({ threshold }: Scale): string {
  return `A line under what is below ${short(threshold)}, dots under what is above; thicker farther from it.`;
}

function swatches({ low, threshold, high }: Scale): string {
  const highest = buckets - 1;
  const stops: readonly (readonly [bucket: number, value: number])[] = [
    [0, low],
    [middle / 2, (low + threshold) / 2],
    [middle, threshold],
    [middle + middle / 2, (threshold + high) / 2],
    [highest, high],
  ];
  return stops
    .map(([bucket, value]) => {
      const variable = `--vscode-${bucketColor(bucket).replace(".", "-")}`;
      return `<span style="background-color:var(${variable});">&nbsp;${short(value)}&nbsp;</span>`;
    })
    .join("");
}
