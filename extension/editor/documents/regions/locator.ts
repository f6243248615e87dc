/** Finds the strings of a row in a document of any format. */
import type { FieldPath } from "../../../engine/data/fields/text";

/** A string and the source characters that encode it; a JSON escape takes several. */
export interface WrittenString {
  readonly text: string;
  /** Returns the source offset of a UTF-16 offset in the text; the text's length maps to its end. */
  at(offset: number): number;
}

export interface Locator {
  /** Returns undefined if there is no string at the path. */
  locate(path: FieldPath): WrittenString | undefined;
}

/** Maps a string inside another string's JSON to the source; `inner` counts in the text of `outer`. */
export function within(outer: WrittenString, inner: WrittenString): WrittenString {
  return { text: inner.text, at: (offset) => outer.at(inner.at(offset)) };
}
