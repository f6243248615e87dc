/** Makes a region of a row: the engine reads the row and its field paths, and the locator finds them in the source. */
import type { Piece } from "../../../engine/data/fields/text";
import { RowProblem } from "../../../engine/data/fields/values";
import { type RowReading, readRecord, recordOf, UnknownFields } from "../../../engine/data/rows/row-formats";
import { checkChoice, type FieldChoice, inEditorTerms } from "./field-choice";
import { keyOf } from "./key";
import type { Locator } from "./locator";
import type { BadRegion, OffsetRange, PlacedText, Region } from "./region";

export interface RowSource {
  /** Value of the row in the file. */
  readonly value: unknown;
  /** Whether the values are cells of a table, and so all text. */
  readonly isTable: boolean;
  readonly locator: Locator;
  /** Length of the region, which starts at 0 and ends with the row. */
  readonly length: number;
}

export interface RowPlace {
  /** 0-based position in the dataset. */
  readonly row: number;
  /** Place of the row, for messages: `pairs.jsonl:12`. */
  readonly place: string;
}

export function rowRegion(
  { value, isTable, locator, length }: RowSource,
  { row, place }: RowPlace,
  fields: FieldChoice,
): Region | BadRegion {
  const bounds = { start: 0, end: length };
  try {
    checkChoice(fields, recordOf(value));
    const { completions, sources, values } = readRecord(value, fields.names, isTable);
    return {
      ...bounds,
      // Depends on the content and not on the layout, so that formatted JSON keeps its scores.
      key: keyOf("row", JSON.stringify([completions, values])),
      row: { row, place, completions, ...values },
      completions: completions.map(({ completion }, i) => {
        const own =
          typeof completion === "string" ? completion : completion.map(({ content }) => content).join("");
        return { texts: placed(sources[i]?.completion ?? [], own, locator) };
      }),
      prompt: promptRanges(sources, locator),
    };
  } catch (error) {
    if (!(error instanceof RowProblem)) throw error;
    return { ...bounds, problem: error instanceof UnknownFields ? inEditorTerms(error) : error.message };
  }
}

function placed(pieces: readonly Piece[], text: string, locator: Locator): PlacedText[] {
  return pieces.flatMap(({ path, from, start, end }) => {
    const written = locator.locate(path);
    if (!written) return [];
    return { text: text.slice(start, end), start, at: (offset) => written.at(from + offset) };
  });
}

/** Returns the prompts in source order, once each: several completions may share a prompt. */
function promptRanges(sources: RowReading["sources"], locator: Locator): OffsetRange[] {
  const byStart = new Map<number, OffsetRange>();
  for (const { path, from, start, end } of sources.flatMap(({ prompt }) => prompt)) {
    const written = end > start ? locator.locate(path) : undefined;
    if (!written) continue;
    const range = { start: written.at(from), end: written.at(from + end - start) };
    byStart.set(range.start, range);
  }
  return [...byStart.values()].sort((a, b) => a.start - b.start);
}
