/** What a row format is: how its rows are recognized and read. Each has a file of its own. */
import type { FieldRole } from "../../../protocol/datasets";
import type { Fields } from "../fields/fields";
import type { Sourced } from "../fields/text";
import type { Completion } from "./row";

/** A completion whose texts know which fields they were read from. */
export interface SourcedCompletion extends Omit<Completion, "prompt" | "completion"> {
  readonly prompt: Sourced;
  readonly completion: Sourced;
}

/** A record that has been read. */
export interface Reading {
  /** What such rows are called, in the plural: `preference pairs`. */
  readonly kind: string;
  /** Names of the fields it was read from. */
  readonly used: readonly string[];
  readonly completions: readonly SourcedCompletion[];
}

export interface RowFormat<Found = unknown> {
  readonly name: string;
  /** The fields that it looks for besides those of the roles. Columns that no format names are not read. */
  readonly fields: readonly string[];
  /** The roles that hold the answers. If the user names one of any format's, only formats that need it are tried. */
  readonly answers: readonly FieldRole[];
  /** What `read` needs, or undefined if the record has another format. Throws RowProblem if it has this one and a fault. */
  detect(fields: Fields): Found | undefined;
  /** Throws RowProblem if something is wrong with the row. */
  read(found: Found, fields: Fields): Reading;
}
