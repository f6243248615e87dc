/** Text in a tokenizer's pipeline, with the source range of each of its UTF-16 units. */

/**
 * `starts` and `ends` give the source range of every unit of `text`, in UTF-16 units. Both halves of a surrogate pair
 * share one range, as do all characters that came from one source character.
 */
export class AlignedText {
  constructor(
    readonly text: string,
    readonly starts: Int32Array,
    readonly ends: Int32Array,
  ) {}

  /** Creates a text from units [from, to) of the source. */
  static fromSource(source: string, from: number, to: number): AlignedText {
    const text = source.slice(from, to);
    const starts = new Int32Array(text.length);
    const ends = new Int32Array(text.length);
    for (let i = 0; i < text.length; i++) {
      starts[i] = from + i;
      ends[i] = from + i + 1;
      if (i > 0 && isLowSurrogate(text.charCodeAt(i))) {
        starts[i] = from + i - 1;
        ends[i - 1] = from + i + 1;
      }
    }
    return new AlignedText(text, starts, ends);
  }

  slice(from: number, to: number): AlignedText {
    return new AlignedText(
      this.text.slice(from, to),
      this.starts.subarray(from, to),
      this.ends.subarray(from, to),
    );
  }

  /** Returns the source offset at which a nonempty range that begins at unit `from` starts. */
  sourceStart(from: number): number {
    return this.starts[from] ?? 0;
  }

  /** Returns the source offset at which a nonempty range that stops before unit `to` ends. */
  sourceEnd(to: number): number {
    return this.ends[to - 1] ?? 0;
  }
}

/** Writes an aligned text piece by piece. */
export class AlignedTextBuilder {
  private readonly parts: string[] = [];
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];

  get length(): number {
    return this.starts.length;
  }

  /** Appends units [from, to) of another text with their source ranges. */
  copy(other: AlignedText, from: number, to: number): void {
    if (from >= to) return;
    this.parts.push(other.text.slice(from, to));
    for (let i = from; i < to; i++) {
      this.starts.push(other.starts[i] ?? 0);
      this.ends.push(other.ends[i] ?? 0);
    }
  }

  /** Appends new text that replaces unit `at` of another text; all of it gets that unit's source range. */
  write(text: string, other: AlignedText, at: number): void {
    if (text === "") return;
    this.parts.push(text);
    const start = other.starts[at] ?? 0;
    const end = other.ends[at] ?? 0;
    for (let i = 0; i < text.length; i++) {
      this.starts.push(start);
      this.ends.push(end);
    }
  }

  build(): AlignedText {
    return new AlignedText(this.parts.join(""), Int32Array.from(this.starts), Int32Array.from(this.ends));
  }
}

/**
 * Replaces every match of a global pattern. As in the Rust library, the new text gets the source range of the match's
 * last character.
 */
export function replaceMatches(
  text: AlignedText,
  pattern: RegExp,
  replacement: (match: string) => string,
): AlignedText {
  const builder = new AlignedTextBuilder();
  let done = 0;
  let isChanged = false;
  for (const match of text.text.matchAll(pattern)) {
    const [found] = match;
    const written = replacement(found);
    if (written === found) continue;
    isChanged = true;
    const end = match.index + found.length;
    builder.copy(text, done, match.index);
    builder.write(written, text, Math.max(end - 1, 0));
    done = end;
  }
  if (!isChanged) return text;
  builder.copy(text, done, text.text.length);
  return builder.build();
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}
