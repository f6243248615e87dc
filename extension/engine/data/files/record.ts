/** Records, which the reader of each file format returns without interpreting their fields. */
import type { BadRow } from "../rows/row";

export interface RawRecord {
  /** 0-based position in the dataset. */
  readonly row: number;
  readonly place: string;
  readonly value: unknown;
}

export type Records = readonly (RawRecord | BadRow)[];

export interface RecordReader {
  /** Whether values are table cells, which are all text. */
  readonly isTable: boolean;
  /** Fraction of the file that the latest `read` has consumed, in [0,1]. */
  readonly fraction: number;
  /**
   * Yields records in batches, starting at the given row. Each call starts over. Unwanted fields may be missing.
   * Throws InputError after the last readable record if the rest of the file cannot be read.
   */
  read(fromRow: number, isWanted?: (field: string) => boolean): AsyncIterable<Records>;
}

/** Maximum size of one record in bytes; a larger one indicates that the file is of another kind. */
export const longestRecord = 64 * 2 ** 20;
