/** A row's texts, with the field that each part was read from. */

import type { Text } from "../../../protocol/datasets";

/**
 * The path from a record to one of its strings. A name selects a field of an object, an index selects a list item, and
 * `null` parses the string reached so far as JSON: `["messages", 3, "content"]`, `["conversation", null, 1, "value"]`.
 */
export type FieldPath = readonly (string | number | null)[];

/** Range [start,end) of a text, read from offset `from` of the string at `path`, all in UTF-16 code units. */
export interface Piece {
  readonly path: FieldPath;
  readonly from: number;
  readonly start: number;
  readonly end: number;
}

/** Text that records where it was read, also when it is sliced and joined. Separators come from no field. */
export class SourcedText {
  private constructor(
    readonly text: string,
    /** Sorted and without overlap. */
    readonly pieces: readonly Piece[],
  ) {}

  /** Wraps a whole string. */
  static of(text: string, path: FieldPath): SourcedText {
    return new SourcedText(text, [{ path, from: 0, start: 0, end: text.length }]);
  }

  static join(parts: readonly SourcedText[], separator: string): SourcedText {
    const pieces: Piece[] = [];
    let length = 0;
    for (const [i, part] of parts.entries()) {
      if (i > 0) length += separator.length;
      pieces.push(...shifted(part.pieces, length));
      length += part.text.length;
    }
    return new SourcedText(parts.map(({ text }) => text).join(separator), pieces);
  }

  slice(start: number, end = this.text.length): SourcedText {
    const within = this.pieces.filter((piece) => piece.start <= end && piece.end >= start);
    const cut = within.map(({ path, from, ...piece }): Piece => {
      const first = Math.max(start, piece.start);
      const last = Math.min(end, piece.end);
      return { path, from: from + first - piece.start, start: first - start, end: last - start };
    });
    return new SourcedText(this.text.slice(start, end), cut);
  }
}

export interface SourcedMessage {
  readonly role: string;
  readonly content: SourcedText;
}

export type Sourced = SourcedText | readonly SourcedMessage[];

/** Drops the record of where a text was read. */
export function textOnly(sourced: Sourced): Text {
  return sourced instanceof SourcedText
    ? sourced.text
    : sourced.map(({ role, content }) => ({ role, content: content.text }));
}

/** The pieces of a text. For a conversation, offsets count in its contents, concatenated. */
export function piecesOf(sourced: Sourced): readonly Piece[] {
  if (sourced instanceof SourcedText) return sourced.pieces;
  let length = 0;
  return sourced.flatMap(({ content }) => {
    const pieces = shifted(content.pieces, length);
    length += content.text.length;
    return pieces;
  });
}

function shifted(pieces: readonly Piece[], by: number): readonly Piece[] {
  if (by === 0) return pieces;
  return pieces.map((piece) => ({ ...piece, start: piece.start + by, end: piece.end + by }));
}
