/** Completions that were marked by hand, while the text around and in them is edited. */
import type { OffsetRange } from "./region";

/** One edit, as VS Code tells it: `rangeLength` units at `rangeOffset` gave way to `text`. */
export interface Change {
  readonly rangeOffset: number;
  readonly rangeLength: number;
  readonly text: string;
}

/**
 * What is typed at a mark's end continues it, what is typed before it does not.
 *
 * @param changes of one edit, counted in the text before it; they do not overlap
 *
 * undefined: no mark is left.
 */
export function movedMarks(
  marks: readonly OffsetRange[],
  changes: readonly Change[],
): readonly OffsetRange[] | undefined {
  // From the end, so that no change moves the next.
  const ordered = [...changes].sort((a, b) => b.rangeOffset - a.rangeOffset);
  const moved = ordered.reduce<readonly OffsetRange[]>(
    (all, change) => all.map((mark) => movedMark(mark, change)).filter(({ start, end }) => end > start),
    marks,
  );
  return moved.length > 0 ? moved : undefined;
}

function movedMark({ start, end }: OffsetRange, { rangeOffset, rangeLength, text }: Change): OffsetRange {
  const changed = rangeOffset + rangeLength;
  const longer = text.length - rangeLength;
  // Where all of the mark is written anew, and nothing else, the new text is marked.
  if (rangeLength > 0 && rangeOffset === start && changed === end) return { start, end: end + longer };
  if (changed <= start) return { start: start + longer, end: end + longer };
  if (rangeOffset > end || (rangeOffset === end && rangeLength > 0)) return { start, end };
  return {
    start: rangeOffset < start ? rangeOffset + text.length : start,
    end: changed <= end ? end + longer : rangeOffset,
  };
}
