/** Summary figures of a completion. Pure. */
import { isLow } from "../../../extension/display/metric";
import type { ShadedText } from "../../shared/strip/shaded-text";

export interface Figures {
  /** Lowest Q-value for the goal state; undefined if no token has one. */
  readonly lowestQ: number | undefined;
  /** Mean over the tokens that have a Q-value for the goal state; undefined if no token has one. */
  readonly meanQ: number | undefined;
  /** Number of tokens that are low by the displayed metric; undefined if no token has a value. */
  readonly lowTokens: number | undefined;
}

export function figuresOf({ side, display, values, scale }: ShadedText): Figures {
  const q = (side.tokens.q[display.goal] ?? new Float32Array()).filter((value) => Number.isFinite(value));
  const sum = q.reduce((total, value) => total + value, 0);
  return {
    lowestQ: q.length === 0 ? undefined : q.reduce((lowest, value) => Math.min(lowest, value)),
    meanQ: q.length === 0 ? undefined : sum / q.length,
    lowTokens: values.every((value) => value === undefined)
      ? undefined
      : values.filter((value) => isLow(scale, value)).length,
  };
}

/** Probability that the chosen completion is preferred under the Bradley-Terry model: σ(margin). */
export function preference(margin: number): number {
  return 1 / (1 + Math.exp(-margin));
}
