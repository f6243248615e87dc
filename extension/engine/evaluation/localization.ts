/** Measures whether low Q-values locate the first incorrect step of a solution. */
import type { Localization, LocalizationOptions } from "../../protocol/evaluation";

/** The tokens and steps of a solution; offsets are UTF-16 code units of the completion's text. */
export interface StepwiseTokens {
  /** [T] Q-value of each token; NaN does not count as low. */
  readonly q: ArrayLike<number>;
  readonly starts: ArrayLike<number>;
  readonly ends: ArrayLike<number>;
  /** Start of each step. A step ends where the next one starts, and the last one with the text. */
  readonly steps: readonly number[];
  /** Index of the first incorrect step, or undefined if all are correct. */
  readonly firstWrong: number | undefined;
}

/** Position of the first low token relative to the first incorrect step. */
export type LowPlace = "inside" | "earlier" | "later" | "none";

/** Index of the first low token, or undefined if there is none. */
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

/** A token that overlaps the step is inside it; an empty token is inside if it starts within the step. */
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
