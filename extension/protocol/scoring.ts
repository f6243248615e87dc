/** Scoring requests, and the messages of every request that reads a dataset. */
import type { BadRow, DatasetRow, FieldNames } from "./datasets";
import type { ModelRequest, Provider } from "./models";
import type { AnsweredRow, ScoredRow } from "./scores";

export interface ScoreRequest extends ModelRequest {
  readonly rows: readonly DatasetRow[];
  /** Names or files of goal states; if absent, all that are stored with the checkpoint. */
  readonly goals?: readonly string[];
  readonly tokens: boolean;
  /**
   * Whether keys and values are kept, so that a sequence is computed only from its first difference to an earlier one:
   * for text that is edited, and samples that share a prompt. The scores are the same.
   */
  readonly reuse?: boolean;
}

export interface DatasetRequest extends ModelRequest {
  /** Identifies the request among those in progress; chosen by the client. */
  readonly run: string;
  readonly dataset: string;
  readonly fields?: FieldNames;
  /** Rows to skip at the start of the dataset. */
  readonly skipRows?: number;
  /** Most rows to read. */
  readonly limit?: number;
}

export interface ScoreDatasetRequest extends DatasetRequest {
  readonly goals?: readonly string[];
  readonly tokens: boolean;
  /** Whether a bad row ends the request. */
  readonly strict: boolean;
}

/** What a request was resolved to before its first row. */
export interface RunSettings {
  /** Fingerprint of the model's files and goal states: equal fingerprints mean equal scores. */
  readonly fingerprint: string;
  readonly device: Provider;
  /** For example, why the device is not the requested one. */
  readonly notes: readonly string[];
  readonly goals: readonly string[];
  readonly eos: string;
  /** Which token the reward is read at, and which rule says so. */
  readonly rewardToken: string;
  readonly maxLength: number;
  /** Name of the reward head's tensors; absent if the model has none. */
  readonly head?: string;
}

export interface ScoreResult {
  readonly settings: RunSettings;
  readonly rows: readonly (AnsweredRow | BadRow)[];
}

/**
 * Rows of a scoring request, in order; goal states and evaluations only send the bad ones. The client answers when it
 * has stored them, which also paces the engine.
 */
export interface RowsMessage {
  readonly run: string;
  readonly rows: readonly (ScoredRow | BadRow)[];
}

export interface ProgressMessage {
  readonly run: string;
  /** Share of the dataset that has been processed, in [0,1]. */
  readonly fraction: number;
}

export interface StartedMessage {
  readonly run: string;
  readonly settings: RunSettings;
  /** Row format, such as `preference pairs (prompt, chosen, rejected)`; absent for an empty dataset. */
  readonly rowFormat?: string;
  /** Whether rows are scored as plain text although the model has a chat template. */
  readonly leavesTemplate: boolean;
}

/** Events of a request that reads a dataset, while it is running. */
export interface RunEvents {
  started(message: StartedMessage): void;
  progress(message: ProgressMessage): void;
  /** Resolves when the rows are stored; the engine waits for it. */
  rows(message: RowsMessage): Promise<void>;
}
