/** The pieces that a text is cut into before the subword model sees it. */
import type { AlignedText } from "./aligned-text";

/** Piece i is units bounds[2i] to bounds[2i + 1] of the text; pieces are in order and not empty. */
export interface Pieces {
  readonly text: AlignedText;
  readonly bounds: readonly number[];
}

/** What becomes of the delimiters. https://huggingface.co/docs/tokenizers/api/pre-tokenizers */
export type SplitBehavior = "Removed" | "Isolated" | "MergedWithPrevious" | "MergedWithNext" | "Contiguous";

interface Segment {
  readonly start: number;
  end: number;
  readonly isMatch: boolean;
}

/** Cuts every piece at the matches of a global pattern; invert: what lies between the matches is the delimiter. */
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
 * The usual case, where the matches leave no gap, without a match object for each: lengths that add up to the piece's
 * say where they lie. Returns false, and adds nothing, where there are gaps.
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

/** Matches and what lies between them, in order, covering the piece. */
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

/** Joins neighbors; the question is asked of the segments as they were found. */
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
