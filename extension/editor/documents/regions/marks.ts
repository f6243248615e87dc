/** Moves completions marked by hand while the text in and around them is edited. */
import type { OffsetRange } from "./region";

/** One edit, as VS Code reports it: `text` replaced `rangeLength` UTF-16 units at `rangeOffset`. */
export interface TextChange {
  readonly rangeOffset: number;
  readonly rangeLength: number;
  readonly text: string;
}

/**
 * Moves marks with their text. Text typed at the end of a mark extends it; text typed at its start does not. Returns
 * undefined if no mark is left.
 *
 * @param changes changes of one edit, which count in the text before it and do not overlap
 */
export function movedMarks(
  marks: readonly OffsetRange[],
  changes: readonly TextChange[],
): readonly OffsetRange[] | undefined {
  // From the last to the first, so that no change moves the next.
  const ordered = [...changes].sort((a, b) => b.rangeOffset - a.rangeOffset);
  const moved = ordered.reduce<readonly OffsetRange[]>(
    (all, change) => all.map((mark) => movedMark(mark, change)).filter(({ start, end }) => end > start),
    marks,
  );
  return moved.length > 0 ? moved : undefined;
}

function movedMark({ start, end }: OffsetRange, { rangeOffset, rangeLength, text }: TextChange): OffsetRange {
  const changed = rangeOffset + rangeLength;
  const longer = text.length - rangeLength;
  // If exactly the marked text is replaced, the new text is marked.
  if (rangeLength > 0 && rangeOffset === start && changed === end) return { start, end: end + longer };
  if (changed <= start) return { start: start + longer, end: end + longer };
  if (rangeOffset > end || (rangeOffset === end && rangeLength > 0)) return { start, end };
  return {
    start: rangeOffset < start ? rangeOffset + text.length : start,
    end: changed <= end ? end + longer : rangeOffset,
  };
}
