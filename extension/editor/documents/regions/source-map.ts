/** Where the units of a text stand in the source that writes it: side by side, but for escapes and line ends. */

/**
 * Some units of the text are written by several of the source (`\n`, `\u00e9`, CR LF): only these are kept, so a long
 * text costs what it has of them.
 */
export class SourceMap {
  /**
   * @param start where the text begins in the source
   * @param textEnds of each such unit, ascending: its end in the text
   * @param sourceEnds its end in the source
   */
  constructor(
    private readonly start: number,
    private readonly textEnds: readonly number[],
    private readonly sourceEnds: readonly number[],
  ) {}

  /** Where unit `offset` of the text begins in the source. The text's length gives its end. */
  at(offset: number): number {
    const last = lastAtMost(this.textEnds, offset);
    const [textEnd, sourceEnd] = [this.textEnds[last], this.sourceEnds[last]];
    if (textEnd === undefined || sourceEnd === undefined) return this.start + offset;
    return sourceEnd + offset - textEnd;
  }
}

/** Of the string literal whose characters, without its quotes, stand at [start,end). */
export function mapOfJsonString(source: string, start: number, end: number): SourceMap {
  return mapWhere(source.slice(start, end), start, "\\", (next) => (next === "u" ? 6 : 2));
}

/** Of the cell of a table whose characters, without its quotes, are at [start,end): a quote is doubled there. */
export function mapOfQuotedCell(source: string, start: number, end: number): SourceMap {
  return mapWhere(source.slice(start, end), start, '""', () => 2);
}

/** Of the text at [start,end) with its line ends as `\n`. */
export function mapOfLineEnds(source: string, start: number, end: number): SourceMap {
  return mapWhere(source.slice(start, end), start, "\r\n", () => 2);
}

/** @param lengthOf of what begins with `mark` and stands for one unit, by the character after its first */
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

/** Index of the last value that is `limit` or less, or -1 if there is none. Values ascend. */
export function lastAtMost(values: readonly number[], limit: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? Infinity) <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
