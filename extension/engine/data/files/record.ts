/** What every reader of a format gives: records, before anyone asks what they mean. */
import type { BadRow } from "../rows/row";

export interface RawRecord {
  /** 0-based position in the dataset. */
  readonly row: number;
  readonly place: string;
  readonly value: unknown;
}

export type Records = readonly (RawRecord | BadRow)[];

export interface RecordReader {
  /** Whether values are the cells of a table, all text. */
  readonly isTable: boolean;
  /** Share of the file that the latest `read` has behind it, in [0,1]. */
  readonly fraction: number;
  /**
   * Records from the given row on, a handful at a time. Starts over with every call.
   * Fields that are not wanted may be left out.
   * Where the rest of the file cannot be read it throws InputError, after what could be.
   */
  read(fromRow: number, isWanted?: (field: string) => boolean): AsyncIterable<Records>;
}

/** Bytes of one record, most: more is taken for a file of another kind. */
export const longestRecord = 64 * 2 ** 20;
