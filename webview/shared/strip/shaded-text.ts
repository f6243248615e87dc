/** A completion with the values and units that are shaded. Pure. */
import { metricValues, type Scale, scaleOf, withinRange } from "../../../extension/display/metric";
import { tokenText } from "../../../extension/display/token-text";
import { type Unit, unitsOf } from "../../../extension/display/units";
import type { Display, Side } from "../../../extension/protocol/panels/compare";

export interface ShadedText {
  readonly side: Side;
  readonly display: Display;
  /** One value per token. */
  readonly values: readonly (number | undefined)[];
  readonly scale: Scale;
  /** Units in text order, followed by the units of added tokens, which have no text of their own. */
  readonly units: readonly Unit[];
}

/**
 * Shades all sides on one scale.
 * @param rewards percentiles of the model's rewards in steps of 5; empty if unknown
 * @param before what was shown last; unchanged values and units are reused
 */
export function shadeTexts(
  sides: readonly Side[],
  display: Display,
  rewards: readonly number[],
  before: readonly ShadedText[] = [],
): ShadedText[] {
  const { metric, threshold } = display;
  const parts = sides.map((side, i) => readSide(side, display, before[i]));
  const full = scaleOf(metric, threshold, rewards.length > 0 ? rewards : undefined);
  const scale =
    display.scale === "range"
      ? withinRange(
          full,
          parts.flatMap(({ values }) => values),
        )
      : full;
  return parts.map((part) => ({ ...part, display, scale }));
}

function readSide(
  side: Side,
  display: Display,
  before: ShadedText | undefined,
): Pick<ShadedText, "side" | "values" | "units"> {
  const { metric, goal, granularity } = display;
  const isSame = (name: keyof Display): boolean => before?.display[name] === display[name];
  if (before?.side === side && isSame("metric") && isSame("goal") && isSame("granularity")) return before;
  const values = metricValues(side.tokens, metric, goal === "" ? undefined : goal);
  const units = unitsOf(side.text, side.tokens, values, { granularity, steps: side.steps });
  return { side, values, units: [...units, ...addedUnits(side, values)] };
}

/** Units of tokens after the text, such as an end-of-sequence token, at which the reward is often read. */
function addedUnits(
  { text, tokens: { starts, ends } }: Side,
  values: readonly (number | undefined)[],
): Unit[] {
  return Array.from(starts, (start, i) => ({
    start,
    end: start,
    firstToken: i,
    lastToken: i,
    value: values[i],
  })).filter(({ start, firstToken }) => (ends[firstToken] ?? 0) <= start && start >= text.length);
}

/** Text of one token. */
export function textOfToken({ text, tokens }: Side, token: number): string {
  return tokenText(tokens, text, token);
}

/** Index of the token that gives the unit its value, or of its first token. */
export function worstToken(values: readonly (number | undefined)[], unit: Unit): number {
  for (let i = unit.firstToken; i <= unit.lastToken; i++) {
    if (values[i] !== undefined && values[i] === unit.value) return i;
  }
  return unit.firstToken;
}

/** Index of the unit that contains the token, or of the last unit before it; -1 if there is none. */
export function unitOfToken(units: readonly Unit[], token: number): number {
  let [low, high] = [0, units.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((units[middle]?.firstToken ?? 0) <= token) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
