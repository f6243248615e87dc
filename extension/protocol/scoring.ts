/** Scoring requests, and what the engine tells of every request that reads a dataset. */
import type { BadRow, DatasetRow, FieldNames } from "./datasets";
import type { ModelRequest, Provider } from "./models";
import type { AnsweredRow, ScoredRow } from "./scores";

export interface ScoreRequest extends ModelRequest {
  readonly rows: readonly DatasetRow[];
  /** Names or files of goal states; absent: all that are stored beside the checkpoint. */
  readonly goals?: readonly string[];
  readonly tokens: boolean;
  /**
   * Keys and values of what was scored last are kept, and a sequence that begins like one of them is computed from where
   * it parts: for texts that are edited, and samples that share a prompt. The scores are the same.
   */
  readonly reuse?: boolean;
}

export interface DatasetRequest extends ModelRequest {
  /** Names one run among those under way; chosen by the client. */
  readonly run: string;
  readonly dataset: string;
  readonly fields?: FieldNames;
  /** Rows at the start of the dataset to pass over. */
  readonly skipRows?: number;
  /** Most rows to read. */
  readonly limit?: number;
}

export interface ScoreDatasetRequest extends DatasetRequest {
  readonly goals?: readonly string[];
  readonly tokens: boolean;
  /** A bad row ends the run. */
  readonly strict: boolean;
}

/** What a run settled on before its first row. */
export interface RunSettings {
  /** Fingerprint of the model's files and its goal states: equal fingerprints, equal scores. */
  readonly fingerprint: string;
  readonly device: Provider;
  /** Why the device is not the one asked for, and the like. */
  readonly notes: readonly string[];
  readonly goals: readonly string[];
  readonly eos: string;
  /** Which token the reward is read at, and by whose rule. */
  readonly rewardToken: string;
  readonly maxLength: number;
  /** Name of the reward head's tensors; absent where the model has none. */
  readonly head?: string;
}

export interface ScoreResult {
  readonly settings: RunSettings;
  readonly rows: readonly (AnsweredRow | BadRow)[];
}

/** Rows of a dataset run, in order; of a goal state or an evaluation only the bad ones. Answered when they are safe, which also paces the engine. */
export interface RowsMessage {
  readonly run: string;
  readonly rows: readonly (ScoredRow | BadRow)[];
}

export interface ProgressMessage {
  readonly run: string;
  /** Share of the dataset that is done, in [0,1]. */
  readonly fraction: number;
}

export interface StartedMessage {
  readonly run: string;
  readonly settings: RunSettings;
  /** Row format, such as `preference pairs (prompt, chosen, rejected)`; absent for an empty dataset. */
  readonly rowFormat?: string;
  /** The model has a chat template, but rows are scored as the plain text they are. */
  readonly leavesTemplate: boolean;
}

/** What a request over a dataset tells while it is running. */
export interface RunEvents {
  started(message: StartedMessage): void;
  progress(message: ProgressMessage): void;
  /** Resolves when the rows are safe; the engine waits for it. */
  rows(message: RowsMessage): Promise<void>;
}
