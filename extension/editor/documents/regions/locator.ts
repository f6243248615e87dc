/** Where the strings of a row are written in a document, whatever its format. */
import type { FieldPath } from "../../../engine/data/fields/text";

/** A string, and the characters that write it: an escape in JSON is several. */
export interface WrittenString {
  readonly text: string;
  /** Where unit `offset` of the text begins in the source. The text's length gives its end. */
  at(offset: number): number;
}

export interface Locator {
  /** Gives undefined if there is no string at the path. */
  locate(path: FieldPath): WrittenString | undefined;
}

/** A string within the JSON that another string holds. `inner` counts in the text of `outer`. */
export function within(outer: WrittenString, inner: WrittenString): WrittenString {
  return { text: inner.text, at: (offset) => outer.at(inner.at(offset)) };
}
