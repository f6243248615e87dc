/** Tokens gathered into the units that are shaded: tokens, words, sentences, lines or steps. Pure. */

import type { Granularity } from "../protocol/choices";
import type { TokenScores } from "../protocol/scores";

/** A stretch of the completion. Offsets are UTF-16 units of its text; tokens by index, `lastToken` included. */
export interface Unit {
  readonly start: number;
  readonly end: number;
  readonly firstToken: number;
  readonly lastToken: number;
  /** The lowest of its tokens: a unit is as good as its worst token. undefined: none has a value. */
  readonly value: number | undefined;
}

export interface UnitOptions {
  readonly granularity: Granularity;
  /** Of the completion, where the data has them: ranges of its text. Without, blank lines part steps, or else lines. */
  readonly steps?: readonly { readonly start: number; readonly end: number }[] | undefined;
}

/**
 * Units in the text's order, none empty, none overlapping. Tokens without text of their own are in none; tokens that
 * share characters are one unit; a token that spans two units counts to the first.
 */
export function unitsOf(
  text: string,
  { starts, ends }: Pick<TokenScores, "starts" | "ends">,
  values: readonly (number | undefined)[],
  { granularity, steps }: UnitOptions,
): Unit[] {
  const cuts = granularity === "token" ? undefined : cutsOf(text, granularity, steps);
  const units: Unit[] = [];
  let cut = 0;
  let inUnit = -1;
  for (let i = 0; i < starts.length; i++) {
    const [start, end] = [starts[i] ?? 0, ends[i] ?? 0];
    if (end <= start) continue;
    const value = values[i];
    const last = units.at(-1);
    if (cuts) while (cut < cuts.length - 1 && (cuts[cut + 1] ?? 0) <= start) cut++;
    const joins = last && (start < last.end || (cuts !== undefined && cut === inUnit));
    inUnit = cut;
    if (last && joins)
      units[units.length - 1] = {
        ...last,
        end: Math.max(end, last.end),
        lastToken: i,
        value: lower(last.value, value),
      };
    else units.push({ start, end, firstToken: i, lastToken: i, value });
  }
  return units;
}

function lower(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined ? b : b === undefined ? a : Math.min(a, b);
}

/** Where units begin, ascending, the first at 0. */
function cutsOf(
  text: string,
  granularity: Exclude<Granularity, "token">,
  steps: UnitOptions["steps"],
): readonly number[] {
  if (granularity === "line") return startsAfter(text, /\n/g);
  if (granularity === "step") {
    if (steps && steps.length > 0) return [0, ...steps.slice(1).map(({ start }) => start)];
    return /\n\s*\n\s*\S/.test(text) ? startsAfter(text, /\n\s*\n/g) : startsAfter(text, /\n/g);
  }
  const segmenter = new Intl.Segmenter("en", { granularity });
  const segments = [...segmenter.segment(text)];
  if (granularity === "sentence") return [0, ...segments.slice(1).map(({ index }) => index)];
  return wordStarts(segments);
}

/** White space belongs to the word after it, as tokens have it; punctuation stands alone. */
function wordStarts(segments: readonly Intl.SegmentData[]): number[] {
  const starts = [0];
  segments.forEach(({ index }, i) => {
    const before = segments[i - 1];
    if (before && before.segment.trim() !== "") starts.push(index);
  });
  return starts;
}

function startsAfter(text: string, separator: RegExp): number[] {
  const ends = [...text.matchAll(separator)].map((match) => match.index + match[0].length);
  return [0, ...ends.filter((end) => end < text.length)];
}
