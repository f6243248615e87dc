/** Groups tokens into the units that are shaded: tokens, words, sentences, lines or steps. Pure. */

import type { Granularity } from "../protocol/choices";
import type { TokenScores } from "../protocol/scores";

/** A part of the completion. Offsets are UTF-16 units of its text; tokens are given by index, `lastToken` inclusive. */
export interface Unit {
  readonly start: number;
  readonly end: number;
  readonly firstToken: number;
  readonly lastToken: number;
  /** Lowest value of its tokens: a unit is as good as its worst token. undefined if none has a value. */
  readonly value: number | undefined;
}

export interface UnitOptions {
  readonly granularity: Granularity;
  /** The completion's steps as ranges of its text. Without them, steps end at blank lines, or else at line breaks. */
  readonly steps?: readonly { readonly start: number; readonly end: number }[] | undefined;
}

/**
 * Units in the order of the text, not empty and not overlapping. Tokens that cover no text are in no unit, tokens that
 * share characters are in one unit, and a token across two units is in the one that has its first visible character.
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
  let inUnit = 0;
  for (let i = 0; i < starts.length; i++) {
    const [start, end] = [starts[i] ?? 0, ends[i] ?? 0];
    if (end <= start) continue;
    const value = values[i];
    const last = units.at(-1);
    if (cuts) {
      const place = placeOf(text, start, end);
      while ((cuts[cut + 1] ?? Number.POSITIVE_INFINITY) <= place) cut++;
    }
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

/** Offset of a token's first visible character. Most tokens start with the space before their word. */
function placeOf(text: string, start: number, end: number): number {
  return start + Math.max(0, text.slice(start, end).search(/\S/));
}

function lower(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined ? b : b === undefined ? a : Math.min(a, b);
}

/** Start offsets of the units, ascending from 0. */
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
  return segmentStarts([...segmenter.segment(text)]);
}

/** A white-space segment joins the word or sentence after it, as in tokens; punctuation is a segment of its own. */
function segmentStarts(segments: readonly Intl.SegmentData[]): number[] {
  const starts = [0];
  segments.forEach(({ index }, i) => {
    const before = segments[i - 1];
    if (before && before.segment.trim() !== "") starts.push(index);
  });
  return starts;
}

function startsAfter(text: string, separator: RegExp): number[] {
  return [0, ...[...text.matchAll(separator)].map((match) => match.index + match[0].length)];
}
