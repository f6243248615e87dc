/** Texts of a row, and texts that know which field each part of them was read from. */

/** One turn of a conversation, as chat templates take it. */
export interface Message {
  readonly role: string;
  readonly content: string;
}

/** Plain text, or the turns of a conversation. */
export type Text = string | readonly Message[];

/**
 * The way from a record to one of its strings. A name leads into an object, an index into a list, and `null` into the
 * JSON that the string reached so far holds: `["messages", 3, "content"]`, `["conversation", null, 1, "value"]`.
 */
export type FieldPath = readonly (string | number | null)[];

/** Units [start,end) of a text: those of the string at `path`, from unit `from` on. Units are UTF-16. */
export interface Piece {
  readonly path: FieldPath;
  readonly from: number;
  readonly start: number;
  readonly end: number;
}

/** Text that is cut and joined together with where it was read. What joins its pieces is in no field. */
export class SourcedText {
  private constructor(
    readonly text: string,
    /** In their order; they do not overlap. */
    readonly pieces: readonly Piece[],
  ) {}

  /** The whole of a string. */
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

/** The text alone. */
export function textOnly(sourced: Sourced): Text {
  return sourced instanceof SourcedText
    ? sourced.text
    : sourced.map(({ role, content }) => ({ role, content: content.text }));
}

/** The pieces of a text; those of a conversation count in its contents, one directly after the other. */
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
