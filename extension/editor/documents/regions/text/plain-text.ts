/** Text of no known form: a question and its answer, or an answer alone; and completions that were marked by hand. */
import { LineCounter } from "../line-counter";
import type { OffsetRange, Region } from "../region";
import { textStart } from "../text-start";
import { plain, textRegion } from "./text-region";

/**
 * The first paragraph is the prompt where it ends in a question mark, or else the first line, with the line ends and
 * blank lines behind it. Blank space that ends the document belongs to neither.
 *
 * @param name of the file, for messages
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

/** Each range is a completion, the text before it its prompt. Ranges that are empty, or not in the text, are left out. */
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

/** Closing marks may follow the question mark. */
function asks(text: string): boolean {
  return /\?["'”’*_)\]]{0,3}$/.test(text.trimEnd().slice(-4));
}
