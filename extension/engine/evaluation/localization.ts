/** Whether low Q-values find the step where a solution goes wrong. */
import type { Localization, LocalizationOptions } from "../../protocol/evaluation";

/** Offsets are UTF-16 units of the completion's text. */
export interface StepwiseTokens {
  /** [T] NaN is not low. */
  readonly q: ArrayLike<number>;
  readonly starts: ArrayLike<number>;
  readonly ends: ArrayLike<number>;
  /** Where every step starts. A step reaches to the next one, the last to the end. */
  readonly steps: readonly number[];
  /** Index of the first wrong step; undefined: all are right. */
  readonly firstWrong: number | undefined;
}

/** Where the first low token lies, seen from the first wrong step. */
export type LowPlace = "inside" | "earlier" | "later" | "none";

/** Index of the first low token; undefined: none is. */
export function firstLow(q: ArrayLike<number>, { threshold, skip }: LocalizationOptions): number | undefined {
  for (let t = skip; t < q.length; t++) if ((q[t] ?? Number.NaN) < threshold) return t;
  return undefined;
}

export function localization(
  completions: readonly StepwiseTokens[],
  options: LocalizationOptions,
): Localization {
  const places: Record<LowPlace, number> = { inside: 0, earlier: 0, later: 0, none: 0 };
  let [wrong, right, alarms, leftOut, chance] = [0, 0, 0, 0, 0];
  for (const completion of completions) {
    const low = firstLow(completion.q, options);
    if (completion.firstWrong === undefined) {
      right++;
      if (low !== undefined) alarms++;
      continue;
    }
    const sides = Array.from(completion.q, (_, i) => sideOf(completion, i, completion.firstWrong ?? 0));
    if (!sides.includes("inside")) {
      leftOut++;
      continue;
    }
    wrong++;
    places[low === undefined ? "none" : (sides[low] ?? "none")]++;
    const seen = sides.slice(options.skip);
    chance += seen.filter((side) => side === "inside").length / Math.max(1, seen.length);
  }
  const ofWrong = (count: number): number | undefined => (wrong > 0 ? count / wrong : undefined);
  return {
    wrong,
    inside: ofWrong(places.inside),
    earlier: ofWrong(places.earlier),
    later: ofWrong(places.later),
    none: ofWrong(places.none),
    chance: ofWrong(chance),
    right,
    alarms: right > 0 ? alarms / right : undefined,
    leftOut,
  };
}

/** A token that reaches into the step lies in it; one without text of its own lies where it stands. */
function sideOf(
  { starts, ends, steps }: StepwiseTokens,
  token: number,
  step: number,
): Exclude<LowPlace, "none"> {
  const from = steps[step] ?? 0;
  const to = steps[step + 1] ?? Number.POSITIVE_INFINITY;
  const start = starts[token] ?? 0;
  const end = ends[token] ?? 0;
  if (start >= to) return "later";
  return end > from || (start === end && start >= from) ? "inside" : "earlier";
}
