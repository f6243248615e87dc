/** Text without a known format: a question and its answer, or an answer alone; and completions marked by hand. */
import { LineCounter } from "../line-counter";
import type { OffsetRange, Region } from "../region";
import { textStart } from "../text-start";
import { plain, textRegion } from "./text-region";

/**
 * Reads text as one completion. The prompt is the first paragraph if it ends in a question mark, else the first line if
 * that does, including the line ends and blank lines after it. Trailing white space belongs to neither.
 *
 * @param name name of the file, for messages
 */
export function textRegions(text: string, name: string): Region[] {
  const start = textStart(text);
  const end = text.trimEnd().length;
  if (end <= start) return [];
  const promptEnd = questionEnd(text, start, end);
  const prompt = { start, end: promptEnd };
  const completion = { start: promptEnd, end };
  const found = { start, completion, prompt: plain(text.slice(start, promptEnd)), promptRanges: [prompt] };
  return [textRegion(text, found, { row: 0, name, line: 1 })];
}

/** Reads each range as a completion with all text before it as its prompt. Ignores empty and outside ranges. */
export function markedRegions(text: string, name: string, marked: readonly OffsetRange[]): Region[] {
  const lines = new LineCounter(text);
  const inside = marked.filter(({ start, end }) => start >= 0 && start < end && end <= text.length);
  return [...inside]
    .sort((a, b) => a.start - b.start)
    .map(({ start, end }, row) => {
      const prompt = plain(text.slice(textStart(text), start));
      const promptRanges = [{ start: textStart(text), end: start }];
      const place = { row, name, line: lines.lineAt(start) };
      const completion = { start, end };
      return textRegion(text, { start, completion, prompt, promptRanges, taken: "marked" }, place);
    });
}

function questionEnd(text: string, start: number, end: number): number {
  const first = text.length - text.slice(start).trimStart().length;
  for (const boundary of [/\r?\n[ \t]*\r?\n/g, /\r?\n/g]) {
    boundary.lastIndex = first;
    const at = boundary.exec(text)?.index;
    if (at === undefined || at >= end || !asks(text.slice(first, at))) continue;
    const next = at + text.slice(at).search(/\S/);
    return text.lastIndexOf("\n", next) + 1;
  }
  return start;
}

/** Whether a text ends in a question mark, perhaps followed by closing marks. */
function asks(text: string): boolean {
  return /\?["'”’*_)\]]{0,3}$/.test(text.trimEnd().slice(-4));
}
