/** Completion regions, which say for each row which characters of a document are prompt and which completion. */
import type { DatasetRow } from "../../../engine/data/rows/row";

/** UTF-16 offsets from the start of the region, if not said otherwise. */
export interface OffsetRange {
  readonly start: number;
  readonly end: number;
}

/** A part of a completion, and the characters of the region that encode it; a JSON escape takes several. */
export interface PlacedText {
  readonly text: string;
  /** Offset in the completion; the contents of messages follow one another without a gap. */
  readonly start: number;
  /** Returns the offset in the region of a UTF-16 offset in the text; `text.length` maps to its end. */
  readonly at: (offset: number) => number;
}

/** A completion of a row, at the same index as in `row.completions`. */
export interface PlacedCompletion {
  /** One text, or one text per step, message or part of a message. */
  readonly texts: readonly PlacedText[];
}

/**
 * How a text was read. A chat is a `conversation` for a model with a chat template and `plain-text` for one without;
 * `marked` completions were marked by hand.
 */
export type Taken = "conversation" | "plain-text" | "marked";

export interface Region {
  /** Offset in the document. All other offsets count from here, so that edits before the region only move it. */
  readonly start: number;
  readonly end: number;
  /** Regions with equal keys have equal scores. */
  readonly key: string;
  readonly row: DatasetRow;
  readonly completions: readonly PlacedCompletion[];
  /** Parts of the prompt that do not belong to an earlier region. Negative offsets are before the region. */
  readonly prompt: readonly OffsetRange[];
  /** How the text was read, if that does not follow from the document alone. */
  readonly taken?: Taken;
  /** Warnings about how the row was read; it is scored nevertheless. */
  readonly doubts?: readonly string[];
}

/** A row that cannot be read, and the reason. */
export interface BadRegion {
  readonly start: number;
  readonly end: number;
  readonly problem: string;
  /** Whether the row is not valid JSON. */
  readonly isSyntax?: boolean;
}

export const documentKinds = ["json-lines", "json", "table", "transcript", "markdown-chat", "text"] as const;
export type DocumentKind = (typeof documentKinds)[number];
