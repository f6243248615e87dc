/** What the chart draws: one curve per completion. Pure. */
import { metricNames, type Scale } from "../../../extension/display/metric";
import { count, decimal } from "../../../extension/display/wording";
import type { Metric } from "../../../extension/protocol/choices";
import type { ShadedText } from "../../shared/strip/shaded-text";

export interface Curve {
  readonly label: string;
  /** One value per token. */
  readonly values: readonly (number | undefined)[];
}

export interface Curves {
  readonly metric: Metric;
  readonly scale: Scale;
  readonly curves: readonly Curve[];
  /** A preference pair is drawn in the colors of the scale, other completions in neutral ones. */
  readonly isPair: boolean;
  /** Index of the first token that the completions do not share. */
  readonly divergence: number | undefined;
  /** Number of leading tokens at which the curves coincide. */
  readonly shared: number;
}

/** Values closer than this cannot be told apart on a screen. */
const visible = 0.005;

export function curvesOf(
  texts: readonly ShadedText[],
  divergence: number | undefined,
  isPair: boolean,
): Curves | undefined {
  const [first, second] = texts;
  if (!first) return undefined;
  return {
    metric: first.display.metric,
    scale: first.scale,
    curves: texts.map(({ side, values }) => ({ label: side.label, values })),
    isPair,
    divergence,
    shared: second ? sharedStart(first.values, second.values) : 0,
  };
}

function sharedStart(a: readonly (number | undefined)[], b: readonly (number | undefined)[]): number {
  const end = Math.min(a.length, b.length);
  let i = 0;
  while (i < end && Math.abs((a[i] ?? 0) - (b[i] ?? 0)) < visible) i++;
  return i;
}

/** A description of the chart for screen readers. */
export function curvesSentence({ metric, scale, curves }: Curves): string {
  const parts = curves.map(({ label, values }) => {
    const known = values.filter((value) => value !== undefined);
    if (known.length === 0) return `${label}: no values`;
    const lowest = known.reduce((a, b) => Math.min(a, b));
    const place = values.indexOf(lowest) + 1;
    const [start = 0, end = 0] = [known[0], known.at(-1)];
    return `${label}: from ${decimal(start)} to ${decimal(end)} over ${count(values.length, "token")}, lowest ${decimal(lowest)} at token ${place}`;
  });
  return `${metricNames[metric]} by token. ${parts.join(". ")}. Threshold ${decimal(scale.threshold)}.`;
}

/** Whether the curves and the axes are the same; the thresholds may differ. */
export function isSamePlot(a: Curves, b: Curves): boolean {
  const [one, other] = [boundsOf(a), boundsOf(b)];
  return (
    a.metric === b.metric &&
    a.curves.length === b.curves.length &&
    a.curves.every(({ values }, i) => values === b.curves[i]?.values) &&
    one.min === other.min &&
    one.max === other.max
  );
}

/** Bounds of the value axis: the full scale extended to all values, or the range of the values only. */
export function boundsOf({ metric, scale, curves }: Curves): { readonly min: number; readonly max: number } {
  if (scale.middle !== undefined) {
    const pad = (scale.high - scale.low) / 20;
    return { min: scale.low - pad, max: scale.high + pad };
  }
  if (metric === "q") return { min: -1, max: 1 };
  const all = curves.flatMap(({ values }) => values.filter((value) => value !== undefined));
  const bounds = all.reduce((a, value) => ({ min: Math.min(a.min, value), max: Math.max(a.max, value) }), {
    min: scale.low,
    max: scale.high,
  });
  return { min: Math.floor(bounds.min * 2) / 2, max: Math.ceil(bounds.max * 2) / 2 };
}
