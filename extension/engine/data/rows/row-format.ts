/** A row format detects and reads its rows. Each format has its own file. */
import type { FieldRole } from "../../../protocol/datasets";
import type { Fields } from "../fields/fields";
import type { Sourced } from "../fields/text";
import type { Completion } from "./row";

/** A completion whose texts record which fields they were read from. */
export interface SourcedCompletion extends Omit<Completion, "prompt" | "completion"> {
  readonly prompt: Sourced;
  readonly completion: Sourced;
}

/** A record that has been read, with the fields that each text was read from. */
export interface SourcedRow {
  /** Name of the row format in the plural, such as `preference pairs`. */
  readonly kind: string;
  /** Names of the fields that the record was read from. */
  readonly used: readonly string[];
  readonly completions: readonly SourcedCompletion[];
}

export interface RowFormat<Found = unknown> {
  readonly name: string;
  /** The fields that this format uses besides those of the roles. Columns that no format uses are not read. */
  readonly fields: readonly string[];
  /** Roles of the answers. If the user names a field for one, only the formats with that role are tried. */
  readonly answers: readonly FieldRole[];
  /**
   * Finds what `read` needs, or returns undefined if the record has another format. Throws RowProblem if the record has
   * this format but is invalid.
   */
  detect(fields: Fields): Found | undefined;
  /** Throws RowProblem if the row is invalid. */
  read(found: Found, fields: Fields): SourcedRow;
}
