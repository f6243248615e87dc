/** What a kind of row needs: its own way to be recognized and read. */

import type { FieldRole } from "../../../protocol/datasets";
import type { Fields } from "./fields";
import type { Completion } from "./row";

/** A record that has been read. */
export interface Reading {
  /** What such rows are called, in the plural: `preference pairs`. */
  readonly kind: string;
  /** Names of the fields it was read from. */
  readonly used: readonly string[];
  readonly completions: readonly Completion[];
}

export interface Shape {
  /** The roles that hold the answers. Where the user names one of any shape's, only shapes that need it are tried. */
  readonly answers: readonly FieldRole[];
  /** undefined: the record has another shape. Throws RowProblem where it has this shape and a fault. */
  read(fields: Fields): Reading | undefined;
}
