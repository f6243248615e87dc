/** Training runs: the contents of run.json, and lists of runs. */
import type { MetricsRow } from "./metrics";
import type { RewardQuantiles } from "./models";
import type { TrainSettings } from "./train-settings";

export const runStatuses = ["running", "paused", "finished", "stopped", "failed"] as const;
/** A `running` run without a process was killed, and can be resumed like a `paused` one. */
export type RunStatus = (typeof runStatuses)[number];

/** Identifies the data that a run was started with. */
export interface DataFingerprint {
  /** Absolute path. */
  readonly path: string;
  readonly bytes: number;
  /** SHA-256 of the file, hexadecimal. */
  readonly sha256: string;
}

export interface RunRecord {
  readonly format: 1;
  readonly name: string;
  readonly status: RunStatus;
  /** Why it failed or stopped early. */
  readonly reason?: string | undefined;
  /** Time in ISO 8601. */
  readonly created: string;
  readonly updated: string;
  /** Folder or cache name of the model it started from. */
  readonly model: string;
  /** SHA-256 of that model's files; absent from runs of versions that did not record it. */
  readonly modelSha256?: string | undefined;
  readonly device: string;
  readonly settings: TrainSettings;
  readonly data: DataFingerprint;
  /** Fields of the data that the user named, by role. */
  readonly fields?: Readonly<Record<string, string>> | undefined;
  /** Most rows of the data that are read. */
  readonly limit?: number | undefined;
  /** Whether plain text is treated as a conversation. */
  readonly chat: boolean;
  readonly versions: {
    readonly rewardInspector: string;
    readonly onnxruntime: string;
    readonly node: string;
  };
  readonly trainingPairs: number;
  readonly evaluationPairs: number;
  /** Number of rows of the data that gave no pair, by reason. */
  readonly leftOut: Readonly<Record<string, number>>;
  readonly trainableParameters: number;
  readonly parameters: number;
  readonly steps: number;
  /** Steps done at the last checkpoint. */
  readonly step: number;
  /** The evaluation with the lowest loss. */
  readonly best?:
    | { readonly step: number; readonly loss: number; readonly accuracy?: number | undefined }
    | undefined;
  readonly rewardQuantiles?: RewardQuantiles | undefined;
}

export interface ListedRun {
  readonly folder: string;
  readonly record: RunRecord;
  /** `interrupted` if the record says `running`, but no process trains it. */
  readonly status: RunStatus | "interrupted";
  readonly last?: MetricsRow | undefined;
  /** Folder of the trained model; absent until it is written. */
  readonly model?: string | undefined;
}

export interface BrokenRun {
  readonly folder: string;
  /** One line for people. */
  readonly problem: string;
}

export interface ListRunsRequest {
  /** Each of these, and the folders directly in it, are searched for runs. Missing folders have none. */
  readonly folders: readonly string[];
}

export interface RunFolderRequest {
  readonly folder: string;
}
