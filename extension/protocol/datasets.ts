/** Rows of datasets, and rows that could not be read. */
import type { ErrorDetail } from "./errors";

/** One turn of a conversation, as chat templates take it. */
export interface Message {
  readonly role: string;
  readonly content: string;
}

/** Plain text, or the turns of a conversation. */
export type Text = string | readonly Message[];

/** Role of a completion in its row. `completion`: neither preferred nor dispreferred. */
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
  /** Whether it is correct or preferred; absent if the data does not say. */
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
  /** Source or topic of the row: rewards can only be compared within a group. */
  readonly group?: string;
  /** How much better the chosen completion of a preference pair is, in the data's own unit. Finite. */
  readonly margin?: number;
}

/** A row that could not be read. It is reported and skipped, or ends a strict request. */
export interface BadRow {
  readonly row: number;
  readonly place: string;
  readonly problem: string;
  /** Present if each front end words the next step in its own way. */
  readonly detail?: ErrorDetail;
}

/** Roles of the fields of a record. */
export const fieldRoles = [
  "prompt",
  "chosen",
  "rejected",
  "completion",
  "completions",
  "label",
  "labels",
  "messages",
  "steps",
  "firstError",
  "group",
  "margin",
] as const;
export type FieldRole = (typeof fieldRoles)[number];

/** Fields that the user named, by role. A dot leads into an object: `meta.prompt`. */
export type FieldNames = { readonly [role in FieldRole]?: string };
