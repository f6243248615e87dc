/** Goal states: how they are made, and those stored with a model. */
import type { ModelRequest, Provider } from "./models";
import type { DatasetRequest } from "./scoring";

/** Folder of a checkpoint that holds its goal states. */
export const goalFolder = "goal_states";

/** How a goal state is made from preferred completions. */
export const goalStrategies = ["last", "random", "kmeans"] as const;
export type GoalStrategy = (typeof goalStrategies)[number];

export interface MakeGoalRequest extends DatasetRequest {
  readonly name: string;
  readonly strategy: GoalStrategy;
  readonly prototypes: number;
  readonly seed: number;
  readonly completions: number;
}

export interface GoalResult {
  readonly file: string;
  readonly completions: number;
  readonly device: Provider;
  readonly notes: readonly string[];
}

export type ListGoalsRequest = Pick<ModelRequest, "model" | "base">;

/** A goal state that is stored with a model. */
export interface StoredGoal {
  readonly name: string;
  /** Absolute path. */
  readonly file: string;
  /** Origin as recorded in its file; empty if the file cannot be read. */
  readonly provenance: Readonly<Record<string, string>>;
  /** Why the file cannot be read; absent if it can. */
  readonly problem?: string;
}
