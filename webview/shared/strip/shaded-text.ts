/** A completion as a display shades it. Pure. */
import { metricValues, type Scale, scaleOf } from "../../../extension/display/metric";
import { type Unit, unitsOf } from "../../../extension/display/units";
import type { Display, Side } from "../../../extension/protocol/compare";
import { columnsOf } from "./columns";

export interface ShadedText {
  readonly side: Side;
  readonly display: Display;
  /** Of each token. */
  readonly values: readonly (number | undefined)[];
  readonly scale: Scale;
  /** In the text's order; at its end those of added tokens, which have no text of their own. */
  readonly units: readonly Unit[];
}

/** @param rewards percentiles of the model's rewards in steps of 5; empty: not known */
export function shadeText(side: Side, display: Display, rewards: readonly number[]): ShadedText {
  const { metric, goal, granularity, threshold } = display;
  const columns = columnsOf(side.tokens);
  const values = metricValues(columns, metric, goal === "" ? undefined : goal);
  const units = unitsOf(side.text, columns, values, { granularity, steps: side.steps });
  return {
    side,
    display,
    values,
    scale: scaleOf(metric, threshold, rewards.length > 0 ? rewards : undefined),
    units: [...units, ...addedUnits(side, values)],
  };
}

/** Tokens behind the text, such as an end-of-sequence token: the reward is often read at one. */
function addedUnits({ text, tokens }: Side, values: readonly (number | undefined)[]): Unit[] {
  return tokens.flatMap(({ start, end }, i) =>
    end <= start && start >= text.length
      ? [{ start, end: start, firstToken: i, lastToken: i, value: values[i] }]
      : [],
  );
}

/** The token that gives the unit its value, or else its first. */
export function worstToken(values: readonly (number | undefined)[], unit: Unit): number {
  for (let i = unit.firstToken; i <= unit.lastToken; i++) {
    if (values[i] !== undefined && values[i] === unit.value) return i;
  }
  return unit.firstToken;
}

/** Index of the unit that holds the token, or of the one before it; -1: there is none. */
export function unitOfToken(units: readonly Unit[], token: number): number {
  let [low, high] = [0, units.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((units[middle]?.firstToken ?? 0) <= token) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
