import type { Text } from "../fields/text";

/** What a completion is to its row. `completion`: neither preferred nor dispreferred. */
export type CompletionRole = "chosen" | "rejected" | "completion";

/** A step of a stepwise completion. `start`, `end`: UTF-16 units of the completion text. */
export interface Step {
  readonly start: number;
  readonly end: number;
  /** Whether the step is correct; absent if the data does not say. */
  readonly correct?: boolean;
}

/** One completion to score, with the prompt it answers. */
export interface Completion {
  readonly role: CompletionRole;
  readonly prompt: Text;
  readonly completion: Text;
  /** Correct or preferred, if the data says so. */
  readonly label?: boolean;
  readonly steps?: readonly Step[];
}

/** One row of a dataset: a preference pair, N samples of one prompt, or a single completion. */
export interface DatasetRow {
  /** 0-based position in the dataset; bad rows count. */
  readonly row: number;
  /** Where the row is in its file, for messages: `pairs.jsonl:12` or `pairs.parquet row 11`. */
  readonly place: string;
  readonly completions: readonly Completion[];
  /** Where the row comes from or what it is about: rewards may be compared within groups only. */
  readonly group?: string;
  /** By how much the chosen answer of a preference pair is better, in the data's own unit. Finite. */
  readonly margin?: number;
}

/** A row that could not be read: reported and skipped, or, with `--strict`, the end of the reading. */
export interface BadRow {
  readonly row: number;
  readonly place: string;
  readonly problem: string;
}
