/** Maps offsets of a text to the source that encodes it, with its escapes and line ends. */

/**
 * A map that stores only the units of the text that take several characters of the source (`\n`, `\u00e9`, CR LF), so
 * that its size depends on their number and not on the length of the text.
 */
export class SourceMap {
  /**
   * @param start source offset of the text
   * @param textEnds end in the text of each such unit, ascending
   * @param sourceEnds end in the source of each such unit
   */
  constructor(
    private readonly start: number,
    private readonly textEnds: readonly number[],
    private readonly sourceEnds: readonly number[],
  ) {}

  /** Returns the source offset of a UTF-16 offset in the text; the text's length maps to its end. */
  at(offset: number): number {
    const last = lastAtMost(this.textEnds, offset);
    const [textEnd, sourceEnd] = [this.textEnds[last], this.sourceEnds[last]];
    if (textEnd === undefined || sourceEnd === undefined) return this.start + offset;
    return sourceEnd + offset - textEnd;
  }
}

/** Maps a JSON string literal that is at [start, end) without its quotes. */
export function mapOfJsonString(source: string, start: number, end: number): SourceMap {
  return mapWhere(source.slice(start, end), start, "\\", (next) => (next === "u" ? 6 : 2));
}

/** Maps a quoted table cell that is at [start, end) without its quotes; quotes in it are doubled. */
export function mapOfQuotedCell(source: string, start: number, end: number): SourceMap {
  return mapWhere(source.slice(start, end), start, '""', () => 2);
}

/** Maps the text at [start, end) with its line ends as `\n`. */
export function mapOfLineEnds(source: string, start: number, end: number): SourceMap {
  return mapWhere(source.slice(start, end), start, "\r\n", () => 2);
}

/** @param lengthOf source length of a unit that begins with `mark`, given the character after its first */
function mapWhere(
  source: string,
  start: number,
  mark: string,
  lengthOf: (next: string | undefined) => number,
): SourceMap {
  const [textEnds, sourceEnds]: [number[], number[]] = [[], []];
  let [read, written] = [0, 0];
  for (let at = source.indexOf(mark); at >= 0; at = source.indexOf(mark, written)) {
    read += at - written + 1;
    written = at + lengthOf(source[at + 1]);
    textEnds.push(read);
    sourceEnds.push(start + written);
  }
  return new SourceMap(start, textEnds, sourceEnds);
}

/** Returns the index of the last of the ascending values that is at most `limit`, or -1 if there is none. */
export function lastAtMost(values: readonly number[], limit: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? Infinity) <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
