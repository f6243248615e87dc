/** Splits a text into pieces for the subword model. */
import type { AlignedText } from "./aligned-text";

/** Piece i is units [bounds[2i], bounds[2i + 1]) of the text; pieces are in order and nonempty. */
export interface Pieces {
  readonly text: AlignedText;
  readonly bounds: readonly number[];
}

/** What happens to the delimiters. https://huggingface.co/docs/tokenizers/api/pre-tokenizers */
export type SplitBehavior = "Removed" | "Isolated" | "MergedWithPrevious" | "MergedWithNext" | "Contiguous";

interface Segment {
  readonly start: number;
  end: number;
  readonly isMatch: boolean;
}

/** Splits every piece at the matches of a global pattern, or at the gaps between the matches if `invert` is true. */
export function splitPieces(
  { text, bounds }: Pieces,
  pattern: RegExp,
  behavior: SplitBehavior,
  invert = false,
): Pieces {
  const out: number[] = [];
  for (let i = 0; i < bounds.length; i += 2) {
    const from = bounds[i] ?? 0;
    const piece = text.text.slice(from, bounds[i + 1]);
    if (behavior === "Isolated" && addTiles(out, from, piece, pattern)) continue;
    for (const { start, end } of behave(segmentsOf(piece, pattern, invert), behavior)) {
      if (end > start) out.push(from + start, from + end);
    }
  }
  return { text, bounds: out };
}

/**
 * Handles the common case, in which the matches leave no gap, without a match object per match: if their lengths add up
 * to the length of the piece, each match starts where the previous one ends. Returns false and adds nothing if there
 * are gaps.
 */
function addTiles(out: number[], from: number, piece: string, pattern: RegExp): boolean {
  const matches = piece.match(pattern);
  if (matches === null) return false;
  let total = 0;
  for (const match of matches) total += match.length;
  if (total !== piece.length) return false;
  let start = from;
  for (const match of matches) {
    if (match.length > 0) out.push(start, start + match.length);
    start += match.length;
  }
  return true;
}

/** Returns the matches and the gaps between them, in order; together they cover the piece. */
function segmentsOf(piece: string, pattern: RegExp, invert: boolean): Segment[] {
  const segments: Segment[] = [];
  let done = 0;
  for (const match of piece.matchAll(pattern)) {
    const end = match.index + match[0].length;
    if (match.index > done) segments.push({ start: done, end: match.index, isMatch: invert });
    segments.push({ start: match.index, end, isMatch: !invert });
    done = end;
  }
  if (done < piece.length) segments.push({ start: done, end: piece.length, isMatch: invert });
  return segments;
}

function behave(segments: readonly Segment[], behavior: SplitBehavior): readonly Segment[] {
  switch (behavior) {
    case "Isolated":
      return segments;
    case "Removed":
      return segments.filter(({ isMatch }) => !isMatch);
    case "Contiguous":
      return joined(segments, (previous, segment) => previous.isMatch === segment.isMatch);
    case "MergedWithPrevious":
      return joined(segments, (previous, segment) => segment.isMatch && !previous.isMatch);
    case "MergedWithNext":
      return joined(segments, (previous, segment) => previous.isMatch && !segment.isMatch);
  }
}

/** Joins neighbors; `join` sees the segments as they were before any joining. */
function joined(
  segments: readonly Segment[],
  join: (previous: Segment, segment: Segment) => boolean,
): Segment[] {
  const out: Segment[] = [];
  segments.forEach((segment, i) => {
    const previous = segments[i - 1];
    const last = out.at(-1);
    if (previous && last && join(previous, segment)) last.end = segment.end;
    else out.push({ ...segment });
  });
  return out;
}
