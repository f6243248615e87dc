/** Maps token offsets, which count in the completion's text, to the strings of the document. */
import type { OffsetRange, PlacedCompletion, PlacedText } from "./region";
import { lastAtMost } from "./source-map";

/** A range of the engine's text that comes from one string of the document. */
interface Segment {
  readonly start: number;
  readonly end: number;
  readonly placed: PlacedText;
  /** Offset in the string at which the segment begins. */
  readonly from: number;
}

/** The places of a completion's strings in the engine's text. */
export class Alignment {
  readonly #starts: readonly number[];

  constructor(private readonly segments: readonly Segment[]) {
    this.#starts = segments.map(({ start }) => start);
  }

  /** Returns the region's ranges for [start, end) of the text: several if it spans messages, none if it is markup. */
  ranges(start: number, end: number): OffsetRange[] {
    const found: OffsetRange[] = [];
    for (let i = Math.max(0, lastAtMost(this.#starts, start)); i < this.segments.length; i++) {
      const segment = this.segments[i];
      if (!segment || segment.start >= end) break;
      const [from, to] = [Math.max(start, segment.start), Math.min(end, segment.end)];
      const shift = segment.from - segment.start;
      const { at } = segment.placed;
      if (from < to) found.push({ start: at(from + shift), end: at(to + shift) });
    }
    return found;
  }
}

/**
 * Aligns a completion with the engine's text. The result depends on the layout of the region, so it is not valid for
 * another region with the same key.
 *
 * @param text the completion as the engine scored it (`ScoredRow.texts`): unchanged, or perhaps trimmed and with a
 * template's markup between its messages
 */
export function alignCompletion({ texts }: PlacedCompletion, text: string): Alignment {
  return new Alignment(inPlace(texts, text) ?? found(texts, text));
}

/** Returns the region's ranges for one token, [start, end) of the text. For many tokens, keep the Alignment. */
export function tokenRanges(
  completion: PlacedCompletion,
  text: string,
  start: number,
  end: number,
): OffsetRange[] {
  return alignCompletion(completion, text).ranges(start, end);
}

/** Aligns a text that is the completion as it was read; returns undefined if it is not. */
function inPlace(texts: readonly PlacedText[], text: string): Segment[] | undefined {
  const last = texts.at(-1);
  const isWhole = last !== undefined && last.start + last.text.length === text.length;
  if (!isWhole || !texts.every((placed) => text.startsWith(placed.text, placed.start))) return undefined;
  return texts.map((placed) => {
    const { start } = placed;
    return { start, end: start + placed.text.length, placed, from: 0 };
  });
}

/** Aligns a text that begins with the first string and ends with the last; searches for the others in order. */
function found(texts: readonly PlacedText[], text: string): Segment[] {
  const segments: Segment[] = [];
  let from = 0;
  texts.forEach((placed, i) => {
    const segment = find(placed, text, from, i === texts.length - 1 ? "end" : i === 0 ? "start" : "between");
    if (!segment) return;
    segments.push(segment);
    from = segment.end;
  });
  return segments;
}

type StringPlace = "start" | "between" | "end";

function find(placed: PlacedText, text: string, from: number, place: StringPlace): Segment | undefined {
  const content = placed.text.trim();
  if (content === "") return undefined;
  const trimmed = placed.text.indexOf(content);
  const start = place === "end" ? text.lastIndexOf(content) : startOf(content, text, from, place);
  if (start >= from) return { start, end: start + content.length, placed, from: trimmed };
  return place === "end" ? ending(placed, text, from) : undefined;
}

/** Searches for a string as a whole word, as a short one may also be part of the markup. */
function startOf(content: string, text: string, from: number, place: StringPlace): number {
  const first = text.indexOf(content, from);
  if (place === "start") return first;
  for (let at = first; at >= 0; at = text.indexOf(content, at + 1)) {
    const isInWord = isLetter(text[at - 1]) || isLetter(text[at + content.length]);
    if (!isInWord) return at;
  }
  return first;
}

function isLetter(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}]/u.test(character);
}

/** Aligns the common ending: a template may remove the beginning of an answer, such as its `<think>` block. */
function ending(placed: PlacedText, text: string, from: number): Segment | undefined {
  const a = placed.text.trimEnd();
  const b = text.trimEnd();
  let length = 0;
  const most = Math.min(a.length, b.length - from);
  while (length < most && a[a.length - 1 - length] === b[b.length - 1 - length]) length++;
  return length === 0
    ? undefined
    : { start: b.length - length, end: b.length, placed, from: a.length - length };
}
