/** Where tokens are in the document: the engine counts in the completion's own text, the document in its strings. */
import type { OffsetRange, PlacedCompletion, PlacedText } from "./region";
import { lastAtMost } from "./source-map";

/** A stretch of the engine's text that a string of the document writes. */
interface Segment {
  readonly start: number;
  readonly end: number;
  readonly placed: PlacedText;
  /** Where the stretch begins in the string. */
  readonly from: number;
}

/** A completion whose strings were found in the engine's text. */
export class Alignment {
  readonly #starts: readonly number[];

  constructor(private readonly segments: readonly Segment[]) {
    this.#starts = segments.map(({ start }) => start);
  }

  /** Ranges of the region that write [start,end) of the text: several if it spans messages, none if it is markup. */
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
 * Depends on where the region writes the completion, so it holds for this region only, not for another with the same key.
 *
 * @param text the completion as the engine scored it (`ScoredRow.texts`): as it is, or with a template's markup between
 * its messages, perhaps trimmed
 */
export function alignCompletion({ texts }: PlacedCompletion, text: string): Alignment {
  return new Alignment(inPlace(texts, text) ?? found(texts, text));
}

/** Ranges of the region for one token, [start,end) of the engine's text. For many tokens, keep the Alignment. */
export function tokenRanges(
  completion: PlacedCompletion,
  text: string,
  start: number,
  end: number,
): OffsetRange[] {
  return alignCompletion(completion, text).ranges(start, end);
}

/** The text is the completion as it was read. */
function inPlace(texts: readonly PlacedText[], text: string): Segment[] | undefined {
  const last = texts.at(-1);
  const isWhole = last !== undefined && last.start + last.text.length === text.length;
  if (!isWhole || !texts.every((placed) => text.startsWith(placed.text, placed.start))) return undefined;
  return texts.map((placed) => {
    const { start } = placed;
    return { start, end: start + placed.text.length, placed, from: 0 };
  });
}

/** The text begins with the first string and ends with the last; those between are looked for in their order. */
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

type Stand = "start" | "between" | "end";

function find(placed: PlacedText, text: string, from: number, stand: Stand): Segment | undefined {
  const content = placed.text.trim();
  if (content === "") return undefined;
  const trimmed = placed.text.indexOf(content);
  const start = stand === "end" ? text.lastIndexOf(content) : placeOf(content, text, from, stand);
  if (start >= from) return { start, end: start + content.length, placed, from: trimmed };
  return stand === "end" ? ending(placed, text, from) : undefined;
}

/** A short content may be part of the markup, so it is looked for as a whole word. */
function placeOf(content: string, text: string, from: number, stand: Stand): number {
  const first = text.indexOf(content, from);
  if (stand === "start") return first;
  for (let at = first; at >= 0; at = text.indexOf(content, at + 1)) {
    const isTorn = isLetter(text[at - 1]) || isLetter(text[at + content.length]);
    if (!isTorn) return at;
  }
  return first;
}

function isLetter(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}]/u.test(character);
}

/** A template may leave out the beginning of an answer, as what stands in `<think>`: what is left of it ends alike. */
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
