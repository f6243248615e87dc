/** A completion read by the chosen metric, goal state, granularity and threshold. */
import { metricValues, type Scale, scaleOf, withinRange } from "../../display/metric";
import { type LowSpan, lowSpans } from "../../display/spans";
import { type Unit, unitsOf } from "../../display/units";
import type { Settings } from "../../platform/settings/setting-values";
import type { ScoredText } from "./scored-document";

/** The low spans of a completion. */
export interface LowReading {
  /** Goal state of the Q-values; undefined if the model has none. */
  readonly goal: string | undefined;
  readonly scale: Scale;
  readonly lowSpans: readonly LowSpan[];
}

export interface Reading extends LowReading {
  readonly units: readonly Unit[];
}

export type ReadingOptions = Pick<Settings, "metric" | "granularity" | "threshold" | "scale"> & {
  readonly goal: string | undefined;
  /** Percentiles 0, 5, …, 100 of the model's rewards, if they are known. */
  readonly rewardQuantiles?: readonly number[] | undefined;
};

export function readingOf(scored: ScoredText, options: ReadingOptions): Reading {
  const { metric, granularity, threshold, goal, rewardQuantiles } = options;
  const values = metricValues(scored.tokens, metric, goal);
  const full = scaleOf(metric, threshold, rewardQuantiles);
  const scale =
    options.scale === "range"
      ? withinRange(
          full,
          scored.rowTokens.flatMap((tokens) => metricValues(tokens, metric, goal)),
        )
      : full;
  const steps = scored.region.row.completions[scored.index]?.steps;
  const units = unitsOf(scored.text, scored.tokens, values, { granularity, steps });
  return { goal, scale, units, lowSpans: lowSpans(units, scale) };
}
