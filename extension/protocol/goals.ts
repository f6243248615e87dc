/** Goal states: how they are made, and what is known of those beside a model. */
import type { ModelRequest, Provider } from "./models";
import type { DatasetRequest } from "./scoring";

/** Folder of a checkpoint that holds its goal states. */
export const goalFolder = "goal_states";

/** How a goal state is drawn from preferred completions. */
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

/** A goal state that is stored beside a model. */
export interface StoredGoal {
  readonly name: string;
  /** Absolute path. */
  readonly file: string;
  /** Where it came from, as its file says; empty if the file cannot be read. */
  readonly provenance: Readonly<Record<string, string>>;
  /** What keeps the file from being read. */
  readonly problem?: string;
}
