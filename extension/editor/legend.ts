/** How to read the shading, as Markdown for tooltips. Pure. */
import { buckets, middle } from "../tokens/colour";
import { type Metric, metricNames, type Scale } from "../tokens/metric";
import type { Granularity } from "../tokens/units";
import { short } from "../tokens/wording";
import { literal } from "./literal-markdown";
import type { Shading } from "./settings";
import { bucketColour } from "./theme-colours";

export interface LegendOptions {
  readonly metric: Metric;
  readonly granularity: Granularity;
  readonly shading: Shading;
  readonly scale: Scale;
  /** undefined: the model has none. */
  readonly goal: string | undefined;
}

const shadingNames: Readonly<Record<Shading, string>> = {
  low: "only what is below the threshold is shaded",
  heat: "everything is shaded",
  off: "shading is off",
};

/** Needs `supportHtml`. Of HTML, VS Code's tooltips take spans with colours, and nothing else. */
export function legend({ metric, granularity, shading, scale, goal }: LegendOptions): string {
  const ofGoal = goal === undefined || metric === "partial-reward" ? "" : ` for goal ${literal(goal)}`;
  return [
    `**${metricNames[metric]}**${ofGoal}, by ${granularity}`,
    swatches(scale),
    `Underlined below ${short(scale.threshold)}; ${shadingNames[shading]}.`,
  ].join("\n\n");
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
      const variable = `--vscode-${bucketColour(bucket).replace(".", "-")}`;
      return `<span style="background-color:var(${variable});">&nbsp;${short(value)}&nbsp;</span>`;
    })
    .join("");
}
