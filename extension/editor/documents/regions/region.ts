/** Completion regions: which characters of a document are prompt and which completion, row by row. */
import type { DatasetRow } from "../../../engine/data/rows/row";

/** UTF-16 offsets, counted from the start of the region they belong to. */
export interface OffsetRange {
  readonly start: number;
  readonly end: number;
}

/** A part of a completion, and the characters of the region that write it: an escape in JSON is several. */
export interface PlacedText {
  readonly text: string;
  /** Where it begins in the completion; the contents of messages count one directly after the other. */
  readonly start: number;
  /** Where unit `offset` of the text begins in the region. `text.length` gives its end. */
  readonly at: (offset: number) => number;
}

/** A completion of a row, at the same index as in `row.completions`. */
export interface PlacedCompletion {
  /** One text, or one for each step, message or part of a message. */
  readonly texts: readonly PlacedText[];
}

/**
 * `conversation`, `plain-text`: of a chat the model decides, which has a chat template or has none; `marked`: a
 * completion was marked by hand.
 */
export type Taken = "conversation" | "plain-text" | "marked";

export interface Region {
  /** In the document. All other offsets count from here, so that edits before the region only move it. */
  readonly start: number;
  readonly end: number;
  /** What its scores depend on: equal keys, equal scores. */
  readonly key: string;
  readonly row: DatasetRow;
  readonly completions: readonly PlacedCompletion[];
  /** The parts of the prompt that belong to no earlier region. Negative offsets are before the region. */
  readonly prompt: readonly OffsetRange[];
  /** What it was taken as, if the document alone does not tell. */
  readonly taken?: Taken;
  /** What the reader should look at, though the row is scored as it was read. */
  readonly doubts?: readonly string[];
}

/** A row that cannot be read, and why. */
export interface BadRegion {
  readonly start: number;
  readonly end: number;
  readonly problem: string;
  /** Whether it is not JSON at all. */
  readonly isSyntax?: boolean;
}

export const documentKinds = ["json-lines", "json", "table", "transcript", "markdown-chat", "text"] as const;
export type DocumentKind = (typeof documentKinds)[number];
